import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { Parameters } from '#engine/graph/parameters';
import { lookAtLabel } from '#engine/networks/camera/lookAt';
import { DISCRIMINATOR_CONFIGS } from '#engine/networks/discriminator/discriminatorConfig';
import { GENERATOR_CONFIGS } from '#engine/networks/generator/generatorConfig';
import { GAN_RECIPES, ganSteps, keepStyleAverage } from '#engine/networks/training/ganTraining';
import { blurTaps } from '#engine/networks/training/pictureBlur';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { drawAugmentation } from '#engine/training/augmentation';
import { newTrainState, placeState } from '#engine/training/trainState';
import { lossesOf } from '#test/helpers/networks/lossesOf';
import { aDrivenFace, somePictures } from '#test/helpers/networks/trainingInputs';

const BATCH = 2;
const RECIPE = { ...GAN_RECIPES['compact-cpu'], batch: BATCH };
const [G, D] = [GENERATOR_CONFIGS['compact-cpu'], DISCRIMINATOR_CONFIGS['compact-cpu']];

/** Everything a step may be fed but its noise. */
function givenInputs(): Readonly<Record<string, Float32Array>> {
  const random = createSeededRandom(5);
  const [made, real] = [0, 0.5].map((probability) =>
    drawAugmentation(random, { batch: BATCH, size: D.imageSize, probability }),
  );
  const labels = Float32Array.from([...lookAtLabel({ yaw: 1.4 }), ...lookAtLabel({ yaw: 1.8 })]);
  return {
    camera: labels,
    ...aDrivenFace(BATCH, G.blend.uvSize),
    'real.image': somePictures(BATCH, D.imageSize),
    'real.raw': somePictures(BATCH, D.renderSize),
    'real.camera': labels,
    'blur.image': blurTaps(RECIPE.blur, 0),
    'blur.raw': blurTaps(
      { ...RECIPE.blur, deviation: (RECIPE.blur.deviation * D.renderSize) / D.imageSize },
      0,
    ),
    'made.placement': made.placement,
    'made.colour': made.colour,
    'real.placement': real.placement,
    'real.colour': real.colour,
  };
}

type StepName = 'generator' | 'density' | 'discriminator' | 'penalty';

describe('fine-tuning a generator', () => {
  it('lowers each of its four losses on a batch that stays', async () => {
    const networks = { generator: new Parameters(), discriminator: new Parameters() };
    const steps = ganSteps(networks, { generator: G, discriminator: D, recipe: RECIPE });
    const parameters = [...networks.generator.all, ...networks.discriminator.all];
    const backend = new OrtBackend('cpu', { threadCount: 1 });
    const state = await placeState(backend, newTrainState(parameters, 3), parameters);
    const given = givenInputs();
    for (const name of ['discriminator', 'penalty', 'generator', 'density'] satisfies StepName[]) {
      const losses = await lossesOf(steps[name], {
        backend,
        state,
        given,
        noise: steps.noise,
        rate: 2e-3,
        updates: 4,
      });
      expect(losses[3], name).toBeLessThan(losses[0]);
    }
    await backend.dispose();
  }, 120_000);

  it('keeps the average of styles that the generator reports', async () => {
    const networks = { generator: new Parameters(), discriminator: new Parameters() };
    ganSteps(networks, { generator: G, discriminator: D, recipe: RECIPE });
    const backend = new OrtBackend('cpu', { threadCount: 1 });
    const state = newTrainState(networks.generator.all, 3);
    const wAverage = new Float32Array(G.mapping.latentSize).fill(0.25);
    await keepStyleAverage(backend, state, {
      loss: 0,
      gradientLength: 0,
      report: new Map([['wAverage', wAverage]]),
    });
    expect(state.parameters.get('backbone.mapping.w_avg')).toEqual(wAverage);
    await backend.dispose();
  });
});
