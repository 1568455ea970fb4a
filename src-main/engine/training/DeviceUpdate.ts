import { mul } from '#engine/graph/ops/arithmetic';
import { input } from '#engine/graph/ops/sources';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import type { Tensor } from '#engine/graph/tensor';
import type { Backend, DeviceTensor, Feed, Program } from '#engine/runtime/Backend';
import { ADAM_DEFAULTS, adamExpression } from '#engine/training/adam';
import type { ParameterUpdate, UpdateOptions, UpdateRequest } from '#engine/training/ParameterUpdate';
import type { LiveState } from '#engine/training/trainState';
import { valuesOf } from '#engine/training/trainState';

/**
 * Adam as a graph whose results stay on the device. The old buffers are freed each step: the garbage collector
 * sees a few bytes where the device holds megabytes, and would let them pile up (engine-facts, section 1).
 */
export class DeviceUpdate implements ParameterUpdate {
  readonly #backend: Backend;
  readonly #options: UpdateOptions;
  readonly #program: Program;

  private constructor(backend: Backend, options: UpdateOptions, program: Program) {
    this.#backend = backend;
    this.#options = options;
    this.#program = program;
  }

  static async compile(backend: Backend, options: UpdateOptions): Promise<DeviceUpdate> {
    const { optimizer, trained, adam } = options;
    const number = (name: string): Tensor => input(name, []);
    const corrections = { first: number('correction:first'), second: number('correction:second') };
    const [rate, scale] = [number('rate'), number('scale')];
    const outputs: Record<string, Tensor> = {};
    for (const { attributes, shape } of trained) {
      const { name } = attributes;
      const given = (kind: string): Tensor => input(`old:${kind}:${name}`, shape);
      const moments = { first: given('first'), second: given('second') };
      const gradient = mul(given('gradient'), scale);
      const next = adamExpression(given('parameter'), gradient, moments, { rate, corrections }, adam);
      for (const kind of KINDS) outputs[`${kind}:${name}`] = next[kind];
    }
    const graph = lowerGraph(`${optimizer} update`, outputs, backend.rules);
    const program = await backend.compile(graph, { resident: Object.keys(outputs) });
    return new DeviceUpdate(backend, options, program);
  }

  async apply(state: LiveState, { gradients, scale, rate, step }: UpdateRequest): Promise<void> {
    const { optimizer, trained, adam } = this.#options;
    const { beta1, beta2 } = { ...ADAM_DEFAULTS, ...adam };
    const feeds = new Map<string, Feed>([
      ['rate', Float32Array.of(rate)],
      ['scale', Float32Array.of(scale)],
      ['correction:first', Float32Array.of(1 - beta1 ** step)],
      ['correction:second', Float32Array.of(1 - beta2 ** step)],
    ]);
    for (const [index, { attributes, shape, size }] of trained.entries()) {
      const { name } = attributes;
      const key = `${optimizer}/${name}`;
      if (!state.moments.has(key)) {
        const zeros = (): Promise<DeviceTensor> => this.#backend.upload(new Float32Array(size), shape);
        state.moments.set(key, { first: await zeros(), second: await zeros() });
      }
      const { first, second } = valuesOf(state.moments, key);
      feeds.set(`old:parameter:${name}`, valuesOf(state.parameters, name));
      feeds.set(`old:gradient:${name}`, gradients[index]);
      feeds.set(`old:first:${name}`, first);
      feeds.set(`old:second:${name}`, second);
    }
    const { device } = await this.#program.run(feeds);
    for (const { attributes } of trained) {
      const { name } = attributes;
      const key = `${optimizer}/${name}`;
      const { first, second } = valuesOf(state.moments, key);
      [valuesOf(state.parameters, name), first, second].forEach(free);
      state.parameters.set(name, valuesOf(device, `parameter:${name}`));
      state.moments.set(key, {
        first: valuesOf(device, `first:${name}`),
        second: valuesOf(device, `second:${name}`),
      });
    }
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }
}

const KINDS = ['parameter', 'first', 'second'] as const;

function free(values: Float32Array | DeviceTensor): void {
  if (!(values instanceof Float32Array)) values.dispose();
}
