import { bandWeight } from '#common/synthetic/pattern/patternPoints';
import type { PatternPoints } from '#common/synthetic/pattern/patternPoints';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import type { NoiseFunction } from '#common/synthetic/pattern/latticeNoise';

export interface FractalNoiseOptions {
  /** Features per metre of the first octave: 1000 are details of a millimetre. */
  readonly frequency: number;
  /** 1 by default. */
  readonly octaves?: number;
  /** Amplitude of each octave relative to the one before; 0.5 by default. */
  readonly gain?: number;
  /** Frequency of each octave relative to the one before; 2.03 by default (not 2: lattices would coincide). */
  readonly lacunarity?: number;
  readonly seed: number;
  /** Frequencies along canonical x, y, z relative to `frequency`: (1, 0.1, 1) makes vertical streaks. */
  readonly stretch?: readonly [number, number, number];
  /** Turns each octave into 1 - 2 |noise|: creases, veins, wrinkles. */
  readonly isRidged?: boolean;
  /** `simplexNoise` by default. */
  readonly noise?: NoiseFunction;
}

const scratch = new Float64Array(4);

/**
 * Fractal noise in canonical space, mean about 0, most values in [-1, 1]. Octaves finer than a sample fade to their
 * mean, so the picture neither sparkles nor swims; where none is left the result is 0.
 *
 * @param out one float a point
 * @param gradients where given, receives d/dx, d/dy, d/dz per metre of canonical space, three floats a point
 */
export function fractalNoise(
  points: PatternPoints,
  options: FractalNoiseOptions,
  out: Float32Array,
  gradients?: Float32Array,
): void {
  const { canonical, footprint, count } = points;
  const {
    octaves = 1,
    gain = 0.5,
    lacunarity = 2.03,
    seed,
    isRidged = false,
    noise = simplexNoise,
  } = options;
  const [stretchX, stretchY, stretchZ] = options.stretch ?? [1, 1, 1];
  const finest = Math.max(stretchX, stretchY, stretchZ);
  for (let point = 0; point < count; point++) {
    const k = point * 3;
    let frequency = options.frequency;
    let amplitude = 1;
    let value = 0;
    let slopeX = 0;
    let slopeY = 0;
    let slopeZ = 0;
    for (let octave = 0; octave < octaves; octave++) {
      const weight = amplitude * bandWeight(footprint[point] * frequency * finest);
      if (weight <= 0) break;
      const fx = frequency * stretchX;
      const fy = frequency * stretchY;
      const fz = frequency * stretchZ;
      noise(canonical[k] * fx, canonical[k + 1] * fy, canonical[k + 2] * fz, seed + octave * 7919, scratch);
      const sign = isRidged ? (scratch[0] < 0 ? 2 : -2) : 1;
      value += weight * (isRidged ? RIDGE_MEAN + sign * scratch[0] : scratch[0]);
      slopeX += weight * sign * scratch[1] * fx;
      slopeY += weight * sign * scratch[2] * fy;
      slopeZ += weight * sign * scratch[3] * fz;
      frequency *= lacunarity;
      amplitude *= gain;
    }
    out[point] = value;
    if (gradients) {
      gradients[k] = slopeX;
      gradients[k + 1] = slopeY;
      gradients[k + 2] = slopeZ;
    }
  }
}

/** 1 - 2 |noise| without its mean, so that a faded octave leaves no step in brightness. */
const RIDGE_MEAN = 0.5;
