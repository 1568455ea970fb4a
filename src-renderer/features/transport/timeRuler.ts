/** One mark of the scrub bar. */
export interface RulerTick {
  /** Place along the bar, [0, 1]. */
  readonly fraction: number;
  /** Seconds, on the marks that are labelled. */
  readonly label?: string;
}

/** Seconds between labelled marks, and into how many parts small marks cut them. */
const STEPS: readonly (readonly [seconds: number, parts: number])[] = [
  [0.1, 3],
  [0.2, 2],
  [0.5, 5],
  [1, 5],
  [2, 4],
  [5, 5],
  [10, 5],
  [15, 3],
  [30, 6],
  [60, 6],
  [120, 4],
  [300, 5],
];

/** Pixels a label needs with room around it. */
const LABEL_PIXELS = 56;

/**
 * Marks of a bar as wide as given that runs from the first to the last frame of a pass. The steps are the
 * smallest that leave room for their labels.
 */
export function rulerTicks(
  durationSeconds: number,
  widthPixels: number,
  spanSeconds = durationSeconds,
): readonly RulerTick[] {
  if (!(durationSeconds > 0) || !(widthPixels > 0) || !(spanSeconds > 0)) return [];
  const room = Math.max(1, widthPixels / LABEL_PIXELS);
  const [seconds, parts] = STEPS.find(([step]) => durationSeconds / step <= room) ?? STEPS[STEPS.length - 1];
  const small = seconds / parts;
  const count = Math.floor(spanSeconds / small + 1e-6);
  return Array.from({ length: count + 1 }, (_, index) => {
    const fraction = (index * small) / spanSeconds;
    return index % parts === 0
      ? { fraction, label: secondsLabel((index / parts) * seconds, seconds) }
      : { fraction };
  });
}

function secondsLabel(seconds: number, step: number): string {
  if (step < 1) return seconds.toFixed(1);
  if (seconds < 60) return `${Math.round(seconds)}`;
  return `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;
}
