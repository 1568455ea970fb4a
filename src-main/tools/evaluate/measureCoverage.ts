import type { RasterMesh } from '#common/raster/renderMesh';
import { renderMesh } from '#common/raster/renderMesh';
import { createRenderTarget } from '#common/raster/renderTarget';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import { orbit } from '#tools/evaluate/faceViews';
import type { Table } from '#tools/evaluate/printTable';
import { fixed } from '#tools/evaluate/printTable';
import type { Silhouette } from '#tools/evaluate/silhouette';
import { analyseSilhouette } from '#tools/evaluate/silhouette';
import type { Subject } from '#tools/evaluate/subjects';

const SIZE = 512;
const YAWS = [-30, 0, 30];
const PITCHES = [-20, 0, 20];
/** A back face this much nearer than the nearest front face is seen: one looks into the shell. Metres. */
const INSIDE_MARGIN = 0.001;
/** Of the figure; a rim of half-covered pixels is always there. */
const MOST_INSIDE = 0.0005;

/** One view of one avatar. */
export interface CoverageFigures extends Silhouette {
  readonly name: string;
  readonly yaw: number;
  readonly pitch: number;
  /** Pixels that show the inside of a surface, share of the figure. */
  readonly insideShare: number;
}

export interface SubjectCoverage {
  readonly name: string;
  readonly views: readonly CoverageFigures[];
  /** Of the source matte: its holes (between arm and body, in curls) may be the avatar's too. */
  readonly source: Silhouette;
}

export function measureCoverage({ name, avatar }: Subject): SubjectCoverage {
  const { geometry } = avatar;
  const asDrawn = rasterMesh(geometry, (part) => part === 'shell');
  const fronts = rasterMesh(geometry, () => false);
  const target = createRenderTarget(SIZE, SIZE, { samples: 4, hasAuxiliary: true });
  const views = PITCHES.flatMap((pitch) =>
    YAWS.map((yaw) => {
      const camera = orbit(yaw, pitch);
      renderMesh(fronts, undefined, camera, target, { mode: 'depth' });
      const frontDepths = target.auxiliary!.depths.slice();
      renderMesh(asDrawn, undefined, camera, target, { mode: 'depth' });
      const covered = new Uint8Array(SIZE * SIZE);
      let figure = 0;
      let inside = 0;
      for (let pixel = 0; pixel < covered.length; pixel++) {
        if (target.image.data[pixel * 4 + 3] < 128) continue;
        covered[pixel] = 1;
        figure++;
        if (target.auxiliary!.depths[pixel] < frontDepths[pixel] - INSIDE_MARGIN) inside++;
      }
      return {
        name,
        yaw,
        pitch,
        insideShare: inside / Math.max(1, figure),
        ...analyseSilhouette(covered, SIZE, SIZE),
      };
    }),
  );
  return { name, views, source: matteSilhouette(avatar.source.matte) };
}

export function coverageTable(all: readonly SubjectCoverage[]): Table {
  const views = all.flatMap((subject) => subject.views);
  const extraHoles = all.map(({ views: own, source }) =>
    Math.max(0, Math.max(...own.map(({ holes }) => holes.length)) - source.holes.length),
  );
  return {
    title: 'Coverage: yaw -30, 0, 30 by pitch -20, 0, 20',
    head: [
      'portrait',
      'holes',
      'worst hole',
      'at',
      'pieces',
      'clefts',
      'inside seen',
      'at',
      'matte holes',
      'matte clefts',
    ],
    rows: all.map(({ name, views: own, source }) => {
      const holed = own.toSorted((a, b) => (b.holes[0]?.pixels ?? 0) - (a.holes[0]?.pixels ?? 0))[0];
      const open = own.toSorted((a, b) => b.insideShare - a.insideShare)[0];
      return [
        name,
        own.reduce((sum, { holes }) => sum + holes.length, 0),
        holed.holes.length > 0 ? `${holed.holes[0].pixels} px` : '',
        holed.holes.length > 0 ? `${viewName(holed)} (${holed.holes[0].x}, ${holed.holes[0].y})` : '',
        Math.max(...own.map(({ pieces }) => pieces.length)),
        percent(Math.max(...own.map(({ cleftShare }) => cleftShare))),
        percent(open.insideShare),
        viewName(open),
        source.holes.length,
        percent(source.cleftShare),
      ];
    }),
    verdicts: [
      {
        aim: 'no holes that the matte has not',
        measured: `${extraHoles.filter((count) => count > 0).length} of ${all.length} avatars have some`,
        isMet: extraHoles.every((count) => count === 0),
      },
      {
        aim: 'one piece in every view',
        measured: `${views.filter(({ pieces }) => pieces.length !== 1).length} of ${views.length} views have more`,
        isMet: views.every(({ pieces }) => pieces.length === 1),
      },
      {
        aim: `inside seen <= ${percent(MOST_INSIDE)} of the figure`,
        measured: `${views.filter(({ insideShare }) => insideShare > MOST_INSIDE).length} of ${views.length} views have more`,
        isMet: views.every(({ insideShare }) => insideShare <= MOST_INSIDE),
      },
    ],
  };
}

function rasterMesh(
  { positions, uvs, indices, parts }: AvatarGeometry,
  isDoubleSided: (part: string) => boolean,
): RasterMesh {
  return {
    positions,
    uvs,
    indices,
    parts: parts.map((part) => ({ ...part, isDoubleSided: isDoubleSided(part.name) })),
  };
}

function matteSilhouette({ data, width, height }: Subject['avatar']['source']['matte']): Silhouette {
  const covered = Uint8Array.from(data, (value) => (value >= 0.5 ? 1 : 0));
  return analyseSilhouette(covered, width, height);
}

function viewName({ yaw, pitch }: CoverageFigures): string {
  return `${yaw}/${pitch}`;
}

function percent(value: number): string {
  return `${fixed(value * 100, 2)} %`;
}
