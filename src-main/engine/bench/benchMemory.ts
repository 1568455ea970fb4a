import { createSeededRandom } from '#common/math/seededRandom';
import { Gan } from '#engine/examples/gan/Gan';
import { GAN_DEFAULTS } from '#engine/examples/gan/settings';
import type { Backend } from '#engine/runtime/Backend';
import { disposeState, newTrainState, placeState } from '#engine/training/trainState';

/** Resident memory of the process over a run, megabytes. */
export interface MemoryFigure {
  readonly steps: number;
  /** After a tenth of the steps: until then caches fill. */
  readonly first: number;
  readonly last: number;
  readonly peak: number;
}

/** Few pictures at a time: what would pile up does so once a step, whatever its size. */
const SETTINGS = { ...GAN_DEFAULTS, batch: 4 };

/** Trains the example's GAN, generator and discriminator in turns, and looks at the process's memory. */
export async function benchMemory(backend: Backend, steps: number): Promise<MemoryFigure> {
  const { batch, size, latent } = SETTINGS;
  const gan = await Gan.compile(backend, SETTINGS);
  const state = await placeState(backend, newTrainState(gan.parameters, 1, gan.averaged), gan.parameters);
  const random = createSeededRandom(1);
  const drawn = (count: number): Float32Array =>
    Float32Array.from({ length: count }, () => random.between(-1, 1));
  let [first, last, peak] = [0, 0, 0];
  for (let step = 1; step <= steps; step++) {
    const shared = [
      ['z', drawn(batch * latent)],
      ['fake.placement', identities(batch, 2, 3)],
      ['fake.colour', identities(batch, 3, 4)],
    ] as const;
    const real = [
      ['real', drawn(batch * 3 * size * size)],
      ['real.placement', identities(batch, 2, 3)],
      ['real.colour', identities(batch, 3, 4)],
    ] as const;
    await gan.generator.run(state, new Map(shared), 1e-4);
    await gan.discriminator.run(state, new Map([...shared, ...real]), 1e-4);
    await gan.average.update(state, 0.99);
    last = process.memoryUsage().rss / 1e6;
    peak = Math.max(peak, last);
    if (step === Math.ceil(steps / 10)) first = last;
  }
  disposeState(state);
  await gan.dispose();
  return { steps, first: Math.round(first), last: Math.round(last), peak: Math.round(peak) };
}

/** Augmentations that change nothing: [batch, rows, columns] with ones on the diagonal. */
function identities(batch: number, rows: number, columns: number): Float32Array {
  const size = rows * columns;
  return Float32Array.from({ length: batch * size }, (_, at) => {
    const [row, column] = [Math.floor((at % size) / columns), at % columns];
    return row === column ? 1 : 0;
  });
}
