import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RgbaImage } from '#common/image/rasterImage';
import { Gan } from '#engine/examples/gan/Gan';
import type { GanSettings } from '#engine/examples/gan/settings';
import { GAN_DEFAULTS } from '#engine/examples/gan/settings';
import { trainGan } from '#engine/examples/gan/trainGan';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { checkpointsOf } from '#engine/training/TrainingRun';
import { CheckpointFolder } from '#engine/training/checkpointFolder';
import { newTrainState, placeState, readState, disposeState } from '#engine/training/trainState';
import { adapterProblem } from '#test/helpers/webgpuAdapter';

const TINY: GanSettings = {
  ...GAN_DEFAULTS,
  size: 8,
  channels: 8,
  latent: 8,
  batch: 8,
  pictures: 100,
  measured: 64,
  checkpointEvery: 4,
};
const backend = new OrtBackend('cpu', { threadCount: 1 });

describe('the example GAN', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gan-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const train = async (name: string, steps: number) => {
    const written: [string, RgbaImage][] = [];
    const outcome = await trainGan(TINY, {
      folder: join(folder, name),
      backend,
      steps,
      writePicture: (file, picture) => {
        written.push([file, picture]);
        return Promise.resolve();
      },
    });
    return { outcome, written };
  };

  it('comes nearer to pictures it was not shown in tens of steps', async () => {
    const { outcome, written } = await train('run', 60);
    const { start, end, floor } = outcome;
    expect(end.pictures).toBeLessThan(0.8 * start.pictures);
    expect(floor.pictures).toBeLessThan(0.5 * start.pictures);
    expect(written.map(([file]) => file)).toEqual(['samples-000060']);
    expect([written[0][1].width, written[0][1].height]).toEqual([64, 64]);
  });

  it('goes on from a checkpoint to the same bits', async () => {
    await train('whole', 10);
    // Ends at 6 and saves there; going on repeats nothing and skips nothing.
    await train('parts', 6);
    await train('parts', 10);
    const [whole, parts] = await Promise.all(
      ['whole', 'parts'].map((name) => new CheckpointFolder(checkpointsOf(join(folder, name))).latest()),
    );
    expect(parts).toEqual(whole);
  });
});

describe('the example GAN on WebGPU', () => {
  const problem = adapterProblem();

  it.skipIf(problem !== undefined)(
    `does one step with the CPU's numbers${problem ?? ''}`,
    async () => {
      const gpu = new OrtBackend('webgpu', { refusesFallback: true });
      const settings = { ...TINY, channels: 4, batch: 4, measured: 8 };
      const results: Awaited<ReturnType<typeof oneStep>>[] = [];
      for (const each of [backend, gpu]) results.push(await oneStep(each, settings));
      const [onCpu, onGpu] = results;
      onGpu.losses.forEach((loss, k) => expect(loss).toBeCloseTo(onCpu.losses[k], 4));
      for (const [name, values] of onGpu.state.parameters) {
        const expected = onCpu.state.parameters.get(name)!;
        // A first Adam step is the sign of the gradient, so tiny gradients may differ by a whole step.
        const off = values.filter((value, k) => Math.abs(value - expected[k]) > 1e-4).length;
        expect(off, name).toBeLessThanOrEqual(values.length * 0.05 + 1);
      }
      await gpu.dispose();
    },
    120_000,
  );

  async function oneStep(on: OrtBackend, settings: GanSettings) {
    const gan = await Gan.compile(on, settings);
    const state = await placeState(on, newTrainState(gan.parameters, 1, gan.averaged), gan.parameters);
    const still = Float32Array.from({ length: settings.batch * 6 }, (_, k) =>
      Number(k % 6 === 0 || k % 6 === 4),
    );
    const same = Float32Array.from({ length: settings.batch * 12 }, (_, k) => Number((k % 12) % 5 === 0));
    const wave = (length: number) => Float32Array.from({ length }, (_, k) => Math.sin(k * 1.7));
    const real = new Map([['real', wave(settings.batch * 192)], ['real.placement', still], ['real.colour', same]]); // prettier-ignore
    const fake = new Map([['z', wave(settings.batch * 8)], ['fake.placement', still], ['fake.colour', same]]); // prettier-ignore
    const losses = [
      (await gan.discriminator.run(state, new Map([...real, ...fake]), 0.002)).loss,
      (await gan.penalty.run(state, real, 0.002)).loss,
      (await gan.generator.run(state, fake, 0.002)).loss,
    ];
    await gan.average.update(state, 0.5);
    const read = structuredClone(await readState(on, state));
    disposeState(state);
    await gan.dispose();
    return { losses, state: read };
  }
});
