import type { ArkitChannel } from '#common/head/arkitChannels';

import type { ChannelFields } from './expressionFields';
import { smoothStep } from './headJoints';
import { mirrorField, type HeadLayout } from './headLayout';
import { curveThrough, type Curve } from './openingCurves';

/** Middle line of the left brow on the mean head, where the tracker sees brows: [x, y] in metres. */
const BROW_LINE = curveThrough(
  [
    [0, 0.041],
    [0.015, 0.0427],
    [0.029, 0.0476],
    [0.041, 0.0483],
    [0.0505, 0.045],
    [0.058, 0.0395],
    [0.068, 0.032],
  ],
  0,
);

/**
 * How far the two raising channels lift the brow at weight 1, [x, metres]. The source's own units lift the inner
 * brow most with either, so that a fit cannot tell them apart; these share the work like the frontal muscle's
 * inner and outer part, and together they lift the brow evenly.
 */
const INNER_RISE = curveThrough(
  [
    [0, 0.005],
    [0.008, 0.006],
    [0.015, 0.0065],
    [0.022, 0.0061],
    [0.03, 0.0048],
    [0.042, 0.0025],
    [0.052, 0.001],
    [0.06, 0.0003],
    [0.066, 0],
  ],
  0,
);
const OUTER_RISE = curveThrough(
  [
    [0.012, 0],
    [0.02, 0.0006],
    [0.029, 0.0021],
    [0.036, 0.0039],
    [0.043, 0.0055],
    [0.052, 0.0069],
    [0.06, 0.0064],
    [0.068, 0.0036],
    [0.078, 0],
  ],
  0,
);

/** Metres above the line over which the forehead stops following. */
const ABOVE = [0.006, 0.034] as const;
/** Metres below it: the brow's hair moves as one, the skin down to the lid's margin (17 mm) stretches. */
const BELOW = [0.0075, 0.0145] as const;

/** Sets browInnerUp and browOuterUp: the skin of the brow slides up over the bone. */
export function addBrowRaises(layout: HeadLayout, template: Float64Array, fields: ChannelFields): void {
  const normals = skinNormals(layout, template);
  const outer = raiseLeft(layout, template, normals, OUTER_RISE);
  fields.set('browOuterUpLeft', outer);
  fields.set('browOuterUpRight', mirrorField(layout, outer));
  const inner = raiseLeft(layout, template, normals, INNER_RISE);
  const mirrored = mirrorField(layout, inner);
  const middle: ArkitChannel = 'browInnerUp';
  fields.set(
    middle,
    inner.map((value, i) => (template[i - (i % 3)] > 0 ? value : mirrored[i])),
  );
}

function raiseLeft(
  layout: HeadLayout,
  template: Float64Array,
  normals: Float64Array,
  rise: Curve,
): Float64Array {
  const field = new Float64Array(layout.vertexCount * 3);
  for (let v = 0; v < layout.parts[0].vertexCount; v++) {
    const [x, y, z] = template.subarray(v * 3, v * 3 + 3);
    if (x < 0 || z < 0) continue;
    const over = y - BROW_LINE.at(x);
    const share = (1 - smoothStep(over, ...ABOVE)) * (1 - smoothStep(-over, ...BELOW));
    const height = share * rise.at(x);
    if (height === 0) continue;
    const [nx, ny, nz] = normals.subarray(v * 3, v * 3 + 3);
    // Along the surface, so that the skin keeps to the bone.
    field.set([-ny * nx * height, (1 - ny * ny) * height, -ny * nz * height], v * 3);
  }
  return field;
}

/** Unit normals of the skin, alike for the copies of a vertex at the chart's seams. */
function skinNormals(layout: HeadLayout, template: Float64Array): Float64Array {
  const normals = new Float64Array(layout.vertexCount * 3);
  const { firstIndex, indexCount, vertexCount } = layout.parts[0];
  for (let t = firstIndex; t < firstIndex + indexCount; t += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => template.subarray(layout.indices[t + k] * 3));
    const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const [vx, vy, vz] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
    const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    for (let k = 0; k < 3; k++)
      for (let i = 0; i < 3; i++) normals[layout.weld[layout.indices[t + k]] * 3 + i] += normal[i];
  }
  for (let v = 0; v < vertexCount; v++) {
    const at = layout.weld[v] * 3;
    const length = Math.hypot(normals[at], normals[at + 1], normals[at + 2]) || 1;
    for (let i = 0; i < 3; i++) normals[v * 3 + i] = normals[at + i] / (layout.weld[v] === v ? length : 1);
  }
  return normals;
}
