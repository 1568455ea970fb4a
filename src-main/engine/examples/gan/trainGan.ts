import { z } from 'zod';
import type { AppError } from '#common/contract/errors';
import type { RgbaImage } from '#common/image/rasterImage';
import type { Backend } from '#engine/runtime/Backend';
import { controlAugmentation, drawAugmentation, NO_AUGMENTATION } from '#engine/training/augmentation';
import { joinBatch } from '#engine/training/data/dataSource';
import { ShuffledBatches } from '#engine/training/data/ShuffledBatches';
import { constantRate, withWarmUp } from '#engine/training/learningRate';
import { isDue } from '#engine/training/lazyRegularization';
import { decayOfHalfLife } from '#engine/training/movingAverage';
import { normals, streamAt } from '#engine/training/randomStreams';
import { sampleGrid } from '#engine/training/sampleGrid';
import { TrainingRun } from '#engine/training/TrainingRun';
import { Gan, LAZY, PENALTY_INTERVAL } from '#engine/examples/gan/Gan';
import type { PictureDistance } from '#engine/examples/gan/pictureDistance';
import { pictureDistance } from '#engine/examples/gan/pictureDistance';
import type { GanSettings } from '#engine/examples/gan/settings';
import { shapePictures } from '#engine/examples/gan/shapePictures';

/** What a run needs from outside. */
export interface GanSurroundings {
  readonly folder: string;
  readonly backend: Backend;
  /** Steps after which the run ends; it may have some behind it. */
  readonly steps: number;
  readonly writePicture: (name: string, picture: RgbaImage) => Promise<void>;
  readonly onStep?: (step: number, metrics: Readonly<Record<string, number>>) => void;
  /** Hears of checkpoints that are damaged and passed over for an older one. */
  readonly onDamaged?: (error: AppError) => void;
}

export interface GanOutcome {
  readonly steps: number;
  /** Of the first weights and of the last ones to pictures that training does not see. */
  readonly start: PictureDistance;
  readonly end: PictureDistance;
  /** Of two sets of real pictures: what a perfect generator would reach. */
  readonly floor: PictureDistance;
}

const RATE = withWarmUp(50, constantRate(0.0025));
const AVERAGE_HALF_LIFE = 2_000;
const AUGMENTATION_TARGET = { pictures: 40_000, every: 64 };
/** Index of the first picture that training cannot have seen. */
const HELD_OUT = 1_000_000;

const distanceSchema = z.object({ pictures: z.number(), patches: z.number() });
const notesSchema = z.object({
  position: z.int().default(0),
  augmentation: z
    .object({ probability: z.number(), signSum: z.number(), count: z.number() })
    .default(NO_AUGMENTATION),
  start: distanceSchema.optional(),
});

/** Trains the example, or goes on with it: the loop is all there is to it. */
export async function trainGan(settings: GanSettings, around: GanSurroundings): Promise<GanOutcome> {
  const { backend, folder, steps } = around;
  const { batch, size, latent, seed, measured } = settings;
  const gan = await Gan.compile(backend, settings);
  const { parameters, averaged } = gan;
  const { onDamaged } = around;
  const run = await TrainingRun.open({
    ...settings, folder, backend, parameters, averaged, ...(onDamaged && { onDamaged }),
  }); // prettier-ignore
  const notes = notesSchema.parse(run.notes);
  const data = shapePictures(size, 0, settings.pictures);
  const batches = new ShuffledBatches(data, { batchSize: batch, seed, position: notes.position });
  const latents = normals(streamAt(seed, 'measured latents', 0), measured * latent);
  const measure = async (): Promise<PictureDistance> =>
    pictureDistance(await gan.sample(run.state, latents), await drawn(settings, HELD_OUT), size);
  const start = notes.start ?? (await measure());
  let augmentation = notes.augmentation;

  while (run.step < steps) {
    const rate = RATE(run.step);
    const random = run.random('step');
    const { probability } = augmentation;
    const draw = (kind: 'real' | 'fake') => {
      const { placement, colour } = drawAugmentation(random, { batch, size, probability });
      return { [`${kind}.placement`]: placement, [`${kind}.colour`]: colour };
    };

    const real = { real: joinBatch(await batches.next()), ...draw('real') };
    const fake = { z: normals(random, batch * latent), ...draw('fake') };
    const ofD = await run.update(gan.discriminator, { ...real, ...fake }, rate * LAZY.rateScale);
    if (isDue(run.step, PENALTY_INTERVAL)) await run.update(gan.penalty, real, rate * LAZY.rateScale);

    const next = { z: normals(random, batch * latent), ...draw('fake') };
    const ofG = await run.update(gan.generator, next, rate);
    await gan.average.update(run.state, decayOfHalfLife(batch, AVERAGE_HALF_LIFE, (run.step + 1) * batch));

    const realScores = ofD.report.get('realScores') ?? [];
    augmentation = controlAugmentation(augmentation, realScores, AUGMENTATION_TARGET);
    const metrics = { generator: ofG.loss, discriminator: ofD.loss, augmentation: probability };
    await run.endStep(metrics, { position: batches.position, augmentation, start });
    around.onStep?.(run.step, metrics);
    if (isDue(run.step, settings.samplesEvery) || run.step === steps) {
      const grid = sampleGrid(await gan.sample(run.state, latents.subarray(0, 64 * latent)), size, 8);
      await around.writePicture(`samples-${String(run.step).padStart(6, '0')}`, grid);
    }
  }

  await run.save({ position: batches.position, augmentation, start });
  const [end, real] = [await measure(), await drawn(settings, HELD_OUT)];
  const floor = pictureDistance(await drawn(settings, 2 * HELD_OUT), real, size);
  const done = run.step;
  await run.dispose();
  await gan.dispose();
  return { steps: done, start, end, floor };
}

/** As many real pictures as are measured, from an index on. */
async function drawn({ size, measured }: GanSettings, first: number): Promise<Float32Array> {
  const source = shapePictures(size, first, measured);
  const pictures: Float32Array[] = [];
  for (let index = 0; index < measured; index++) pictures.push(await source.read(index));
  return joinBatch(pictures);
}
