import type { HeadModel } from '#common/head/headModel';
import { activation, indexDrivers } from '#common/reconstruction/fit/landmarkBasis';

/** Vertices of template + identity, vertexCount * 3, model space. `identity` in standard deviations. */
export function neutralVertices(model: HeadModel, identity: ArrayLike<number>): Float32Array {
  const out = Float32Array.from(model.template);
  model.identity.forEach((mode, k) => addField(out, mode.delta, identity[k]));
  return out;
}

/** Displacement of every vertex by 52 weights and the correctives they raise, vertexCount * 3. */
export function expressionOffsets(model: HeadModel, weights: ArrayLike<number>): Float32Array {
  const out = new Float32Array(model.vertexCount * 3);
  model.expressions.forEach((expression, channel) => addField(out, expression.delta, weights[channel]));
  for (const corrective of model.correctives) {
    addField(out, corrective.delta, activation(indexDrivers(corrective.drivers), weights));
  }
  return out;
}

function addField(out: Float32Array, field: Float32Array, factor: number): void {
  if (factor === 0) return;
  for (let i = 0; i < out.length; i++) out[i] += factor * field[i];
}
