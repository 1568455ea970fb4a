import { invariant } from '#common/contract/errors';
import { adamInPlace } from '#engine/training/adam';
import type { ParameterUpdate, UpdateOptions, UpdateRequest } from '#engine/training/ParameterUpdate';
import type { LiveState } from '#engine/training/trainState';
import { valuesOf } from '#engine/training/trainState';

/** Adam as loops over arrays, in place. */
export class HostUpdate implements ParameterUpdate {
  readonly #options: UpdateOptions;

  constructor(options: UpdateOptions) {
    this.#options = options;
  }

  apply(state: LiveState, { gradients, scale, rate, step }: UpdateRequest): Promise<void> {
    const { optimizer, trained, adam } = this.#options;
    trained.forEach(({ attributes: { name }, size }, index) => {
      const key = `${optimizer}/${name}`;
      const fresh = () => ({ first: new Float32Array(size), second: new Float32Array(size) });
      const { first, second } = state.moments.get(key) ?? fresh();
      const [values, gradient] = [valuesOf(state.parameters, name), gradients[index]];
      requireHost(values);
      requireHost(gradient);
      requireHost(first);
      requireHost(second);
      if (scale !== 1) for (let k = 0; k < size; k++) gradient[k] *= scale;
      adamInPlace(values, gradient, { first, second }, { rate, step }, adam);
      state.moments.set(key, { first, second });
    });
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

function requireHost(values: unknown): asserts values is Float32Array {
  invariant(values instanceof Float32Array, 'a backend with its state in memory is given arrays');
}
