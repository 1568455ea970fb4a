import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { Parameters } from '#engine/graph/parameters';
import { GENERATOR_CONFIGS } from '#engine/networks/generator/generatorConfig';
import { drawCamera, VAE_CAMERAS } from '#engine/networks/training/cameraSampling';
import { VAE_RECIPES, vaeStep } from '#engine/networks/training/vaeTraining';
import { absoluteDistance } from '#engine/networks/training/losses/absoluteDistance';
import { VAE_CONFIGS } from '#engine/networks/vae/vaeConfig';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { normals } from '#engine/training/randomStreams';
import { newTrainState, placeState } from '#engine/training/trainState';
import { lossesOf } from '#test/helpers/networks/lossesOf';
import { aDrivenFace, somePictures } from '#test/helpers/networks/trainingInputs';

const [VAE, GENERATOR] = [VAE_CONFIGS['compact-cpu'], GENERATOR_CONFIGS['compact-cpu']];

describe('training the VAE', () => {
  it('lowers its loss on a triplane that stays, and leaves the generator that looks at it alone', async () => {
    const networks = { vae: new Parameters(), generator: new Parameters() };
    const recipe = { ...VAE_RECIPES['compact-cpu'], batch: 1 };
    const { step, noise } = vaeStep(networks, { vae: VAE, generator: GENERATOR, recipe }, absoluteDistance);
    const all = [...networks.vae.all, ...networks.generator.all];
    const backend = new OrtBackend('cpu', { threadCount: 1 });
    const start = newTrainState(all, 3);
    const frozen = networks.generator.all.map(({ attributes }) => attributes.name);
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
    const losses = await lossesOf(step, { backend, state, given, noise, rate: 2e-3, updates: 4 });
    expect(losses[3]).toBeLessThan(losses[0] * 0.95);
    expect(frozen.map((name) => state.parameters.get(name))).toEqual(before);
    await backend.dispose();
  });
});
