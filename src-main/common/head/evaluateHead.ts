import { channelIndex } from '#common/head/arkitChannels';
import type { Corrective, HeadModel } from '#common/head/headModel';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';

/** A displacement field without its zeros. */
interface SparseField {
  readonly vertices: Uint32Array;
  readonly deltas: Float32Array;
}

interface SparseModel {
  readonly expressions: readonly SparseField[];
  readonly correctives: readonly SparseField[];
}

const sparseModels = new WeakMap<HeadModel, SparseModel>();

/** The model's moving fields without zeros, computed once per model: most channels move a tenth of the head. */
function sparseModel(model: HeadModel): SparseModel {
  let sparse = sparseModels.get(model);
  if (sparse === undefined) {
    sparse = {
      expressions: model.expressions.map(({ delta }) => withoutZeros(delta)),
      correctives: model.correctives.map(({ delta }) => withoutZeros(delta)),
    };
    sparseModels.set(model, sparse);
  }
  return sparse;
}

function withoutZeros(delta: Float32Array): SparseField {
  const vertices: number[] = [];
  for (let v = 0; v < delta.length / 3; v++)
    if (delta[v * 3] !== 0 || delta[v * 3 + 1] !== 0 || delta[v * 3 + 2] !== 0) vertices.push(v);
  const deltas = new Float32Array(vertices.length * 3);
  vertices.forEach((v, i) => deltas.set(delta.subarray(v * 3, v * 3 + 3), i * 3));
  return { vertices: Uint32Array.from(vertices), deltas };
}

/** Product over the drivers: linear w or hat 4 w (1 - w), weights clamped to [0, 1]. */
function activation(drivers: Corrective['drivers'], weights: ArrayLike<number>): number {
  let product = 1;
  for (const { channel, shape } of drivers) {
    const w = Math.min(1, Math.max(0, weights[channelIndex(channel)]));
    product *= shape === 'hat' ? 4 * w * (1 - w) : w;
  }
  return product;
}

/**
 * The head's vertices before skinning: template + identity + expressions + correctives (see HeadModel).
 *
 * @param identity coefficients in standard deviations, in the model's mode order; missing ones are 0.
 * @param weights 52 channel weights in [0, 1], or undefined for the neutral face.
 * @param out vertexCount * 3 floats to write to; a new array when left out.
 */
export function evaluateHead(
  model: HeadModel,
  identity: ArrayLike<number>,
  weights?: ArrayLike<number>,
  out: Float32Array = new Float32Array(model.vertexCount * 3),
): Float32Array {
  out.set(model.template);
  model.identity.forEach(({ delta }, k) => {
    const beta = identity[k] ?? 0;
    if (beta !== 0) for (let i = 0; i < out.length; i++) out[i] += beta * delta[i];
  });
  if (weights !== undefined) addExpressions(model, weights, out);
  return out;
}

/**
 * Adds the displacement of channels and correctives to `positions` (vertexCount * 3, any neutral) in place:
 * under a millisecond, where the identity costs a pass per mode.
 */
export function addExpressions(model: HeadModel, weights: ArrayLike<number>, positions: Float32Array): void {
  const sparse = sparseModel(model);
  sparse.expressions.forEach((field, c) => addField(positions, field, weights[c]));
  model.correctives.forEach(({ drivers }, c) =>
    addField(positions, sparse.correctives[c], activation(drivers, weights)),
  );
}

function addField(positions: Float32Array, { vertices, deltas }: SparseField, weight: number): void {
  if (weight === 0) return;
  for (let i = 0; i < vertices.length; i++) {
    const at = vertices[i] * 3;
    positions[at] += weight * deltas[i * 3];
    positions[at + 1] += weight * deltas[i * 3 + 1];
    positions[at + 2] += weight * deltas[i * 3 + 2];
  }
}

/** Rest positions of the joints for an identity, joints * 3, metres. */
export function jointPositions(model: HeadModel, identity: ArrayLike<number>): Float32Array {
  const out = new Float32Array(model.joints.length * 3);
  model.joints.forEach(({ position }, j) => out.set(position, j * 3));
  model.identity.forEach(({ jointDelta }, k) => {
    const beta = identity[k] ?? 0;
    if (beta !== 0) for (let i = 0; i < out.length; i++) out[i] += beta * jointDelta[i];
  });
  return out;
}

/** The 478 landmark points on given vertices, LANDMARK_COUNT * 3, in the vertices' space. */
export function landmarkPositions(
  model: HeadModel,
  positions: ArrayLike<number>,
  out: Float32Array = new Float32Array(LANDMARK_COUNT * 3),
): Float32Array {
  for (let l = 0; l < LANDMARK_COUNT; l++)
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let k = 0; k < 3; k++)
        sum += model.landmarkWeights[l * 3 + k] * positions[model.landmarkVertices[l * 3 + k] * 3 + c];
      out[l * 3 + c] = sum;
    }
  return out;
}
