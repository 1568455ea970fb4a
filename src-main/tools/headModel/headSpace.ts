/** Metres from the eyes' middle down and back to the origin of the model's space. */
const BELOW_EYES = 0.028;
const BEHIND_EYES = 0.075;

/**
 * Metres per source unit (nominally a decimetre). The prior's mean head, children included, has eyes 59 mm
 * apart; this brings it to the 65 mm of adults and to the size that the canonical camera expects
 * (pinholeCamera.ts: half of eye distance plus 0.85 of eye to mouth is 62.9 mm).
 */
export const METRES_PER_UNIT = 0.1094;

/** The map from the source's space (decimetres) to the model's (metres, origin in the head). */
export interface HeadSpace {
  readonly origin: readonly [number, number, number];
}

export function headSpaceAt(eyeMiddle: readonly [number, number, number]): HeadSpace {
  return {
    origin: [0, eyeMiddle[1] - BELOW_EYES / METRES_PER_UNIT, eyeMiddle[2] - BEHIND_EYES / METRES_PER_UNIT],
  };
}

/** Positions to metres in model space, in place. */
export function toHeadSpace(space: HeadSpace, positions: Float64Array): Float64Array {
  for (let i = 0; i < positions.length; i++)
    positions[i] = (positions[i] - space.origin[i % 3]) * METRES_PER_UNIT;
  return positions;
}
