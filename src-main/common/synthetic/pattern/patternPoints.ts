/**
 * Where patterns are evaluated; `SurfaceSamples` is one. Canonical coordinates stay on the face whatever the identity,
 * expression and pose, so what is painted from them does not swim.
 */
export interface PatternPoints {
  readonly count: number;
  /** Three per point, metres. */
  readonly canonical: Float32Array;
  /** Side of the sample on the surface, metres: patterns fade out what is finer. */
  readonly footprint: Float32Array;
}

/**
 * How much of a wave survives in a sample: 1 while the sample is below a quarter of the wave, 0 from six tenths on.
 *
 * @param ratio sample side / wavelength
 */
export function bandWeight(ratio: number): number {
  if (ratio <= 0.25) return 1;
  if (ratio >= 0.6) return 0;
  const t = (0.6 - ratio) / 0.35;
  return t * t * (3 - 2 * t);
}
