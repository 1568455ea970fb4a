import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { add, mul, sub } from '#engine/graph/ops/arithmetic';
import { input } from '#engine/graph/ops/sources';
import type { Tensor } from '#engine/graph/tensor';
import type { Backend, Feed, Program } from '#engine/runtime/Backend';
import type { StateDict } from '#engine/training/initialValues';
import type { LiveState, Parameter } from '#engine/training/trainState';
import { valuesOf } from '#engine/training/trainState';

/** Moves the averages of a state towards its parameters: the generator that is shown and kept. */
export class MovingAverage {
  readonly #names: readonly string[];
  /** Only where the state lies on a device. */
  readonly #program: Program | undefined;

  private constructor(names: readonly string[], program: Program | undefined) {
    this.#names = names;
    this.#program = program;
  }

  static async compile(backend: Backend, averaged: readonly Parameter[]): Promise<MovingAverage> {
    const names = averaged.map(({ attributes }) => attributes.name);
    if (backend.rules.stateOn === 'host') return new MovingAverage(names, undefined);
    const outputs: Record<string, Tensor> = {};
    const decay = input('decay', []);
    for (const { attributes, shape } of averaged) {
      const current = input(`current:${attributes.name}`, shape);
      const old = input(`old:${attributes.name}`, shape);
      outputs[attributes.name] = add(current, mul(sub(old, current), decay));
    }
    const graph = lowerGraph('moving average', outputs, backend.rules);
    return new MovingAverage(names, await backend.compile(graph, { resident: names }));
  }

  /** @param decay how much of the old stays, in [0, 1) */
  async update(state: LiveState, decay: number): Promise<void> {
    if (this.#program === undefined) {
      updateMovingAverage(state.averages as StateDict, state.parameters as StateDict, decay);
      return;
    }
    const feeds = new Map<string, Feed>([['decay', Float32Array.of(decay)]]);
    for (const name of this.#names) {
      feeds.set(`current:${name}`, valuesOf(state.parameters, name));
      feeds.set(`old:${name}`, valuesOf(state.averages, name));
    }
    const { device } = await this.#program.run(feeds);
    for (const [name, values] of device) {
      const old = state.averages.get(name);
      state.averages.set(name, values);
      if (old !== undefined && !(old instanceof Float32Array)) old.dispose();
    }
  }

  async dispose(): Promise<void> {
    await this.#program?.dispose();
  }
}

/**
 * The same on arrays, in place.
 *
 * @param decay how much of the old stays, in [0, 1)
 */
export function updateMovingAverage(average: StateDict, current: StateDict, decay: number): void {
  for (const [name, values] of average) {
    const towards = current.get(name);
    if (towards === undefined) continue;
    for (let k = 0; k < values.length; k++) values[k] = towards[k] + decay * (values[k] - towards[k]);
  }
}

/** Decay for a half-life in images, StyleGAN's way to say it; short runs ramp up with what they have seen. */
export function decayOfHalfLife(batchSize: number, halfLifeImages: number, seenImages = Infinity): number {
  return 0.5 ** (batchSize / Math.max(1e-8, Math.min(halfLifeImages, seenImages * 0.05)));
}
