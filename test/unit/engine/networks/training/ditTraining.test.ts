import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { Parameters } from '#engine/graph/parameters';
import { DIT_CONFIGS } from '#engine/networks/dit/ditConfig';
import { DIT_RECIPES, ditStep, drawShown, drawSteps } from '#engine/networks/training/ditTraining';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { normals } from '#engine/training/randomStreams';
import { newTrainState, placeState } from '#engine/training/trainState';
import { lossesOf } from '#test/helpers/networks/lossesOf';

const BATCH = 2;
const CONFIG = DIT_CONFIGS['compact-cpu'];

describe('training the denoiser', () => {
  it.each([false, true])(
    'lowers its loss on a batch that stays, learned variance %s',
    async (learnsVariance) => {
      const config = { ...CONFIG, learnsVariance };
      const parameters = new Parameters();
      const { step, noise } = ditStep(parameters, {
        config,
        recipe: { ...DIT_RECIPES['compact-cpu'], batch: BATCH },
      });
      const backend = new OrtBackend('cpu', { threadCount: 1 });
      const state = await placeState(backend, newTrainState(parameters.all, 3), parameters.all);
      const random = createSeededRandom(1);
      const { latentChannels, planes, planeSize, dino, clip } = config;
      const given = {
        latent: normals(random, BATCH * latentChannels * planes * planeSize ** 2),
        dinoFeatures: normals(random, BATCH * dino.features * dino.featureSize),
        clipFeatures: normals(random, BATCH * clip.features * clip.featureSize),
        step: Int32Array.of(0, 400),
        shown: Float32Array.of(1, 0),
      };
      const losses = await lossesOf(step, { backend, state, given, noise, rate: 1e-3, updates: 6 });
      expect(losses[0]).toBeGreaterThan(0.9);
      expect(losses[5]).toBeLessThan(losses[0] * 0.99);
      await backend.dispose();
    },
  );

  it('draws every step of the schedule and leaves out the portrait now and then', () => {
    const random = createSeededRandom(2);
    const steps = drawSteps(random, 20_000);
    expect([Math.min(...steps), Math.max(...steps)]).toEqual([0, 999]);
    const shown = drawShown(random, 20_000, 0.1);
    expect(shown.reduce((sum, value) => sum + value) / shown.length).toBeCloseTo(0.9, 2);
  });
});
