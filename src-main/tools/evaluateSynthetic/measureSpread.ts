import { createSeededRandom } from '#common/math/seededRandom';
import type { Table } from '#tools/evaluate/printTable';
import { fixed } from '#tools/evaluate/printTable';
import { mean, median, quantile } from '#tools/evaluate/statistics';
import type { DescribeFace } from '#tools/evaluate/faceDescriptor';
import { descriptorDistance } from '#tools/evaluate/faceDescriptor';
import type { Shot, SyntheticSubjects } from '#tools/evaluateSynthetic/syntheticSubjects';

export interface SpreadFigures {
  /** Distances of descriptors between any two people, both seen from the front, still, in studio light: what the aim is for. */
  readonly between: readonly number[];
  /** The same, each seen as photographs show people: view within 20 degrees, expression and light drawn as for a set. */
  readonly photographed: readonly number[];
  /** Of one person from the frontal picture, by what is different in the other. */
  readonly within: Readonly<Record<string, readonly number[]>>;
  readonly unseen: number;
}

/** Median distance between people aimed at; photographs of people have 0.81. */
const BETWEEN = 0.72;
const WITHIN = 0.35;

const OTHERS: Readonly<Record<string, Shot>> = {
  'other view': { yaw: 25, take: 1 },
  'other expression': { expression: 'smile', take: 2 },
  'other light': { light: 'window', take: 3 },
};

/** Degrees to either side of pictures taken as photographs are. */
const PHOTOGRAPHED_YAW = 20;

/** How different a face recogniser finds people, and how much the same. */
export async function measureSpread(
  subjects: SyntheticSubjects,
  describe: DescribeFace,
  count: number,
): Promise<SpreadFigures> {
  const descriptors: Float32Array[] = [];
  const drawn: Float32Array[] = [];
  const random = createSeededRandom(5);
  const within: Record<string, number[]> = Object.fromEntries(Object.keys(OTHERS).map((name) => [name, []]));
  let unseen = 0;
  for (let index = 0; index < count; index++) {
    const frontal = await describe(subjects.shoot(index).image);
    if (frontal === undefined) {
      unseen++;
      continue;
    }
    descriptors.push(frontal);
    const yaw = random.between(-PHOTOGRAPHED_YAW, PHOTOGRAPHED_YAW);
    const photographed = await describe(subjects.shoot(index, { yaw, isDrawn: true, take: 4 }).image);
    if (photographed !== undefined) drawn.push(photographed);
    for (const [name, shot] of Object.entries(OTHERS)) {
      const other = await describe(subjects.shoot(index, shot).image);
      if (other !== undefined) within[name].push(descriptorDistance(frontal, other));
    }
  }
  return { between: distances(descriptors), photographed: distances(drawn), within, unseen };
}

/** Of every pair. */
function distances(descriptors: readonly Float32Array[]): number[] {
  return descriptors.flatMap((a, i) => descriptors.slice(i + 1).map((b) => descriptorDistance(a, b)));
}

export function spreadTable({ between, photographed, within, unseen }: SpreadFigures): Table {
  const row = (name: string, values: readonly number[]): (string | number)[] => [
    name,
    values.length,
    fixed(median(values), 2),
    fixed(mean(values), 2),
    fixed(quantile(values, 0.05), 2),
    fixed(quantile(values, 0.95), 2),
  ];
  const worst = Math.max(...Object.values(within).map(median));
  return {
    title: `distances of a face recogniser (${unseen} people not found)`,
    head: ['pairs', 'count', 'median', 'mean', '5 %', '95 %'],
    rows: [
      row('different people, frontal, studio', between),
      row('different people, as photographed', photographed),
      ...Object.entries(within).map(([name, values]) => row(`one person, ${name}`, values)),
    ],
    verdicts: [
      { aim: `different people, median >= ${BETWEEN}`, measured: fixed(median(between), 3), isMet: median(between) >= BETWEEN }, // prettier-ignore
      {
        aim: `the same person, median of the worst <= ${WITHIN}`,
        measured: fixed(worst, 3),
        isMet: worst <= WITHIN,
      },
    ],
  };
}
