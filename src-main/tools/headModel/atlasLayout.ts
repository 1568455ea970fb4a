import type { SkinChart } from './skinCharts';

/** A chart's place in the unit square of the atlas, v down. */
export interface AtlasRectangle {
  readonly u: number;
  readonly v: number;
  readonly width: number;
  readonly height: number;
}

export type AtlasChart =
  SkinChart | 'eyeLeft' | 'eyeRight' | 'teethUpper' | 'teethLower' | 'tongue'; // prettier-ignore

/**
 * The face has the upper two thirds; every rectangle stands 5 or more pixels from the next at 1024². The left
 * half of the square is the subject's right side, as in a picture of the face; charts of pairs stand as
 * mirror images about u = 0.5.
 *
 *      +--------------------------------+
 *      |              face              |
 *      +-------+-----------------+------+
 *      |eyeR eR|      scalp      |eL eyeL
 *      +-------+-----------------+------+
 *      |mouth  |  neck front     |teeth |
 *      |tongue |  neck back      |      |
 *      +-------+-----------------+------+
 */
export const ATLAS: Readonly<Record<AtlasChart, AtlasRectangle>> = {
  face: { u: 0.004, v: 0.004, width: 0.992, height: 0.652 },
  scalp: { u: 0.292, v: 0.664, width: 0.416, height: 0.128 },
  neckFront: { u: 0.292, v: 0.8, width: 0.416, height: 0.128 },
  neckBack: { u: 0.292, v: 0.936, width: 0.416, height: 0.06 },
  eyeRight: { u: 0.004, v: 0.664, width: 0.14, height: 0.14 },
  eyeLeft: { u: 0.856, v: 0.664, width: 0.14, height: 0.14 },
  earRight: { u: 0.154, v: 0.664, width: 0.128, height: 0.14 },
  earLeft: { u: 0.718, v: 0.664, width: 0.128, height: 0.14 },
  mouth: { u: 0.004, v: 0.814, width: 0.136, height: 0.182 },
  tongue: { u: 0.15, v: 0.814, width: 0.132, height: 0.182 },
  teethUpper: { u: 0.718, v: 0.814, width: 0.278, height: 0.086 },
  teethLower: { u: 0.718, v: 0.91, width: 0.278, height: 0.086 },
};

/** Places on the source's base mesh (x mirrored, decimetres) that get finer texels: centre, reach and gain. */
const FINER: readonly {
  readonly centre: readonly [number, number, number];
  readonly reach: number;
  readonly gain: number;
}[] = [
  { centre: [0.31, 7.28, 1.38], reach: 0.22, gain: 0.7 },
  { centre: [0, 6.62, 1.5], reach: 0.25, gain: 0.6 },
  { centre: [0, 6.95, 1.5], reach: 0.3, gain: 0.25 },
];

/** Wanted magnification at a point of the base mesh: eyes and mouth carry the detail that people look at. */
export function texelGain(x: number, y: number, z: number): number {
  let gain = 1;
  for (const { centre, reach, gain: more } of FINER) {
    const square = (Math.abs(x) - centre[0]) ** 2 + (y - centre[1]) ** 2 + (z - centre[2]) ** 2;
    gain += more * Math.exp(-square / (2 * reach * reach));
  }
  return gain;
}
