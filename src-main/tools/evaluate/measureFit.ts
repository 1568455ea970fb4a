import type { RgbaImage } from '#common/image/rasterImage';
import type { FaceTracker } from '#common/tracking/faceObservation';
import { eyeSpanOf } from '#tools/evaluate/faceMeasures';
import { frameMaker } from '#tools/evaluate/faceViews';
import type { Table } from '#tools/evaluate/printTable';
import { fixed } from '#tools/evaluate/printTable';
import { median } from '#tools/evaluate/statistics';
import type { Subject } from '#tools/evaluate/subjects';

/** How well the avatar in the source's own view repeats the source. */
export interface FitFigures {
  readonly name: string;
  readonly kind: Subject['kind'];
  /** Of the parametric fit, eye spans. */
  readonly residual: number;
  /** Landmarks of the re-rendered source view against the source's, root mean square in eye spans. */
  readonly trackedAgain: number | undefined;
  /** Mean absolute difference, sRGB levels: over the person, and inside the box of the face. */
  readonly personDifference: number;
  readonly faceDifference: number;
  readonly stages: Readonly<Record<string, number>>;
}

const TIMED = ['track', 'crop', 'matte', 'fit', 'rig', 'shell', 'texture'] as const;

export async function measureFit(
  { name, kind, avatar, stages }: Subject,
  tracker: FaceTracker,
): Promise<FitFigures> {
  const { crop, matte, observation, pose, camera } = avatar.source;
  const again = frameMaker(avatar, crop.width, { kind: 'photo' })({ pose, camera });
  const [face] = await tracker.observe(again);
  const { box } = observation;
  return {
    name,
    kind,
    residual: avatar.fit.residual,
    trackedAgain: face && landmarkDistance(observation.landmarks, face.landmarks),
    personDifference: meanDifference(crop, again, (x, y) => matte.data[y * crop.width + x] > 0.5),
    faceDifference: meanDifference(
      crop,
      again,
      (x, y) => x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height,
    ),
    stages,
  };
}

export function fitTable(all: readonly FitFigures[]): Table {
  const total = (row: FitFigures): number => Object.values(row.stages).reduce((sum, value) => sum + value, 0);
  return {
    title: 'Fit: the source view rendered again; milliseconds in one thread',
    head: ['portrait', 'residual', 'again', 'person', 'face', ...TIMED, 'total'],
    rows: [
      ...all.map((row) => [
        row.name,
        fixed(row.residual, 4),
        fixed(row.trackedAgain, 4),
        fixed(row.personDifference, 2),
        fixed(row.faceDifference, 2),
        ...TIMED.map((stage) => fixed(row.stages[stage], 0)),
        fixed(total(row), 0),
      ]),
      [
        'median',
        fixed(median(all.map((row) => row.residual)), 4),
        fixed(median(all.map((row) => row.trackedAgain ?? 1)), 4),
        fixed(median(all.map((row) => row.personDifference)), 2),
        fixed(median(all.map((row) => row.faceDifference)), 2),
        ...TIMED.map((stage) => fixed(median(all.map((row) => row.stages[stage])), 0)),
        fixed(median(all.map(total)), 0),
      ],
    ],
    verdicts: [],
  };
}

function landmarkDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 3) sum += (a[at] - b[at]) ** 2 + (a[at + 1] - b[at + 1]) ** 2;
  return Math.sqrt((sum * 3) / a.length) / eyeSpanOf({ landmarks: a });
}

function meanDifference(a: RgbaImage, b: RgbaImage, isCounted: (x: number, y: number) => boolean): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < a.height; y++) {
    for (let x = 0; x < a.width; x++) {
      if (!isCounted(x, y)) continue;
      const at = (y * a.width + x) * 4;
      for (let channel = 0; channel < 3; channel++) {
        sum += Math.abs(a.data[at + channel] - b.data[at + channel]);
        count++;
      }
    }
  }
  return sum / Math.max(1, count);
}
