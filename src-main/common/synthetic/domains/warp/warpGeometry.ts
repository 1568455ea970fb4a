import type { AvatarGeometry, SparseDelta } from '#common/rig/avatarGeometry';
import type { PointWarp } from '#common/synthetic/domains/warp/canonicalWarp';

/** Largest norm of a derivative that people's differences are stretched by; an even map of scale 1 has 1.73. */
const LARGEST_STRETCH = 3.1;

/** Step of the numeric derivative, metres: below every feature, far above float noise. */
const STEP = 0.0004;

/**
 * Where a canonical warp takes a person. Each vertex gets an affine map from its own canonical place, person' = T(c) +
 * J(c) (person - c) with J the warp's derivative: what makes the person differ from the mean, and every expression,
 * is carried along in proportion. Morphs stay linear, so lids that met still meet wherever J is even.
 */
export interface AffineField {
  /** Twelve numbers a vertex: J row-major, then T(c) - J c. */
  readonly maps: Float64Array;
}

/** @param canonical vertexCount * 3, metres. */
export function warpField(canonical: ArrayLike<number>, warp: PointWarp): AffineField {
  const count = canonical.length / 3;
  const maps = new Float64Array(count * 12);
  const point = new Float64Array(6);
  const at = (v: number, axis: number, step: number): void => {
    for (let c = 0; c < 3; c++) point[c] = canonical[v * 3 + c] + (c === axis ? step : 0);
    warp(point);
  };
  for (let v = 0; v < count; v++) {
    const m = v * 12;
    at(v, 0, 0);
    const [tx, ty, tz] = point;
    for (let axis = 0; axis < 3; axis++) {
      at(v, axis, STEP);
      const [px, py, pz] = point;
      at(v, axis, -STEP);
      maps[m + axis] = (px - point[0]) / (2 * STEP);
      maps[m + 3 + axis] = (py - point[1]) / (2 * STEP);
      maps[m + 6 + axis] = (pz - point[2]) / (2 * STEP);
    }
    limitStretch(maps, m);
    for (let row = 0; row < 3; row++) {
      const k = m + row * 3;
      const carried =
        maps[k] * canonical[v * 3] + maps[k + 1] * canonical[v * 3 + 1] + maps[k + 2] * canonical[v * 3 + 2];
      maps[m + 9 + row] = (row === 0 ? tx : row === 1 ? ty : tz) - carried;
    }
  }
  return { maps };
}

/** Long ears would make a person's own ears absurd. */
function limitStretch(maps: Float64Array, m: number): void {
  let norm = 0;
  for (let k = m; k < m + 9; k++) norm += maps[k] * maps[k];
  norm = Math.sqrt(norm);
  if (norm > LARGEST_STRETCH) for (let k = m; k < m + 9; k++) maps[k] *= LARGEST_STRETCH / norm;
}

/** The person's points under the field, vertexCount * 3. */
export function warpPositions({ maps }: AffineField, positions: ArrayLike<number>): Float32Array {
  const out = new Float32Array(positions.length);
  for (let v = 0; v < positions.length / 3; v++)
    for (let row = 0; row < 3; row++) {
      const m = v * 12 + row * 3;
      out[v * 3 + row] =
        maps[m] * positions[v * 3] +
        maps[m + 1] * positions[v * 3 + 1] +
        maps[m + 2] * positions[v * 3 + 2] +
        maps[v * 12 + 9 + row];
    }
  return out;
}

/** A rig whose rest, morphs, correctives and joints are warped; everything else is shared with `geometry`. */
export function warpGeometry(
  geometry: AvatarGeometry,
  field: AffineField,
  warp: PointWarp,
  canonicalJoints: readonly (readonly [number, number, number])[],
): AvatarGeometry {
  const point = new Float64Array(6);
  const joints = geometry.joints.map((joint, index) => {
    const mean = canonicalJoints[index];
    // Joints lie inside, where the derivative means little: they go as far as the mean head's do.
    point.set(mean);
    warp(point);
    const position: [number, number, number] = [0, 0, 0];
    for (let c = 0; c < 3; c++) position[c] = joint.position[c] + point[c] - mean[c];
    return { ...joint, position };
  });
  return {
    ...geometry,
    positions: warpPositions(field, geometry.positions),
    joints,
    morphs: geometry.morphs.map((morph) => ({ ...morph, deltas: warpDeltas(field, morph) })),
    correctives: geometry.correctives.map((delta) => ({ ...delta, deltas: warpDeltas(field, delta) })),
  };
}

function warpDeltas({ maps }: AffineField, { vertices, deltas }: SparseDelta): Float32Array {
  const out = new Float32Array(deltas.length);
  for (let i = 0; i < vertices.length; i++)
    for (let row = 0; row < 3; row++) {
      const m = vertices[i] * 12 + row * 3;
      out[i * 3 + row] =
        maps[m] * deltas[i * 3] + maps[m + 1] * deltas[i * 3 + 1] + maps[m + 2] * deltas[i * 3 + 2];
    }
  return out;
}
