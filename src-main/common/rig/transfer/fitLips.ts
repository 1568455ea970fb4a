import { closeOpening, closingField, marginPoints } from '#common/rig/transfer/closeOpening';
import type { Opening } from '#common/rig/transfer/openingMargins';
import type { RigDeltas } from '#common/rig/transfer/rigDeltas';
import type { WeldedMesh } from '#common/rig/transfer/weldedMesh';

/** Lips further apart than this at rest (metres per metre of mouth width) are brought together all the same. */
const LARGEST_REST_GAP = 0.01;
/** How far closing pulls the skin along, in mouth widths: to the chin and the nose, not beyond. */
const LIP_REACH = 0.5;

/**
 * Makes mouthClose do what it is for on this person, in place: with the jaw fully open and mouthClose at 1 the
 * lips meet as they do at rest. The difference goes into the corrective of both channels.
 */
export function fitLips(mesh: WeldedMesh, neutral: Float32Array, deltas: RigDeltas, opening: Opening): void {
  const jaw = deltas.morph('jawOpen');
  const close = deltas.morph('mouthClose');
  const together = deltas.product('jawOpen', 'mouthClose');
  const field = closingField(mesh, neutral, opening, LIP_REACH * opening.width);
  const moved = [jaw, close, together];
  closeOpening(
    {
      opening,
      field,
      upperNow: marginPoints(opening.upper, neutral, moved),
      lowerNow: marginPoints(opening.lower, neutral, moved),
      offset: restGap(neutral, opening),
      upperShare: 0.25,
    },
    together,
  );
}

/** Upper minus lower margin at rest, shortened where the lips are parted. */
function restGap(neutral: Float32Array, opening: Opening): Float64Array {
  const upper = marginPoints(opening.upper, neutral, []);
  const lower = marginPoints(opening.lower, neutral, []);
  const gap = upper.slice();
  opening.upper.along.forEach((along, i) => {
    const nearest = nearestAlong(opening.lower.along, along);
    for (let c = 0; c < 3; c++) gap[i * 3 + c] -= lower[nearest * 3 + c];
    const length = Math.hypot(gap[i * 3], gap[i * 3 + 1], gap[i * 3 + 2]);
    const limit = LARGEST_REST_GAP * opening.width;
    if (length > limit) for (let c = 0; c < 3; c++) gap[i * 3 + c] *= limit / length;
  });
  return gap;
}

function nearestAlong(along: Float64Array, wanted: number): number {
  let best = 0;
  for (let k = 1; k < along.length; k++) {
    if (Math.abs(along[k] - wanted) < Math.abs(along[best] - wanted)) best = k;
  }
  return best;
}
