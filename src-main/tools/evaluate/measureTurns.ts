import type { HeadModel } from '#common/head/headModel';
import type { RgbaImage } from '#common/image/rasterImage';
import type { RigPose } from '#common/rig/rigPose';
import { neutralPose } from '#common/rig/rigPose';
import type { FaceTracker } from '#common/tracking/faceObservation';
import type { FaceRecogniser } from '#tools/evaluate/faceDescriptor';
import { descriptorDistance } from '#tools/evaluate/faceDescriptor';
import { frameMaker, orbit } from '#tools/evaluate/faceViews';
import type { Table } from '#tools/evaluate/printTable';
import { fixed } from '#tools/evaluate/printTable';
import { median } from '#tools/evaluate/statistics';
import type { Subject } from '#tools/evaluate/subjects';
import { subjectOf } from '#tools/evaluate/subjects';

/** A photograph's pose. */
export interface Turn {
  readonly name: string;
  readonly pose: RigPose;
}

/** One known head turned as one photograph is, and the avatar made of that picture. Distances by box and by chip. */
export interface TurnFigures {
  readonly turn: Turn;
  readonly truth: string;
  /** The known head turned against itself from the front: what the turn costs the recogniser, nothing being lost. */
  readonly recogniser: Distances;
  /** The known head turned against the avatar made of that picture, from the front: as `frontal` of photographs. */
  readonly avatar: Distances;
  /** Both from the front: what the avatar really lost. */
  readonly lost: Distances;
}

export interface Distances {
  readonly box: number;
  readonly chip: number;
}

const SIZE = 640;
/** Radians of yaw, pitch or roll from which a photograph is worth a row. */
const TURNED = 0.12;
const BACKGROUND = { kind: 'color', rgb: [110, 130, 120] } as const;
const DEGREES = 180 / Math.PI;

/**
 * What of the distance between a turned photograph and its frontal avatar is the recogniser's, and what is ours: good avatars
 * of frontal photographs are taken as the truth, turned as each photograph is, and made into avatars again.
 */
export async function measureTurns(
  truths: readonly Subject[],
  turns: readonly Turn[],
  tools: { readonly model: HeadModel; readonly recogniser: FaceRecogniser; readonly tracker: FaceTracker },
): Promise<TurnFigures[]> {
  const figures: TurnFigures[] = [];
  for (const truth of truths) {
    const known = frameMaker(truth.avatar, SIZE, BACKGROUND);
    const front = await describe(known({ pose: neutralPose(), camera: orbit() }), tools);
    for (const turn of turns.filter(isTurned)) {
      const { head, neck } = turn.pose;
      const image = known({ pose: { ...neutralPose(), head, neck }, camera: orbit() });
      const again = await subjectOf({ name: turn.name, kind: 'photo', image }, tools.model, tools.tracker);
      if ('reason' in again) continue;
      const made = frameMaker(again.avatar, SIZE, BACKGROUND)({ pose: neutralPose(), camera: orbit() });
      const [seen, avatar] = [await describe(image, tools), await describe(made, tools)];
      figures.push({
        turn,
        truth: truth.name,
        recogniser: distances(seen, front),
        avatar: distances(seen, avatar),
        lost: distances(front, avatar),
      });
    }
  }
  return figures;
}

function isTurned({ pose }: Turn): boolean {
  return anglesOf(pose).some((angle) => Math.abs(angle) > TURNED);
}

/** Yaw, pitch and roll of head and neck together, radians. */
function anglesOf({ head, neck }: RigPose): readonly [number, number, number] {
  return [head.yaw + neck.yaw, head.pitch + neck.pitch, head.roll + neck.roll];
}

/** Descriptors by both ways of feeding the recogniser; undefined where no face is found. */
type Described = Readonly<Record<keyof Distances, Float32Array | undefined>>;

async function describe(
  image: RgbaImage,
  { recogniser, tracker }: { readonly recogniser: FaceRecogniser; readonly tracker: FaceTracker },
): Promise<Described> {
  return {
    box: await recogniser.describeBox(image),
    chip: await recogniser.describeChip(image, tracker),
  };
}

/** 1, as far as a stranger, where a face is not found. */
function distances(a: Described, b: Described): Distances {
  const between = (how: keyof Distances): number => {
    const [one, other] = [a[how], b[how]];
    return one && other ? descriptorDistance(one, other) : 1;
  };
  return { box: between('box'), chip: between('chip') };
}

/** A row for each pose, medians over the known heads. */
export function turnsTable(all: readonly TurnFigures[]): Table {
  const names = [...new Set(all.map(({ turn }) => turn.name))];
  const columns = (rows: readonly TurnFigures[]): string[] =>
    (['box', 'chip'] as const).flatMap((how) =>
      (['recogniser', 'avatar', 'lost'] as const).map((what) =>
        fixed(median(rows.map((row) => row[what][how])), 3),
      ),
    );
  return {
    title: `Turns: known heads (${[...new Set(all.map(({ truth }) => truth))].join(', ')}) turned as photographs are`,
    head: [
      'turned as',
      'yaw',
      'pitch',
      'roll',
      'box: recogniser',
      'avatar',
      'lost',
      'chip: recogniser',
      'avatar',
      'lost',
    ],
    rows: [
      ...names.map((name) => {
        const rows = all.filter(({ turn }) => turn.name === name);
        const angles = anglesOf(rows[0].turn.pose);
        return [name, ...angles.map((angle) => fixed(angle * DEGREES, 0)), ...columns(rows)];
      }),
      ['median', '', '', '', ...columns(all)],
    ],
    verdicts: [],
    notes: [
      'recogniser: a head turned, against itself from the front. avatar: against the avatar made of the turned picture, from the',
      'front, as "frontal" of photographs. lost: known head and that avatar, both from the front.',
    ],
  };
}
