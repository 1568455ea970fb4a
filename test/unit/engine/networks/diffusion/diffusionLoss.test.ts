import { describe, expect, it } from 'vitest';
import { compareWithGolden, readGolden, runOnCpu } from '../../../../helpers/golden';
import { grad } from '#engine/graph/grad';
import { toIndex } from '#engine/graph/ops/convert';
import { input } from '#engine/graph/ops/sources';
import { addNoise, diffusionLoss } from '#engine/networks/diffusion/diffusionLoss';
import { impliedLatent } from '#engine/networks/diffusion/denoise';
import { levelAt, linearSchedule } from '#engine/networks/diffusion/noiseSchedule';
import type { HostValues } from '#engine/runtime/Backend';
import { normals, streamAt } from '#engine/training/randomStreams';

const ten = linearSchedule(10, 1e-2, 0.3);

describe('the loss of diffusion', () => {
  it('is that of PyTorch’s distributions, step 0 too', async () => {
    const { errors } = await compareWithGolden(readGolden('diffusion'), (_, inputs) => {
      const { latent, noise, predicted, variance } = inputs;
      const batch = { latent, noise, step: toIndex(inputs['step']) };
      const { loss, simple, bound } = diffusionLoss(ten, batch, { noise: predicted, variance });
      if (bound === undefined) throw new Error('no bound');
      return { noisy: addNoise(ten, batch), loss, simple, bound };
    });
    expect(Object.keys(errors)).toHaveLength(4);
    for (const error of Object.values(errors)) expect(error).toBeLessThan(1e-4);
  });

  it('lets the bound teach the variance only', async () => {
    const shape = [2, 1, 2, 2];
    const [latent, noise, predicted, variance] = ['latent', 'noise', 'predicted', 'variance'].map((name) =>
      input(name, shape),
    );
    const batch = { latent, noise, step: input('step', [2], 'int32') };
    const { bound, simple, loss } = diffusionLoss(ten, batch, { noise: predicted, variance });
    if (bound === undefined) throw new Error('no bound');
    const [ofNoise, ofVariance] = grad(bound, [predicted, variance]);
    const [whole] = grad(loss, [predicted]);
    const [plain] = grad(simple, [predicted]);
    const feeds = new Map(
      ['latent', 'noise', 'predicted', 'variance'].map((name) => [name, normals(streamAt(1, name, 0), 8)]),
    );
    const values = await runOnCpu(
      { ofNoise, ofVariance, whole, plain },
      new Map<string, HostValues>([...feeds, ['step', Int32Array.of(3, 7)]]),
    );
    expect(values.get('ofNoise')?.every((value) => value === 0)).toBe(true);
    expect(values.get('ofVariance')?.some((value) => Math.abs(value) > 1e-4)).toBe(true);
    expect(values.get('whole')).toEqual(values.get('plain'));
  });

  it('is the squared error alone where no variance is learned', () => {
    const [latent, noise, predicted] = ['latent', 'noise', 'predicted'].map((name) =>
      input(name, [1, 1, 2, 2]),
    );
    const { loss, simple, bound } = diffusionLoss(ten, { latent, noise, step: input('step', [1], 'int32') }, { noise: predicted }); // prettier-ignore
    expect(loss).toBe(simple);
    expect(bound).toBeUndefined();
  });

  // T15
  it('noises a latent so that the true noise gives it back', async () => {
    const schedule = linearSchedule();
    const shape = [4, 1, 3, 3];
    const [latent, noise] = ['latent', 'noise'].map((name) => input(name, shape));
    const steps = [0, 250, 700, 999];
    const noisy = addNoise(schedule, { latent, noise, step: input('step', [4], 'int32') });
    const [clean, drowned] = ['latent', 'noise'].map((name) => normals(streamAt(1, name, 0), 36));
    const feeds = new Map<string, Float32Array | Int32Array>([['latent', clean], ['noise', drowned], ['step', Int32Array.from(steps)]]); // prettier-ignore
    const values = (await runOnCpu({ noisy }, feeds)).get('noisy') as Float32Array;
    steps.forEach((step, sample) => {
      const own = (from: Float32Array): Float32Array => from.subarray(sample * 9, (sample + 1) * 9);
      const back = impliedLatent(own(values), own(drowned), levelAt(schedule, step));
      // At the last step 0.6 % of the signal is left, and float32 rounds the rest away.
      back.forEach((value, k) => {
        expect(Math.abs(value - own(clean)[k])).toBeLessThan(step === 999 ? 2e-4 : 1e-5);
      });
    });
  });
});
