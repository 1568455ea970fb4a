import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import { guided } from '#engine/networks/diffusion/denoise';
import { sampleLatent } from '#engine/networks/diffusion/sampleLatent';
import { ditNetworks } from '#engine/networks/dit/definitions';
import type { DitConfig } from '#engine/networks/dit/ditConfig';
import { DIT_CONFIGS } from '#engine/networks/dit/ditConfig';
import type { FeatureValues, TokenFeeds } from '#engine/networks/dit/programDenoiser';
import { programDenoiser, unconditionalFeatures } from '#engine/networks/dit/programDenoiser';
import type { Program } from '#engine/runtime/Backend';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import type { StateDict } from '#engine/training/initialValues';
import { initialValues } from '#engine/training/initialValues';
import { normals, streamAt } from '#engine/training/randomStreams';

const config: DitConfig = {
  ...DIT_CONFIGS['compact-cpu'],
  planeSize: 6,
  latentChannels: 2,
  width: 24,
  depth: 1,
  heads: 2,
  learnsVariance: true,
  dino: { features: 5, featureSize: 6, tokens: 4 },
  clip: { features: 3, featureSize: 6, tokens: 2 },
};
const SIZE = 2 * 4 * 6 * 6;

const features: FeatureValues = {
  dinoFeatures: normals(streamAt(1, 'dino', 0), 30),
  clipFeatures: normals(streamAt(1, 'clip', 0), 18),
};
const never = (): Promise<Float32Array> => Promise.reject(new Error('was asked'));

describe('the transformer behind a sampler', () => {
  const backend = new OrtBackend('cpu', { threadCount: 1 });
  let denoiser: Program;
  let resampler: Program;
  let weights: StateDict;

  async function compile(name: string): Promise<{ readonly program: Program; readonly state: StateDict }> {
    const network = ditNetworks.find((each) => each.name === name)?.configured({ json: config });
    if (network === undefined) throw new Error(`no network ${name}`);
    const parameters = new Parameters();
    const inputs = Object.fromEntries(
      Object.entries(network.inputs(1)).map(([key, shape]) => [key, input(key, shape)]),
    );
    const outputs = network.build(parameters.scope(), inputs);
    const program = await backend.compile(lowerGraph(name, outputs, backend.rules));
    return { program, state: initialValues(parameters.all, 4) };
  }

  async function tokensOf({ dinoFeatures, clipFeatures }: FeatureValues): Promise<TokenFeeds> {
    const feeds = new Map([...weights, ['dinoFeatures', dinoFeatures], ['clipFeatures', clipFeatures]]);
    const known = [...resampler.graph.inputs, ...resampler.graph.parameters].map(({ name }) => name);
    const { values } = await resampler.run(new Map([...feeds].filter(([name]) => known.includes(name))));
    const [imageTokens, crossTokens] = ['imageTokens', 'crossTokens'].map((name) => values.get(name));
    if (imageTokens === undefined || crossTokens === undefined) throw new Error('no tokens');
    return { imageTokens, crossTokens };
  }

  beforeAll(async () => {
    const [first, second] = [await compile('dit.denoiser'), await compile('dit.resampler')];
    denoiser = first.program;
    resampler = second.program;
    weights = new Map([...first.state, ...second.state]);
    // Zeros at first; then nothing could be told apart.
    for (const name of ['final_layer.linear.weight', 'blocks.0.cross_attn.proj.weight']) {
      const size = weights.get(name)?.length ?? 0;
      weights.set(name, normals(streamAt(1, name, 0), size).map((value) => 0.1 * value)); // prettier-ignore
    }
  });

  afterAll(async () => {
    await backend.dispose();
  });

  it('gives noise, and the place of the variance', async () => {
    const denoise = programDenoiser(denoiser, weights, await tokensOf(features), config);
    const { noise, variance } = await denoise(normals(streamAt(1, 'x', 0), SIZE), 500);
    expect([noise.length, variance?.length]).toEqual([SIZE, SIZE]);
    expect(noise).not.toEqual(variance);
  });

  it('samples with guidance, the same for the same seed; scale 1 is the conditional sampler', async () => {
    const conditional = programDenoiser(denoiser, weights, await tokensOf(features), config);
    const nothing = await tokensOf(await unconditionalFeatures(features, config, never));
    const unconditional = programDenoiser(denoiser, weights, nothing, config);
    const sample = (scale: number, seed: number): Promise<Float32Array> =>
      sampleLatent(guided(conditional, unconditional, scale), { size: SIZE, seed, steps: 5 });
    const guidedLatent = await sample(3, 1);
    expect(guidedLatent.every(Number.isFinite)).toBe(true);
    expect(await sample(3, 1)).toEqual(guidedLatent);
    expect(await sample(1, 1)).not.toEqual(guidedLatent);
    expect(await sample(1, 1)).toEqual(await sampleLatent(conditional, { size: SIZE, seed: 1, steps: 5 }));
  });

  it('without a portrait: zeros for both, or as published what CLIP says of zeros with DINO as it is', async () => {
    const zeros = await unconditionalFeatures(features, config, never);
    expect([...zeros.dinoFeatures, ...zeros.clipFeatures].every((value) => value === 0)).toBe(true);
    expect([zeros.dinoFeatures.length, zeros.clipFeatures.length]).toEqual([30, 18]);
    const ofZeros = Float32Array.of(1, 2);
    const published = await unconditionalFeatures(features, DIT_CONFIGS.released, () =>
      Promise.resolve(ofZeros),
    );
    expect(published).toEqual({ dinoFeatures: features.dinoFeatures, clipFeatures: ofZeros });
  });
});
