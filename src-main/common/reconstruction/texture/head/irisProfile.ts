import type { LinearColor, PictureTone } from '#common/reconstruction/texture/view/pictureTone';
import { inLight, luminanceOf, scale } from '#common/reconstruction/texture/view/pictureTone';
import { smoothStep } from '#common/math/smoothStep';
import { encodeSrgb } from '#common/image/colorImage';

/** Bins from the pupil's centre to a little beyond the limbus (radius 1). */
const BINS = 20;
const REACH = 1.3;
/** A bin needs this many seen texels to speak for its whole ring. */
const ENOUGH = 6;

/** An eye's colours by distance from the iris centre, encoded. */
export interface EyeProfile {
  /** BINS * 3. */
  readonly rings: Float32Array;
  readonly sclera: readonly [number, number, number];
}

/** One seen texel of an eye: radius in iris radii, encoded colour. */
export interface EyeSample {
  readonly radius: number;
  readonly color: readonly [number, number, number];
}

/** Human brown iris, dark pupil and limbus, off-white sclera, as reflectances. */
const BROWN: LinearColor = [0.16, 0.085, 0.045];
const PUPIL = 0.38;
const SCLERA: LinearColor = [0.66, 0.6, 0.56];

/** The eye assumed where none was seen: brown, lighter with light hair, in the picture's light. */
export function defaultProfile(tone: PictureTone): EyeProfile {
  const lightness = smoothStep(0.08, 0.4, luminanceOf(tone.hair) / Math.max(0.05, luminanceOf(tone.white)));
  const iris = scale(BROWN, 1 + 0.8 * lightness);
  const rings = new Float32Array(BINS * 3);
  for (let bin = 0; bin < BINS; bin++) {
    const radius = ((bin + 0.5) / BINS) * REACH;
    const pupil = smoothStep(PUPIL - 0.07, PUPIL + 0.07, radius);
    const limbus = 1 - 0.55 * smoothStep(0.75, 0.98, radius);
    const white = smoothStep(0.98, 1.18, radius);
    const ring: [number, number, number] = [0, 0, 0];
    for (let c = 0; c < 3; c++) {
      const inner = (0.006 + (iris[c] - 0.006) * pupil) * limbus;
      ring[c] = inner + (SCLERA[c] - inner) * white;
    }
    rings.set(encodeAll(inLight(ring, tone)), bin * 3);
  }
  return { rings, sclera: encodeAll(inLight(SCLERA, tone)) };
}

function encodeAll(linear: readonly number[]): [number, number, number] {
  return [encodeSrgb(linear[0]), encodeSrgb(linear[1]), encodeSrgb(linear[2])];
}

/**
 * The profile of a seen eye: each ring's median (lids' shadow and catch-light are outvoted), rings not seen enough
 * carried over from `fallback`, shifted to meet the seen ones.
 */
export function measureProfile(samples: readonly EyeSample[], fallback: EyeProfile): EyeProfile {
  const bins: EyeSample[][] = Array.from({ length: BINS }, () => []);
  for (const sample of samples) {
    const bin = Math.floor((sample.radius / REACH) * BINS);
    if (bin < BINS) bins[bin].push(sample);
  }
  const rings = fallback.rings.slice();
  const isSeen = bins.map((bin) => bin.length >= ENOUGH);
  bins.forEach((bin, index) => {
    if (!isSeen[index]) return;
    for (let c = 0; c < 3; c++)
      rings[index * 3 + c] = quantile(
        bin.map((s) => s.color[c]),
        0.5,
      );
  });
  shiftUnseen(rings, isSeen, fallback.rings);
  return { rings, sclera: scleraOf(samples, fallback) };
}

function shiftUnseen(rings: Float32Array, isSeen: readonly boolean[], fallback: Float32Array): void {
  if (!isSeen.includes(true)) return;
  for (let bin = 0; bin < BINS; bin++) {
    if (isSeen[bin]) continue;
    let nearest = -1;
    for (let other = 0; other < BINS; other++) {
      if (isSeen[other] && (nearest < 0 || Math.abs(other - bin) < Math.abs(nearest - bin))) nearest = other;
    }
    for (let c = 0; c < 3; c++) {
      const shift = rings[nearest * 3 + c] - fallback[nearest * 3 + c];
      // Half the shift: a pupil stays dark though the iris around it is light.
      rings[bin * 3 + c] = Math.max(0.02, fallback[bin * 3 + c] + 0.5 * shift);
    }
  }
}

function scleraOf(samples: readonly EyeSample[], fallback: EyeProfile): [number, number, number] {
  const white = samples.filter((sample) => sample.radius > 1.2 && sample.radius < 3.2);
  if (white.length < 20) return [...fallback.sclera];
  const bright = (sample: EyeSample) => sample.color[0] + sample.color[1] + sample.color[2];
  const limit = quantile(white.map(bright), 0.5);
  const upper = white.filter((sample) => bright(sample) >= limit);
  return [0, 1, 2].map((c) =>
    quantile(
      upper.map((sample) => sample.color[c]),
      0.4,
    ),
  ) as [number, number, number];
}

function quantile(values: readonly number[], at: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))];
}

/** Colour of the complete eye at a radius (in iris radii), encoded, into `out`. */
export function profileColor(profile: EyeProfile, radius: number, out: Float64Array): void {
  const { rings, sclera } = profile;
  const position = Math.min(BINS - 1, Math.max(0, (radius / REACH) * BINS - 0.5));
  const low = Math.min(BINS - 2, Math.floor(position));
  const t = position - low;
  const white = smoothStep(1.05, 1.25, radius);
  // The ball turns away towards the corners and the lids' shade: darker and a little redder.
  const turned = smoothStep(1.8, 4.2, radius);
  for (let c = 0; c < 3; c++) {
    const ring = rings[low * 3 + c] + (rings[low * 3 + 3 + c] - rings[low * 3 + c]) * t;
    const far = sclera[c] * (1 - turned * (c === 0 ? 0.22 : 0.32));
    out[c] = ring + (far - ring) * white;
  }
}
