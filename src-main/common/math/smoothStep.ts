/** Smooth step from 0 at `from` to 1 at `to`, which may be the smaller: 3 t^2 - 2 t^3, no units. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
