import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { Parameters } from '#engine/graph/parameters';
import { DISCRIMINATOR_CONFIGS } from '#engine/networks/discriminator/discriminatorConfig';
import { GENERATOR_CONFIGS } from '#engine/networks/generator/generatorConfig';
import { drawCamera, VAE_CAMERAS } from '#engine/networks/training/cameraSampling';
import { VAE_RECIPES, vaeStep } from '#engine/networks/training/vaeTraining';
import { perceptualLoss } from '#engine/networks/training/losses/pictureDistance';
import { discriminatorFeatures } from '#engine/networks/perceptual/discriminatorFeatures';
import { VAE_CONFIGS } from '#engine/networks/vae/vaeConfig';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { normals } from '#engine/training/randomStreams';
import { newTrainState, placeState } from '#engine/training/trainState';
import { lossesOf } from '#test/helpers/networks/lossesOf';
import { aDrivenFace, somePictures } from '#test/helpers/networks/trainingInputs';

const [VAE, GENERATOR] = [VAE_CONFIGS['compact-cpu'], GENERATOR_CONFIGS['compact-cpu']];

const JUDGE = DISCRIMINATOR_CONFIGS['compact-cpu'];

describe('training the VAE', () => {
  it('lowers its loss on a triplane that stays, and leaves alone the networks that look at it', async () => {
    const judge = new Parameters();
    const perceptual = perceptualLoss(discriminatorFeatures(judge.scope(), JUDGE), JUDGE.imageSize);
    const networks = { vae: new Parameters(), generator: new Parameters() };
    const recipe = { ...VAE_RECIPES['compact-cpu'], batch: 1 };
    const { step, noise } = vaeStep(networks, { vae: VAE, generator: GENERATOR, recipe }, perceptual);
    const all = [...networks.vae.all, ...networks.generator.all, ...judge.all];
    const backend = new OrtBackend('cpu', { threadCount: 1 });
    const start = newTrainState(all, 3);
    const frozen = [...networks.generator.all, ...judge.all].map(({ attributes }) => attributes.name);
    const before = frozen.map((name) => start.parameters.get(name)?.slice());
    const state = await placeState(backend, start, all);
    const random = createSeededRandom(1);
    const { latentCount, latentSize, uvSize } = GENERATOR.blend;
    const given = {
      // Four planes of smooth features: three channels at a time.
      triplane: somePictures(11, VAE.planeSize).subarray(0, 4 * VAE.planeChannels * VAE.planeSize ** 2),
      ws: normals(random, latentCount * latentSize),
      camera: drawCamera(random, VAE_CAMERAS),
      ...aDrivenFace(1, uvSize),
    };
    const losses = await lossesOf(step, { backend, state, given, noise, rate: recipe.rate, updates: 6 });
    expect(losses[5]).toBeLessThan(losses[0] * 0.8);
    expect(frozen.map((name) => state.parameters.get(name))).toEqual(before);
    await backend.dispose();
  });
});
