/**
 * Share of a sample that a line covers: exact box filter of the line's cross section, so that thin lines grow pale
 * instead of breaking up.
 *
 * @param distance from the line's middle, metres
 * @param halfWidth of the line, metres
 * @param footprint side of the sample, metres
 */
export function lineCoverage(distance: number, halfWidth: number, footprint: number): number {
  const half = footprint * 0.5 + 1e-9;
  const high = distance + half < halfWidth ? distance + half : halfWidth;
  const low = distance - half > -halfWidth ? distance - half : -halfWidth;
  return high > low ? (high - low) / (2 * half) : 0;
}

/**
 * Share of a sample on the far side of an edge at 0: 0 before it, 1 behind it, a ramp of one footprint between.
 */
export function edgeCoverage(distance: number, footprint: number): number {
  const t = distance / (footprint + 1e-9) + 0.5;
  return t <= 0 ? 0 : t >= 1 ? 1 : t;
}

/**
 * Stripes along a coordinate, exactly box-filtered: `duty` of each period is covered, and samples wider than a period see
 * the mean.
 *
 * @param coordinate metres
 * @param period metres
 * @param duty covered share, [0, 1]
 * @param footprint side of the sample along the coordinate, metres
 */
export function stripeCoverage(coordinate: number, period: number, duty: number, footprint: number): number {
  const width = footprint / period + 1e-6;
  const middle = coordinate / period;
  return (stripeIntegral(middle + width * 0.5, duty) - stripeIntegral(middle - width * 0.5, duty)) / width;
}

/** Covered length from 0 to x, periods. */
function stripeIntegral(x: number, duty: number): number {
  const whole = Math.floor(x);
  const rest = x - whole;
  return whole * duty + (rest < duty ? rest : duty);
}

/** Distance to the nearest border of a coordinate's tile, metres. */
export function tileBorder(coordinate: number, size: number): number {
  const rest = coordinate / size - Math.floor(coordinate / size);
  return (rest < 0.5 ? rest : 1 - rest) * size;
}
