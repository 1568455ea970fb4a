import type { SeededRandom } from '#common/math/seededRandom';
import { input } from '#engine/graph/ops/sources';
import type { Shape, Tensor } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';

/** Where the random numbers of an input come from. */
export type Distribution =
  | { readonly kind: 'normal'; readonly deviation?: number }
  | { readonly kind: 'uniform'; readonly low?: number; readonly high?: number };

/**
 * The random inputs of a train step, declared where the graph needs them, so that graph and loop cannot disagree on names
 * and shapes.
 *
 *     const noise = new NoiseInputs();
 *     const z = noise.declare('z', [batch, 512], { kind: 'normal' });
 *     ... each step: await run.update(step, { ...data, ...noise.draw(run.random('step'), step.inputs) }, rate)
 */
export class NoiseInputs {
  readonly #declared = new Map<string, { readonly shape: Shape; readonly distribution: Distribution }>();

  declare(name: string, shape: Shape, distribution: Distribution): Tensor {
    this.#declared.set(name, { shape, distribution });
    return input(name, shape);
  }

  /**
   * Numbers for those of `names` that were declared, in the order of declaring.
   *
   * @param names the inputs of a step (`TrainStep.inputs`)
   */
  draw(random: SeededRandom, names: readonly string[]): Record<string, Float32Array> {
    const drawn: Record<string, Float32Array> = {};
    for (const [name, { shape, distribution }] of this.#declared) {
      if (!names.includes(name)) continue;
      drawn[name] = Float32Array.from({ length: sizeOf(shape) }, () => drawOne(random, distribution));
    }
    return drawn;
  }
}

function drawOne(random: SeededRandom, distribution: Distribution): number {
  if (distribution.kind === 'normal') return random.normal() * (distribution.deviation ?? 1);
  return random.between(distribution.low ?? 0, distribution.high ?? 1);
}
