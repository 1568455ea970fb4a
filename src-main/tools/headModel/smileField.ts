import { smoothStep } from './headJoints';
import type { HeadLayout } from './headLayout';
import type { LipSeam } from './lipSeam';

/** The cheeks and lips lie around a vertical axis at this z; a smile draws the corner back around it. */
const AXIS_Z = 0.056;
/** Radians about that axis (8 mm out and 5 mm back at the corner) and metres up at weight 1. */
const TURN = 0.21;
const RISE = 0.009;
/** Metres of arc beyond the mid line where the other half of the lips stops following. */
const ACROSS = 0.008;
/** How the lips' motion grows from there to the corner. */
const GROWTH = 1.5;
/** Metres from the corner over which cheek, upper lip and chin follow: [full, none]. */
const OUTWARD = [0.001, 0.036] as const;
const UPWARD = [0.006, 0.037] as const;
const DOWNWARD = [0.006, 0.032] as const;
/** Metres inside the lips over which the mouth's lining stops following. */
const LINING = [0.006, 0.024] as const;

/** The cheek's pad: pushed up and out by the corner below it. */
const CHEEK = { arc: 0.046, y: -0.012, reach: 0.024, rise: 0.0022, out: 0.002 } as const;

/**
 * mouthSmileLeft: the left corner goes out, up and back around the teeth, cheek and lips follow with a wide soft
 * border. The source's pose units lift the corner twice as far as its surroundings, which shows as a dark wedge.
 */
export function smileField(layout: HeadLayout, template: Float64Array, seam: LipSeam): Float64Array {
  const field = new Float64Array(layout.vertexCount * 3);
  const [skin, cavity] = layout.parts;
  const radiusOf = (v: number): number => Math.hypot(template[v * 3], template[v * 3 + 2] - AXIS_Z);
  const corner = seam.upperVertices.concat(seam.lowerVertices).reduce((a, b) => {
    return Math.abs(template[b * 3]) > Math.abs(template[a * 3]) ? b : a;
  });
  const unit = radiusOf(corner);
  const arcOf = (v: number): number => unit * Math.atan2(template[v * 3], template[v * 3 + 2] - AXIS_Z);
  const cornerArc = Math.abs(arcOf(corner));
  const cornerY = template[corner * 3 + 1];
  for (let v = 0; v < skin.vertexCount + cavity.vertexCount; v++) {
    const [x, y, z] = template.subarray(v * 3, v * 3 + 3);
    const arc = arcOf(v);
    if (z < AXIS_Z - 0.03 || arc < -ACROSS) continue;
    const along = Math.min(1, (arc + ACROSS) / (cornerArc + ACROSS)) ** GROWTH;
    let share = along * (1 - smoothStep(arc - cornerArc, ...OUTWARD));
    share *= (1 - smoothStep(y - cornerY, ...UPWARD)) * (1 - smoothStep(cornerY - y, ...DOWNWARD));
    if (v >= cavity.firstVertex) share *= 1 - smoothStep(unit - radiusOf(v), ...LINING);
    const far = Math.hypot(arc - CHEEK.arc, y - CHEEK.y);
    const pad = v < skin.vertexCount ? 1 - smoothStep(far, 0, CHEEK.reach) : 0;
    const [sine, cosine] = [Math.sin(TURN * share), Math.cos(TURN * share)];
    const grow = 1 + (pad * CHEEK.out) / Math.max(unit, radiusOf(v));
    field[v * 3] = grow * (cosine * x + sine * (z - AXIS_Z)) - x;
    field[v * 3 + 1] = RISE * share + CHEEK.rise * pad;
    field[v * 3 + 2] = grow * (cosine * (z - AXIS_Z) - sine * x) - (z - AXIS_Z);
  }
  return field;
}
