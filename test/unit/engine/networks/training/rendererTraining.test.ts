import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { Parameters } from '#engine/graph/parameters';
import { lookAtLabel } from '#engine/networks/camera/lookAt';
import { DISCRIMINATOR_CONFIGS } from '#engine/networks/discriminator/discriminatorConfig';
import { identityEmbedding } from '#engine/networks/identity/identity';
import { IDENTITY_CONFIGS } from '#engine/networks/identity/identityConfig';
import { RENDERER_CONFIGS } from '#engine/networks/renderer/rendererConfig';
import { identityLoss, perceptualLoss } from '#engine/networks/training/losses/pictureDistance';
import { discriminatorFeatures } from '#engine/networks/perceptual/discriminatorFeatures';
import type { RendererPhase } from '#engine/networks/training/rendererTraining';
import { halfStaticScales, RENDERER_RECIPES, rendererPhase, rendererSteps } from '#engine/networks/training/rendererTraining'; // prettier-ignore
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { normals } from '#engine/training/randomStreams';
import { newTrainState, placeState } from '#engine/training/trainState';
import { lossesOf } from '#test/helpers/networks/lossesOf';
import { aDrivenFace, somePictures } from '#test/helpers/networks/trainingInputs';

const CONTRACT = TRIPLANE_CONTRACTS['compact-cpu'];
const BATCH = 2;
const RENDER_SIZE = 24;
const RECIPE = RENDERER_RECIPES['compact-cpu'];

function givenInputs(): Readonly<Record<string, Float32Array>> {
  const random = createSeededRandom(4);
  const { planeSize, planeChannels, motionSize, latentCount, latentSize, imageSize, uvSize } = CONTRACT;
  const rays = RENDER_SIZE ** 2;
  const { core } = RENDERER_CONFIGS['compact-cpu'];
  return {
    source: somePictures(BATCH, core.sourceSize),
    sourceMotion: normals(random, BATCH * motionSize),
    motion: normals(random, BATCH * motionSize),
    triplane: normals(random, BATCH * 4 * planeChannels * planeSize ** 2),
    ws: normals(random, latentCount * latentSize),
    ...aDrivenFace(BATCH, uvSize),
    camera: Float32Array.from([...lookAtLabel({ yaw: 1.4 }), ...lookAtLabel({ yaw: 1.8 })]),
    'truth.image': somePictures(BATCH, imageSize),
    'truth.raw': somePictures(BATCH, RENDER_SIZE),
    'truth.features': normals(random, BATCH * planeChannels * rays),
    'truth.depth': new Float32Array(BATCH * rays).fill(2.7),
    'truth.opacity': new Float32Array(BATCH * rays).fill(1),
    'truth.planes': normals(random, BATCH * 3 * planeChannels * planeSize ** 2),
  };
}

function stepsOf(phase: RendererPhase) {
  const networks = { renderer: new Parameters(), discriminator: new Parameters() };
  const judge = new Parameters();
  const steps = rendererSteps(networks, {
    renderer: RENDERER_CONFIGS['compact-cpu'],
    discriminator: DISCRIMINATOR_CONFIGS['compact-cpu'],
    recipe: { ...RECIPE, batch: BATCH, weights: { ...RECIPE.weights, identity: 1 } },
    phase,
    perceptual: perceptualLoss(
      discriminatorFeatures(judge.scope('judge'), DISCRIMINATOR_CONFIGS['compact-cpu']),
      CONTRACT.imageSize,
    ),
    identity: identityLoss(
      (picture) => identityEmbedding(judge.scope('identity'), picture, IDENTITY_CONFIGS['compact-cpu']),
      CONTRACT.imageSize,
    ),
  });
  return { parameters: [...networks.renderer.all, ...networks.discriminator.all, ...judge.all], steps };
}

describe('training the renderer', () => {
  it('lowers the losses of renderer and discriminator on a batch that stays', async () => {
    const { parameters, steps } = stepsOf({ isWarmUp: false, renderSize: RENDER_SIZE });
    const backend = new OrtBackend('cpu', { threadCount: 1 });
    const state = await placeState(backend, newTrainState(parameters, 3), parameters);
    const run = { backend, state, given: givenInputs(), noise: steps.noise, rate: 1e-3, updates: 3 };
    for (const name of ['renderer', 'penalty', 'discriminator'] as const) {
      const step = steps[name];
      if (step === undefined) throw new Error(`${name} is missing`);
      const losses = await lossesOf(step, run);
      expect(losses[2], name).toBeLessThan(losses[0]);
    }
    await backend.dispose();
  });

  it('leaves volume decoder and super-resolution alone during the warm-up, and hears no adversary', () => {
    const { steps } = stepsOf({ isWarmUp: true, renderSize: RENDER_SIZE });
    const names = steps.renderer.trained.map(({ attributes }) => attributes.name);
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => /decoder\.net|superresolution/.test(name))).toEqual([]);
    expect(Object.keys(steps.renderer.report ?? {})).not.toContain('adversary');
    expect(steps.discriminator).toBeUndefined();
  });

  it('follows the schedule of the supplement', () => {
    const at = (millions: number): RendererPhase =>
      rendererPhase(RENDERER_RECIPES.paper, 128, millions * 1e6);
    expect([0, 0.99, 1, 7.9].map(at)).toEqual([
      { isWarmUp: true, renderSize: 64 },
      { isWarmUp: true, renderSize: 64 },
      { isWarmUp: false, renderSize: 128 },
      { isWarmUp: false, renderSize: 128 },
    ]);
  });

  it('shows half of a batch without motion', () => {
    expect([...halfStaticScales(4)]).toEqual([1, 1, 0, 0]);
  });
});
