import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { geluErf, geluTanh, lrelu, silu } from '#engine/graph/functions/activation';
import { attention } from '#engine/graph/functions/attention';
import { einsum } from '#engine/graph/functions/einsum';
import { gridSample } from '#engine/graph/functions/gridSample';
import { modulatedConv } from '#engine/graph/functions/modulatedConv';
import { groupNorm, instanceNorm, layerNorm } from '#engine/graph/functions/normalization';
import {
  averagePool,
  maxPool,
  pixelShuffle,
  resizeBilinear,
  resizeNearest,
} from '#engine/graph/functions/resize';
import { downsampleFir, setupFilter, upfirdn, upsampleFir } from '#engine/graph/functions/upfirdn';
import { backpropagate } from '#engine/graph/grad';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { pow } from '#engine/graph/ops/arithmetic';
import { conv, convTranspose } from '#engine/graph/ops/convolution/convolution';
import { softplus } from '#engine/graph/ops/elementwise';
import { cumsum, sort } from '#engine/graph/ops/order';
import { constant, input } from '#engine/graph/ops/sources';
import type { Tensor } from '#engine/graph/tensor';
import type { HostValues } from '#engine/runtime/Backend';
import { OrtBackend } from '#engine/runtime/OrtBackend';

interface StoredArray {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** See README.md beside the file. */
interface StoredCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, StoredArray>>;
  readonly output: StoredArray;
  readonly gradients: Readonly<Record<string, StoredArray>>;
}

type Inputs = Readonly<Record<string, Tensor>>;

const filter = setupFilter([1, 3, 3, 1]);
const lopsided = setupFilter([1, 2, 4]);

/** The engine's words for what PyTorch computed. */
const BUILDERS: Readonly<Record<string, (inputs: Inputs) => Tensor>> = {
  'conv, stride 2, padding 1': ({ x, w }) => conv(x, w, { stride: 2, padding: 1 }),
  'conv, dilation 2': ({ x, w }) => conv(x, w, { dilation: 2, padding: 1 }),
  'conv, 2 groups': ({ x, w }) => conv(x, w, { groups: 2 }),
  'conv, 1-D': ({ x, w }) => conv(x, w, { stride: 2, padding: 1 }),
  'conv, 3-D': ({ x, w }) => conv(x, w, { padding: [[0, 0], [1, 1], [1, 1]] }), // prettier-ignore
  'convTranspose, stride 2, padding 1, output padding 1': ({ x, w }) =>
    convTranspose(x, w, { stride: 2, padding: 1, outputPadding: 1 }),
  'convTranspose, 2 groups, dilation 2': ({ x, w }) => convTranspose(x, w, { groups: 2, dilation: 2 }),
  'gridSample, zeros, edges aligned': ({ x, grid }) => gridSample(x, grid),
  'gridSample, zeros, corners aligned': ({ x, grid }) => gridSample(x, grid, { alignsCorners: true }),
  'gridSample, border, edges aligned': ({ x, grid }) => gridSample(x, grid, { padding: 'border' }),
  'gridSample, border, corners aligned': ({ x, grid }) =>
    gridSample(x, grid, { padding: 'border', alignsCorners: true }),
  'gridSample, volume': ({ x, grid }) => gridSample(x, grid),
  'resizeBilinear, up': ({ x }) => resizeBilinear(x, 8, 9),
  'resizeBilinear, up, corners aligned': ({ x }) => resizeBilinear(x, 8, 9, { alignsCorners: true }),
  'resizeBilinear, down': ({ x }) => resizeBilinear(x, 3, 2),
  'resizeBilinear, down, antialiased': ({ x }) => resizeBilinear(x, 3, 2, { isAntialiased: true }),
  resizeNearest: ({ x }) => resizeNearest(x, 8, 4),
  pixelShuffle: ({ x }) => pixelShuffle(x, 2),
  averagePool: ({ x }) => averagePool(x, 2),
  maxPool: ({ x }) => maxPool(x, 3, 2, 1),
  geluErf: ({ x }) => geluErf(x),
  geluTanh: ({ x }) => geluTanh(x),
  silu: ({ x }) => silu(x),
  softplus: ({ x }) => softplus(x),
  lrelu: ({ x }) => lrelu(x, { clamp: 2 }),
  layerNorm: ({ x, weight, bias }) => layerNorm(x, { weight, bias }),
  groupNorm: ({ x, weight, bias }) => groupNorm(x, 3, { weight, bias }),
  instanceNorm: ({ x }) => instanceNorm(x),
  'attention, 2 heads': ({ q, k, v }) => attention(q, k, v, { heads: 2 }),
  cumsum: ({ x }) => cumsum(x, 1),
  sort: ({ x }) => sort(x, 1),
  einsum: ({ a, b }) => einsum('bic,jcb->jbi', a, b),
  pow: ({ a, b }) => pow(a, b),
  'upfirdn, asymmetric filter': ({ x }) =>
    upfirdn(x, lopsided, { up: 3, down: 2, padding: [1, 0, 2, -1], gain: 2 }),
  'upfirdn, padding and down': ({ x }) => upfirdn(x, lopsided, { down: 2, padding: [1, 2, 0, 1] }),
  upsampleFir: ({ x }) => upsampleFir(x, filter),
  downsampleFir: ({ x }) => downsampleFir(x, filter),
  modulatedConv: ({ x, weight, style }) => modulatedConv(x, weight, style),
  'modulatedConv, not demodulated': ({ x, weight, style }) =>
    modulatedConv(x, weight, style, { demodulates: false }),
  'modulatedConv, up': ({ x, weight, style }) => modulatedConv(x, weight, style, { up: 2, filter }),
};

const { cases } = JSON.parse(readFileSync('test/fixtures/engine/pytorchOperations.json', 'utf8')) as {
  readonly cases: readonly StoredCase[];
};

describe('as PyTorch computes it, values and gradients:', () => {
  const backend = new OrtBackend('cpu', { threadCount: 1 });

  afterAll(async () => {
    await backend.dispose();
  });

  it.each(cases.map((stored) => [stored.name, stored] as const))('%s', async (name, stored) => {
    const names = Object.keys(stored.inputs);
    const inputs = Object.fromEntries(names.map((key) => [key, input(key, stored.inputs[key].shape)]));
    const output = BUILDERS[name](inputs);
    expect(output.shape).toEqual(stored.output.shape);
    const outputs: Record<string, Tensor> = { output };
    const seed = constant(ramp(output.size), output.shape);
    backpropagate([output], [seed], Object.values(inputs)).forEach((gradient, index) => {
      outputs[`gradient of ${names[index]}`] = gradient;
    });
    const program = await backend.compile(lowerGraph(name, outputs, backend.rules));
    const feeds = new Map(names.map((key) => [key, Float32Array.from(stored.inputs[key].values)]));
    const { values } = await program.run(feeds);
    await program.dispose();
    const errors: Record<string, number> = { output: relativeError(values.get('output'), stored.output) };
    for (const key of names) {
      errors[key] = relativeError(values.get(`gradient of ${key}`), stored.gradients[key]);
    }
    for (const error of Object.values(errors)) expect(error, JSON.stringify(errors)).toBeLessThan(1e-4);
  });
});

/** What PyTorch's gradients are those of: the sum of the output times this. */
function ramp(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, k) => -1 + (2 * k) / (size - 1));
}

/** Largest difference relative to the largest magnitude. */
function relativeError(measured: HostValues | undefined, { values }: StoredArray): number {
  if (measured?.length !== values.length) return Infinity;
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  return values.reduce((most, value, k) => Math.max(most, Math.abs(measured[k] - value)), 0) / scale;
}
