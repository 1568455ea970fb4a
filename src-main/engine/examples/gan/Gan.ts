import { grad } from '#engine/graph/grad';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { add, mul } from '#engine/graph/ops/arithmetic';
import { neg, softplus, square } from '#engine/graph/ops/elementwise';
import { mean, sum } from '#engine/graph/ops/reduce';
import { input } from '#engine/graph/ops/sources';
import { augment } from '#engine/graph/functions/augment';
import { Parameters } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { Backend, Feed, Program } from '#engine/runtime/Backend';
import { joinBatch } from '#engine/training/data/dataSource';
import { lazyAdam } from '#engine/training/lazyRegularization';
import { MovingAverage } from '#engine/training/movingAverage';
import type { LiveState, Parameter } from '#engine/training/trainState';
import { valuesOf } from '#engine/training/trainState';
import { TrainStep } from '#engine/training/TrainStep';
import { discriminator } from '#engine/examples/gan/discriminator';
import { generator } from '#engine/examples/gan/generator';
import type { GanSettings } from '#engine/examples/gan/settings';

/** Steps of the discriminator between two of its gradient penalty. */
export const PENALTY_INTERVAL = 16;

const PENALTY_WEIGHT = 0.05;
const ADAM = { beta1: 0, beta2: 0.99 };
const SAMPLE_BATCH = 32;

export const LAZY = lazyAdam(ADAM, PENALTY_INTERVAL);

/**
 * Both networks and the graphs of their training: losses as in StyleGAN2 (non-saturating, R1), everything the
 * discriminator sees augmented.
 */
export class Gan {
  /** Of both networks. */
  readonly parameters: readonly Parameter[];
  /** Of the generator: those that have a moving average. */
  readonly averaged: readonly Parameter[];
  /** Takes `z`, `fake.placement`, `fake.colour`. */
  readonly generator: TrainStep;
  /** Takes `real`, `real.placement` and `real.colour` besides; reports `realScores`. */
  readonly discriminator: TrainStep;
  /** R1 for the discriminator; takes `real`, `real.placement` and `real.colour`. */
  readonly penalty: TrainStep;
  readonly average: MovingAverage;
  readonly #sampler: Program;
  readonly #latent: number;

  private constructor(parts: Pick<Gan, GanPart> & { readonly sampler: Program; readonly latent: number }) {
    this.parameters = parts.parameters;
    this.averaged = parts.averaged;
    this.generator = parts.generator;
    this.discriminator = parts.discriminator;
    this.penalty = parts.penalty;
    this.average = parts.average;
    this.#sampler = parts.sampler;
    this.#latent = parts.latent;
  }

  static async compile(backend: Backend, settings: GanSettings): Promise<Gan> {
    const { batch, size, latent } = settings;
    const [ofG, ofD] = [new Parameters(), new Parameters()];
    const generate = (z: Tensor): Tensor => generator(ofG.scope('generator'), z, settings);
    const score = (pictures: Tensor, kind: 'real' | 'fake'): Tensor => {
      const placement = input(`${kind}.placement`, [batch, 2, 3]);
      const colour = input(`${kind}.colour`, [batch, 3, 4]);
      return discriminator(ofD.scope('discriminator'), augment(pictures, { placement, colour }), settings);
    };
    const real = input('real', [batch, 3, size, size]);
    const realScores = score(real, 'real');
    const fakeScores = score(generate(input('z', [batch, latent])), 'fake');
    const slope = grad(sum(realScores), [real])[0];
    const [trainedG, trainedD] = [ofG.trained, ofD.trained];
    const ofDiscriminator = { trained: trainedD, optimizer: 'discriminator', adam: LAZY.adam };
    return new Gan({
      parameters: [...ofG.all, ...ofD.all],
      averaged: trainedG,
      generator: await TrainStep.compile(backend, {
        name: 'generator',
        loss: mean(softplus(neg(fakeScores))),
        trained: trainedG,
        adam: ADAM,
      }),
      discriminator: await TrainStep.compile(backend, {
        ...ofDiscriminator,
        name: 'discriminator',
        loss: add(mean(softplus(fakeScores)), mean(softplus(neg(realScores)))),
        report: { realScores },
      }),
      penalty: await TrainStep.compile(backend, {
        ...ofDiscriminator,
        name: 'penalty',
        loss: mul(sum(square(slope)), (PENALTY_WEIGHT / 2 / batch) * PENALTY_INTERVAL),
      }),
      latent,
      average: await MovingAverage.compile(backend, trainedG),
      sampler: await backend.compile(
        lowerGraph('sampler', { pictures: generate(input('z', [SAMPLE_BATCH, latent])) }, backend.rules),
      ),
    });
  }

  /**
   * Pictures of the averaged generator.
   *
   * @param latents [count, latent]
   * @returns [count, 3, size, size]
   */
  async sample({ parameters, averages }: LiveState, latents: Float32Array): Promise<Float32Array> {
    const length = this.#latent;
    const count = latents.length / length;
    const parts: Float32Array[] = [];
    for (let start = 0; start < count; start += SAMPLE_BATCH) {
      // The last batch is filled up with zeros, and what comes of them is cut off.
      const z = new Float32Array(SAMPLE_BATCH * length);
      z.set(latents.subarray(start * length, (start + SAMPLE_BATCH) * length));
      const feeds = new Map<string, Feed>([...parameters, ...averages, ['z', z]]);
      parts.push(valuesOf((await this.#sampler.run(feeds)).values, 'pictures') as Float32Array);
    }
    const pictures = joinBatch(parts);
    return pictures.subarray(0, (pictures.length / (parts.length * SAMPLE_BATCH)) * count);
  }

  async dispose(): Promise<void> {
    for (const part of [this.generator, this.discriminator, this.penalty, this.average, this.#sampler]) {
      await part.dispose();
    }
  }
}

type GanPart = 'parameters' | 'averaged' | 'generator' | 'discriminator' | 'penalty' | 'average';
