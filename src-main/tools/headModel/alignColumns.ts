import { choleskyFactor, choleskySolve } from '#common/math/cholesky';
import { invariant } from '#common/contract/errors';

/**
 * Takes the rigid part out of a displacement field: the small rotation and shift that fit it best over the
 * weighted vertices of `rest`. The head's pose belongs to the joints and the camera, not to the identity.
 * Linear in the field, so that modes stay linear. `rest` and `field` are triples; `field` changes in place.
 */
export function removeRigidMotion(rest: Float64Array, weights: Float64Array, field: Float64Array): void {
  const centre = [0, 0, 0];
  let total = 0;
  weights.forEach((w, v) => {
    total += w;
    for (let c = 0; c < 3; c++) centre[c] += w * rest[v * 3 + c];
  });
  for (let c = 0; c < 3; c++) centre[c] /= total;
  const normal = new Float64Array(36);
  const right = new Float64Array(6);
  weights.forEach((w, v) => {
    if (w === 0) return;
    const rows = motionRows(rest, v, centre);
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < 6; i++) {
        right[i] += w * rows[c][i] * field[v * 3 + c];
        for (let j = 0; j < 6; j++) normal[i * 6 + j] += w * rows[c][i] * rows[c][j];
      }
  });
  invariant(choleskyFactor(normal, 6), 'the aligned vertices span space');
  choleskySolve(normal, 6, right);
  for (let v = 0; v < rest.length / 3; v++) {
    const rows = motionRows(rest, v, centre);
    for (let c = 0; c < 3; c++) for (let i = 0; i < 6; i++) field[v * 3 + c] -= rows[c][i] * right[i];
  }
}

/** Displacement of vertex v per unit of (shift, rotation vector) about the centre. */
function motionRows(rest: Float64Array, v: number, centre: readonly number[]): number[][] {
  const x = rest[v * 3] - centre[0];
  const y = rest[v * 3 + 1] - centre[1];
  const z = rest[v * 3 + 2] - centre[2];
  return [
    [1, 0, 0, 0, z, -y],
    [0, 1, 0, -z, 0, x],
    [0, 0, 1, y, -x, 0],
  ];
}
