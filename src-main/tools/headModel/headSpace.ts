/** Metres from the eyes' middle down and back to the origin of the model's space. */
const BELOW_EYES = 0.028;
const BEHIND_EYES = 0.075;

/** The map from the source's space (decimetres) to the model's (metres, origin in the head). */
export interface HeadSpace {
  readonly origin: readonly [number, number, number];
}

export function headSpaceAt(eyeMiddle: readonly [number, number, number]): HeadSpace {
  return { origin: [0, eyeMiddle[1] - BELOW_EYES * 10, eyeMiddle[2] - BEHIND_EYES * 10] };
}

/** Positions to metres in model space, in place. */
export function toHeadSpace(space: HeadSpace, positions: Float64Array): Float64Array {
  for (let i = 0; i < positions.length; i++) positions[i] = (positions[i] - space.origin[i % 3]) / 10;
  return positions;
}
