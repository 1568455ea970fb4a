import { describe, expect, it } from 'vitest';
import { readGolden, compareWithGolden, runOnCpu } from '../../../../helpers/golden';
import { trainBriefly } from '../../../../helpers/trainBriefly';
import { add, sub } from '#engine/graph/ops/arithmetic';
import { abs } from '#engine/graph/ops/elementwise';
import { mean } from '#engine/graph/ops/reduce';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { CONFIG_NAMES } from '#engine/networks/networkDefinition';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';
import { vaeIgnoredKeys, vaeNetworks } from '#engine/networks/vae/definitions';
import { posteriorDivergence } from '#engine/networks/vae/posterior';
import { decodeLatent, encodeTriplane } from '#engine/networks/vae/vae';
import type { VaeConfig } from '#engine/networks/vae/vaeConfig';
import { VAE_CONFIGS } from '#engine/networks/vae/vaeConfig';
import { initialValues } from '#engine/training/initialValues';
import { normals, streamAt } from '#engine/training/randomStreams';

const tiny: VaeConfig = {
  planes: 4, planeChannels: 3, planeSize: 8, hidden: 2, stages: 2, latentChannels: 2, groups: 2, latentScale: 1,
}; // prettier-ignore

function network(name: string, config: ConfigName | { readonly json: unknown }) {
  const found = vaeNetworks.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no network ${name}`);
  const configured = found.configured(config);
  const parameters = new Parameters();
  const inputs = Object.fromEntries(
    Object.entries(configured.inputs(1)).map(([key, shape]) => [key, input(key, shape)]),
  );
  const outputs = configured.build(parameters.scope(), inputs);
  return { configured, parameters, inputs, outputs };
}

const millions = (parameters: Parameters): number =>
  parameters.trained.reduce((sum, { size }) => sum + size, 0) / 1e6;

describe('the triplane VAE', () => {
  it('computes what stock layers of PyTorch compute, under the published keys', async () => {
    const { configured } = network('vae', { json: tiny });
    const { errors, keyProblems } = await compareWithGolden(readGolden('vae'), configured.build);
    expect(keyProblems).toEqual([]);
    expect(Object.keys(errors)).toEqual(['mean', 'logVariance', 'latent', 'reconstruction']);
    for (const error of Object.values(errors)) expect(error).toBeLessThan(1e-4);
  });

  it.each([
    ['released', 'vae.encoder', 118.9],
    ['released', 'vae.decoder', 191.3],
    ['paper', 'vae.encoder', 28.5],
    ['paper', 'vae.decoder', 44.3],
    ['compact-gpu', 'vae', 4.97],
    ['compact-cpu', 'vae', 0.3],
  ] as const)('%s: %s has %f million parameters (spec 9, 10.4)', (config, name, expected) => {
    const counted = millions(network(name, config).parameters);
    expect(Math.abs(counted / expected - 1)).toBeLessThan(expected < 1 ? 0.02 : 0.005);
  });

  it('asks for the keys of spec 4.2', () => {
    const shapes = new Map(
      network('vae', 'released').parameters.all.map(({ attributes, shape }) => [attributes.name, shape]),
    );
    const expected = {
      'encoder.conv_first.conv.weight': [128, 32, 3, 3, 3],
      'encoder.conv_blocks.2.down.conv.weight': [1024, 512, 4, 4, 4],
      'encoder.conv_blocks.1.res.norm2.bias': [512],
      'encoder.conv_blocks.0.res.conv1.conv.weight': [256, 256, 3, 3, 3],
      'encoder.final_block.0.weight': [1024],
      'encoder.final_block.2.conv.weight': [16, 1024, 3, 3, 3],
      'quant_conv.conv.weight': [16, 16, 1, 1, 1],
      'post_quant_conv.conv.weight': [8, 8, 1, 1, 1],
      'decoder.conv_blocks.0.up.convt.weight': [8, 1024, 4, 4, 4],
      'decoder.conv_blocks.2.up.convt.weight': [512, 256, 4, 4, 4],
      'decoder.conv_blocks.1.res2.conv2.conv.bias': [512],
      'decoder.conv_out.conv.weight': [32, 256, 3, 3, 3],
    };
    for (const [key, shape] of Object.entries(expected)) expect(shapes.get(key)).toEqual(shape);
  });

  it('leaves out the weights that are stored twice, and no key of its own', () => {
    const keys = network('vae', 'released').parameters.all.map(({ attributes }) => attributes.name);
    const isIgnored = (key: string): boolean => vaeIgnoredKeys.some((pattern) => pattern.test(key));
    expect(keys.filter(isIgnored)).toEqual([]);
    const doubled = keys.filter((key) => key.endsWith('.conv.weight'));
    expect(doubled.length).toBeGreaterThan(20);
    for (const key of doubled) expect(isIgnored(key.replace('.conv.weight', '.weight'))).toBe(true);
  });

  // T10
  it.each(CONFIG_NAMES)('%s: the latent is that of the contract, decoding gives the shape back', (name) => {
    const { planeChannels, planeSize, latentShape } = TRIPLANE_CONTRACTS[name];
    const { outputs } = network('vae', name);
    expect(outputs['latent'].shape).toEqual([1, ...latentShape]);
    expect(outputs['reconstruction'].shape).toEqual([1, planeChannels, 4, planeSize, planeSize]);
  });

  // T10
  it('keeps the logarithm of the variance within -30 and 20', async () => {
    const { parameters, outputs } = network('vae.encoder', { json: tiny });
    const feeds = new Map(initialValues(parameters.all, 3));
    feeds.set('quant_conv.conv.weight', new Float32Array(16));
    feeds.set('quant_conv.conv.bias', Float32Array.of(1, 2, -400, 500));
    feeds.set('triplane', new Float32Array(3 * 4 * 64));
    const values = await runOnCpu(outputs, feeds);
    expect([...new Set(values.get('logVariance'))].sort((a, b) => a - b)).toEqual([-30, 20]);
    expect([...new Set(values.get('mean'))]).toEqual([1, 2]);
  });

  it('runs at compact-cpu, forward', async () => {
    const { parameters, inputs, outputs } = network('vae', 'compact-cpu');
    const feeds = new Map(initialValues(parameters.all, 3));
    for (const [key, { size }] of Object.entries(inputs)) feeds.set(key, normals(streamAt(1, key, 0), size));
    const values = await runOnCpu(outputs, feeds);
    expect(values.get('reconstruction')?.every(Number.isFinite)).toBe(true);
    expect(values.get('latent')).toHaveLength(4 * 4 * 24 * 24);
  });

  it('has gradients that lower its loss', async () => {
    const parameters = new Parameters();
    const scope = parameters.scope();
    const triplane = input('triplane', [2, 3, 4, 8, 8]);
    const posterior = encodeTriplane(scope, triplane, tiny);
    const error = mean(abs(sub(decodeLatent(scope, posterior.mean, tiny), triplane)));
    const loss = add(error, mean(posteriorDivergence(posterior), [0]));
    const batch = new Map([['triplane', normals(streamAt(2, 'triplane', 0), triplane.size)]]);
    const losses = await trainBriefly({ loss, parameters }, batch, { steps: 10, rate: 0.01 });
    expect(losses[9]).toBeLessThan(0.8 * losses[0]);
  });

  it('refuses a size that cannot be halved so often', () => {
    expect(() => network('vae', { json: { ...VAE_CONFIGS['compact-cpu'], stages: 6 } })).toThrow(/stages/);
  });
});
