import type { FaceTracker } from '#common/tracking/faceObservation';
import { median } from '#tools/evaluate/statistics';
import type { SyntheticSubjects } from '#tools/evaluateSynthetic/syntheticSubjects';
import type { Table } from '#tools/evaluate/printTable';
import { fixed } from '#tools/evaluate/printTable';

export interface TrackingFigures {
  readonly domain: string;
  readonly yaw: number;
  readonly shown: number;
  readonly found: number;
  /** Median distance between labels and tracked points, share of the span between the outer eye corners. */
  readonly error: number;
}

const OUTER_EYE_CORNERS = [33, 263] as const;
/** The realistic domain must be found this often, frontal and at 40 degrees. */
const REALISTIC_RATE = 0.95;

/** How often the studio's own tracker finds the faces, and how near to the labels it puts its points. */
export async function measureTracking(
  domain: string,
  subjects: SyntheticSubjects,
  tracker: FaceTracker,
  { count, yaws }: { readonly count: number; readonly yaws: readonly number[] },
): Promise<TrackingFigures[]> {
  const figures = yaws.map((yaw) => ({ yaw, found: 0, errors: [] as number[] }));
  for (let index = 0; index < count; index++) {
    for (const figure of figures) {
      const { image, landmarks } = subjects.shoot(index, { yaw: figure.yaw, expression: 'smile' });
      const [face] = await tracker.observe(image);
      if (face === undefined) continue;
      figure.found++;
      figure.errors.push(landmarkError(face.landmarks, landmarks));
    }
  }
  return figures.map(({ yaw, found, errors }) => ({
    domain,
    yaw,
    shown: count,
    found,
    error: median(errors),
  }));
}

/** @param tracked, labelled 478 * 3, pixels */
function landmarkError(tracked: ArrayLike<number>, labelled: ArrayLike<number>): number {
  const apart = (a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number =>
    Math.hypot(a[i * 3] - b[j * 3], a[i * 3 + 1] - b[j * 3 + 1]);
  const span = apart(labelled, OUTER_EYE_CORNERS[0], labelled, OUTER_EYE_CORNERS[1]);
  return median(Array.from({ length: 468 }, (_, l) => apart(tracked, l, labelled, l) / span));
}

export function trackingTable(figures: readonly TrackingFigures[]): Table {
  const domains = [...new Set(figures.map(({ domain }) => domain))];
  const yaws = [...new Set(figures.map(({ yaw }) => yaw))];
  const cell = ({ found, shown, error }: TrackingFigures): string =>
    `${found}/${shown} ${fixed(error * 100, 1)} %`;
  const realistic = figures.filter(({ domain }) => domain === 'realistic');
  const rate = Math.min(...realistic.map(({ found, shown }) => found / shown));
  return {
    title: 'faces the tracker finds, and its distance from the labels (median, of the eye span)',
    head: ['domain', ...yaws.map((yaw) => `${yaw} degrees`)],
    rows: domains.map((domain) => [
      domain,
      ...figures.filter((figure) => figure.domain === domain).map(cell),
    ]),
    verdicts:
      realistic.length === 0
        ? []
        : [{ aim: 'realistic heads found >= 95 % from every side', measured: `${fixed(rate * 100, 0)} %`, isMet: rate >= REALISTIC_RATE }], // prettier-ignore
  };
}
