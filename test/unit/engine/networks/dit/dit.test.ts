import { beforeAll, describe, expect, it } from 'vitest';
import { compareWithGolden, readGolden, runOnCpu } from '../../../../helpers/golden';
import { trainBriefly } from '../../../../helpers/trainBriefly';
import { sub } from '#engine/graph/ops/arithmetic';
import { square } from '#engine/graph/ops/elementwise';
import { mean } from '#engine/graph/ops/reduce';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import { evaluate } from '#engine/graph/reference/evaluate';
import { ditNetworks } from '#engine/networks/dit/definitions';
import { conditionTokens, denoiser, splitPrediction, unpatchify } from '#engine/networks/dit/dit';
import type { DitConfig } from '#engine/networks/dit/ditConfig';
import { DIT_CONFIGS, tokenGrid } from '#engine/networks/dit/ditConfig';
import { convolution } from '#engine/networks/layers/dense';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { CONFIG_NAMES } from '#engine/networks/networkDefinition';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';
import type { HostValues } from '#engine/runtime/Backend';
import { initialValues } from '#engine/training/initialValues';
import { normals, streamAt } from '#engine/training/randomStreams';

const tiny: DitConfig = {
  latentChannels: 2, planes: 4, planeSize: 4, patch: 2, width: 24, depth: 2, heads: 2, mlpRatio: 2,
  learnsVariance: true, positions: 'published', unconditional: 'zeroPicture',
  dino: { features: 5, featureSize: 6, tokens: 4 },
  clip: { features: 7, featureSize: 10, tokens: 3 },
  resampler: { depth: 2, heads: 3, headSize: 4 },
}; // prettier-ignore

function network(name: string, config: ConfigName | { readonly json: unknown }, batch = 1) {
  const found = ditNetworks.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no network ${name}`);
  const configured = found.configured(config);
  const parameters = new Parameters();
  const inputs = Object.fromEntries(
    Object.entries(configured.inputs(batch)).map(([key, shape]) => [key, input(key, shape)]),
  );
  return { parameters, inputs, outputs: configured.build(parameters.scope(), inputs) };
}

const count = (parameters: Parameters): number => parameters.trained.reduce((sum, { size }) => sum + size, 0);

function drawn(inputs: Readonly<Record<string, { readonly size: number }>>): Map<string, Float32Array> {
  return new Map(
    Object.entries(inputs).map(([key, { size }]) => [key, normals(streamAt(1, key, 0), size)] as const),
  );
}

describe('the diffusion transformer', () => {
  it('computes what stock layers of PyTorch compute, under the published keys, at both kinds of positions', async () => {
    const { errors, keyProblems } = await compareWithGolden(readGolden('dit'), (scope, inputs) => {
      const { latent, timestep, dinoFeatures, clipFeatures } = inputs;
      const tokens = conditionTokens(scope, { dinoFeatures, clipFeatures }, tiny);
      const noisy = { latent, timestep, ...tokens };
      return {
        ...tokens,
        published: denoiser(scope, noisy, tiny),
        planeRowColumn: denoiser(scope, noisy, { ...tiny, positions: 'planeRowColumn' }),
      };
    });
    expect(keyProblems).toEqual([]);
    expect(Object.keys(errors)).toHaveLength(4);
    for (const error of Object.values(errors)) expect(error).toBeLessThan(1e-4);
  });

  it.each([
    ['released', 'dit', 726.2],
    ['paper', 'dit', 726.2],
    ['released', 'dit.block', 21.26],
    ['released', 'dit.resampler.dino', 60.5],
    ['released', 'dit.resampler.clip', 60.8],
    // 28.3 in the table, whose features for cross-attention are 768 long; those of our own encoder are 384.
    ['compact-gpu', 'dit', 28.1],
    ['compact-cpu', 'dit', 4.96],
  ] as const)('%s: %s has %f million parameters (spec 9, 10.5)', (config, name, expected) => {
    const millions = count(network(name, config).parameters) / 1e6;
    expect(Math.abs(millions / expected - 1)).toBeLessThan(0.005);
  });

  it('has the parts of spec 9: t_block, t_embedder, x_embedder, final layer', () => {
    const { parameters } = network('dit', 'released');
    const sizes = { t_block: 0, t_embedder: 0, x_embedder: 0, final_layer: 0 };
    for (const { attributes, size } of parameters.all) {
      const [head] = attributes.name.split('.');
      if (head in sizes) sizes[head as keyof typeof sizes] += size / 1e6;
    }
    expect(sizes.t_block).toBeCloseTo(7.97, 2);
    expect(sizes.t_embedder).toBeCloseTo(1.62, 2);
    expect(sizes.x_embedder).toBeCloseTo(0.038, 3);
    // The table rounds: 64 * 1152 + 64 + 2 * 1152 = 76,096.
    expect(sizes.final_layer).toBeCloseTo(0.076, 3);
  });

  it('asks for the keys of spec 5.5', () => {
    const shapes = new Map(
      network('dit', 'released').parameters.all.map(({ attributes, shape }) => [attributes.name, shape]),
    );
    const expected = {
      'x_embedder.proj.weight': [1152, 8, 2, 2],
      't_embedder.mlp.0.weight': [1152, 256],
      't_embedder.mlp.2.weight': [1152, 1152],
      't_block.1.weight': [6912, 1152],
      'dino_embedder.latents': [1, 256, 1152],
      'dino_embedder.proj_in.weight': [1152, 768],
      'y_embedder.latents': [1, 16, 1152],
      'y_embedder.proj_in.weight': [1152, 1280],
      'dino_embedder.layers.3.0.norm1.weight': [1152],
      'y_embedder.layers.0.0.to_q.weight': [768, 1152],
      'y_embedder.layers.1.0.to_kv.weight': [1536, 1152],
      'y_embedder.layers.2.0.to_out.weight': [1152, 768],
      'dino_embedder.layers.0.1.0.bias': [1152],
      'dino_embedder.layers.0.1.1.weight': [4608, 1152],
      'dino_embedder.layers.0.1.3.weight': [1152, 4608],
      'y_embedder.proj_out.fc2.weight': [1152, 1152],
      'y_embedder.norm_out.weight': [1152],
      'blocks.27.scale_shift_table': [6, 1152],
      'blocks.0.attn.qkv.weight': [3456, 1152],
      'blocks.1.attn.proj.bias': [1152],
      'blocks.2.cross_attn.q_linear.weight': [1152, 1152],
      'blocks.3.cross_attn.kv_linear.weight': [2304, 1152],
      'blocks.4.cross_attn.proj.weight': [1152, 1152],
      'blocks.5.mlp.fc1.weight': [4608, 1152],
      'blocks.6.mlp.fc2.weight': [1152, 4608],
      'final_layer.linear.weight': [64, 1152],
      'final_layer.scale_shift_table': [2, 1152],
    };
    for (const [key, shape] of Object.entries(expected)) expect(shapes.get(key), key).toEqual(shape);
    expect([...shapes.keys()].filter((key) => /\.to_(q|kv|out)\.bias|\.1\.[13]\.bias/.test(key))).toEqual([]);
  });

  it.each(CONFIG_NAMES)('%s: takes and gives the stacked latent of the contract', (name) => {
    const { latentShape, patch } = TRIPLANE_CONTRACTS[name];
    const [channels, planes, rows, columns] = latentShape;
    const { inputs, outputs } = network('dit.denoiser', name);
    expect(inputs['latent'].shape).toEqual([1, channels, planes * rows, columns]);
    const given = DIT_CONFIGS[name].learnsVariance ? 2 * channels : channels;
    expect(outputs['prediction'].shape).toEqual([1, given, planes * rows, columns]);
    expect(tokenGrid(DIT_CONFIGS[name])).toEqual({ rows: (planes * rows) / patch, columns: columns / patch });
  });

  it('takes 1024 tokens as published, 4096 as in the paper, 256 in compact ones', () => {
    const tokens = CONFIG_NAMES.map((name) => tokenGrid(DIT_CONFIGS[name])).map((grid) => grid.rows * grid.columns); // prettier-ignore
    expect(tokens).toEqual([1024, 4096, 256, 256]);
  });

  // T12
  it('puts patches back where they were', () => {
    const config = { ...tiny, learnsVariance: false };
    const parameters = new Parameters();
    const latent = input('latent', [2, 2, 16, 4]);
    const squares = convolution(parameters.scope('cut'), latent, 8, { kernel: 2, stride: 2, hasBias: false });
    const tokens = input('tokens', [2, 16, 8]);
    const values = Float64Array.from({ length: latent.size }, (_, k) => k);
    // Output (row, column, channel) of a token takes that channel's cell of its square.
    const weight = new Float64Array(8 * 2 * 4);
    for (let cell = 0; cell < 4; cell++) {
      for (let channel = 0; channel < 2; channel++)
        weight[((cell * 2 + channel) * 2 + channel) * 4 + cell] = 1;
    }
    const feeds = new Map([['latent', values], ['cut.weight', weight]]); // prettier-ignore
    const [cut] = evaluate([squares], feeds);
    const asTokens = new Float64Array(cut.length);
    for (let k = 0; k < cut.length; k++) {
      const [sample, channel, token] = [Math.floor(k / 128), Math.floor(k / 16) % 8, k % 16];
      asTokens[(sample * 16 + token) * 8 + channel] = cut[k];
    }
    expect(evaluate([unpatchify(tokens, config)], new Map([['tokens', asTokens]]))[0]).toEqual(values);
  });

  it('splits what it gives into noise and variance', () => {
    const prediction = input('prediction', [1, 4, 16, 4]);
    const { noise, variance } = splitPrediction(prediction, tiny);
    expect([noise.shape, variance?.shape]).toEqual([[1, 2, 16, 4], [1, 2, 16, 4]]); // prettier-ignore
    expect(splitPrediction(prediction, { ...tiny, learnsVariance: false })).toEqual({ noise: prediction });
  });

  it('runs at compact-cpu, forward', async () => {
    const { parameters, inputs, outputs } = network('dit', 'compact-cpu');
    const feeds = new Map<string, HostValues>([...initialValues(parameters.all, 3), ...drawn(inputs)]);
    feeds.set('final_layer.linear.weight', normals(streamAt(1, 'final', 0), 36 * 192));
    const { prediction } = Object.fromEntries(await runOnCpu(outputs, feeds));
    expect(prediction).toHaveLength(4 * 96 * 24);
    expect(prediction.every(Number.isFinite)).toBe(true);
  });

  it('has gradients that lower its loss', async () => {
    const { parameters, inputs, outputs } = network('dit', { json: { ...tiny, learnsVariance: false } }, 2);
    const noise = input('noise', inputs['latent'].shape);
    const loss = mean(square(sub(outputs['prediction'], noise)));
    const batch = drawn({ ...inputs, noise });
    const losses = await trainBriefly({ loss, parameters }, batch, { steps: 12, rate: 0.005 });
    expect(losses[11]).toBeLessThan(0.8 * losses[0]);
  });

  it.each([
    [{ ...DIT_CONFIGS['compact-cpu'], patch: 5 }, /patch/],
    [{ ...DIT_CONFIGS['compact-cpu'], heads: 5 }, /heads/],
    [{ ...DIT_CONFIGS['compact-cpu'], width: 200 }, /width/],
    [{ ...tiny, planes: 3 }, /positions/],
    [{ ...tiny, clip: { features: 7 } }, /clip\.featureSize.*clip\.tokens/],
  ])('refuses a config and names the field (%#)', (json, named) => {
    expect(() => network('dit', { json })).toThrow(named);
  });
});

describe('what the denoiser listens to', () => {
  const { parameters, inputs, outputs } = network('dit.denoiser', { json: tiny }, 1);
  const feeds = new Map<string, Float32Array>([...initialValues(parameters.all, 3), ...drawn(inputs)]);
  // Both start at 0, and would hide everything.
  feeds.set('final_layer.linear.weight', normals(streamAt(2, 'final', 0), 16 * 24));

  const predict = async (changes: ReadonlyMap<string, Float32Array>): Promise<HostValues> => {
    const values = await runOnCpu(outputs, new Map([...feeds, ...changes]));
    return values.get('prediction') ?? new Float32Array();
  };
  const apart = (a: HostValues, b: HostValues): number => {
    let most = 0;
    for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs(a[k] - b[k]));
    return most;
  };
  const other = (name: string): Float32Array => normals(streamAt(9, name, 0), inputs[name].size);
  let usual: HostValues;

  beforeAll(async () => {
    usual = await predict(new Map());
  });

  // T13
  it('hears nothing of the cross tokens before it was trained, and hears them after', async () => {
    const cross = new Map([['crossTokens', other('crossTokens')]]);
    expect(apart(usual, await predict(cross))).toBe(0);
    const opened = new Map([['blocks.0.cross_attn.proj.weight', normals(streamAt(2, 'proj', 0), 24 * 24)]]);
    const open = await predict(opened);
    expect(apart(open, await predict(new Map([...opened, ...cross])))).toBeGreaterThan(1e-3);
  });

  // T13
  it('has six numbers of modulation for each channel of each block', () => {
    const tables = parameters.all.filter(({ attributes }) =>
      /^blocks.*scale_shift_table$/.test(attributes.name),
    );
    expect(tables.map(({ shape }) => shape)).toEqual([[6, 24], [6, 24]]); // prettier-ignore
  });

  // T14
  it('does not care for the order of the image tokens, and keeps the latent’s only', async () => {
    const tokens = feeds.get('imageTokens') ?? new Float32Array();
    const turned = Float32Array.from(tokens, (_, k) => tokens[(k + 24) % tokens.length]);
    expect(apart(usual, await predict(new Map([['imageTokens', turned]])))).toBeLessThan(1e-5);
    expect(apart(usual, await predict(new Map([['imageTokens', other('imageTokens')]])))).toBeGreaterThan(
      1e-3,
    );
    expect(outputs['prediction'].shape).toEqual([1, 4, 16, 4]);
  });

  it('hears time and latent', async () => {
    expect(apart(usual, await predict(new Map([['timestep', Float32Array.of(500)]])))).toBeGreaterThan(1e-4);
    expect(apart(usual, await predict(new Map([['latent', other('latent')]])))).toBeGreaterThan(1e-3);
  });
});
