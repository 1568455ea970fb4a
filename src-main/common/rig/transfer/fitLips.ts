import { SEAM_MARGIN, SEAM_STATIONS, type LipSeam } from '#common/rig/transfer/lipSeam';
import type { RigDeltas } from '#common/rig/transfer/rigDeltas';
import { portableExp, squared } from '#common/math/portableMath';

/** Part of the way that the lower lip comes up to meet the upper one. */
const LOWER_SHARE = 0.75;
const ROUNDS = 3;

interface Summand {
  readonly delta: Float32Array;
  readonly weight: number;
}

/**
 * Makes mouthClose do what it is for on this person, in place: with jawOpen and mouthClose at the same weight the
 * lips touch as they do at rest, whatever the weight. The open way goes into mouthClose itself, the bow of the jaw's
 * arc at one half into its half corrective.
 */
export function fitLips(seam: LipSeam, deltas: RigDeltas): void {
  const jaw = deltas.morph('jawOpen');
  const close = deltas.morph('mouthClose');
  const together = deltas.product('jawOpen', 'mouthClose');
  const whole = [jaw, close, together].map((delta) => ({ delta, weight: 1 }));
  // The average over the contact sees a little of the lips' other sides, so one round does not close all.
  for (let round = 0; round < ROUNDS; round++) bringTogether(seam, whole, close);
  const half = deltas.half('mouthClose');
  const halfway: Summand[] = [
    { delta: jaw, weight: 0.5 },
    { delta: close, weight: 0.5 },
    { delta: together, weight: 0.25 },
    { delta: deltas.half('jawOpen'), weight: 1 },
    { delta: half, weight: 1 },
  ];
  for (let round = 0; round < ROUNDS; round++) bringTogether(seam, halfway, half);
}

/** Adds to `target` what both lips lack to move alike under the summed displacements. */
function bringTogether(seam: LipSeam, summands: readonly Summand[], target: Float32Array): void {
  const gap = lowerMinusUpper(seam, summands);
  const point = [0, 0, 0];
  seam.vertices.forEach((v, i) => {
    const share = (seam.side[i] < 0 ? -LOWER_SHARE : 1 - LOWER_SHARE) * seam.follow[i];
    sampleStations(gap, seam.along[i], point);
    for (let c = 0; c < 3; c++) target[v * 3 + c] += share * point[c];
  });
}

/** How much further the lower lip moves than the upper, three numbers per station; nothing beyond the corners. */
function lowerMinusUpper(seam: LipSeam, summands: readonly Summand[]): Float64Array {
  const sums = { lower: new Float64Array(SEAM_STATIONS * 4), upper: new Float64Array(SEAM_STATIONS * 4) };
  seam.vertices.forEach((v, i) => {
    if (seam.contact[i] < 1e-3) return;
    const sum = seam.side[i] < 0 ? sums.lower : sums.upper;
    const at = stationOf(seam.along[i]);
    if (at < -1 || at > SEAM_STATIONS) return;
    for (let k = Math.max(0, Math.floor(at) - 1); k <= Math.min(SEAM_STATIONS - 1, at + 2); k++) {
      const weight = seam.contact[i] * portableExp(-2 * squared(k - at));
      sum[k * 4 + 3] += weight;
      for (let c = 0; c < 3; c++) {
        sum[k * 4 + c] +=
          weight * summands.reduce((total, { delta, weight: w }) => total + w * delta[v * 3 + c], 0);
      }
    }
  });
  const gap = new Float64Array(SEAM_STATIONS * 3);
  for (let k = 1; k < SEAM_STATIONS - 1; k++) {
    const lower = sums.lower[k * 4 + 3];
    const upper = sums.upper[k * 4 + 3];
    if (!(lower > 1e-6 && upper > 1e-6)) continue;
    for (let c = 0; c < 3; c++)
      gap[k * 3 + c] = sums.lower[k * 4 + c] / lower - sums.upper[k * 4 + c] / upper;
  }
  return gap;
}

function stationOf(along: number): number {
  return ((along + SEAM_MARGIN) / (1 + 2 * SEAM_MARGIN)) * (SEAM_STATIONS - 1);
}

function sampleStations(stations: Float64Array, along: number, out: number[]): void {
  const at = Math.min(SEAM_STATIONS - 1.001, Math.max(0, stationOf(along)));
  const k = Math.floor(at);
  for (let c = 0; c < 3; c++) {
    out[c] = stations[k * 3 + c] + (stations[k * 3 + 3 + c] - stations[k * 3 + c]) * (at - k);
  }
}
