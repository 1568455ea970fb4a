import { createSeededRandom } from '#common/math/seededRandom';
import type { ParameterAttributes } from '#engine/graph/ops/sources';
import type { Tensor } from '#engine/graph/tensor';
import { hashText } from '#common/math/hashText';

/** Parameter name -> values. */
export type StateDict = Map<string, Float32Array>;

/**
 * First values of parameters by their initialisers. Each is drawn from a stream of its own, seeded by its name:
 * adding a layer leaves the others as they were.
 */
export function initialValues(parameters: readonly Tensor<ParameterAttributes>[], seed: number): StateDict {
  return new Map(parameters.map((parameter) => [parameter.attributes.name, drawParameter(parameter, seed)]));
}

function drawParameter(
  { attributes: { name, initializer }, size }: Tensor<ParameterAttributes>,
  seed: number,
): Float32Array {
  const values = new Float32Array(size);
  if (initializer.kind === 'constant') return values.fill(initializer.value);
  if (initializer.kind === 'values') {
    values.set(initializer.values);
    return values;
  }
  const random = createSeededRandom(hashText(name) ^ seed);
  const draw =
    initializer.kind === 'normal'
      ? () => (initializer.mean ?? 0) + initializer.deviation * random.normal()
      : () => random.between(initializer.low, initializer.high);
  for (let k = 0; k < size; k++) values[k] = draw();
  return values;
}
