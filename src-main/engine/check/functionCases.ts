import type { ExpressionCase } from '#engine/check/checkExpression';
import { geluErf, geluTanh, lrelu, silu } from '#engine/graph/functions/activation';
import { attention } from '#engine/graph/functions/attention';
import { einsum } from '#engine/graph/functions/einsum';
import { gridSample } from '#engine/graph/functions/gridSample';
import { modulatedConv } from '#engine/graph/functions/modulatedConv';
import {
  groupNorm,
  instanceNorm,
  layerNorm,
  rootMeanSquareNorm,
} from '#engine/graph/functions/normalization';
import { recompute } from '#engine/graph/functions/recompute';
import { replicatePad } from '#engine/graph/functions/replicatePad';
import {
  averagePool,
  maxPool,
  pixelShuffle,
  resizeBilinear,
  resizeNearest,
  upsampleNearest,
} from '#engine/graph/functions/resize';
import { softmax } from '#engine/graph/functions/softmax';
import { downsampleFir, setupFilter, upfirdn, upsampleFir } from '#engine/graph/functions/upfirdn';
import { conv } from '#engine/graph/ops/convolution/convolution';
import { tanh } from '#engine/graph/ops/elementwise';

const picture = (...shape: number[]) => ({ x: { shape } });

/** What networks are made of: each is built from elementary operations, or has them as its gradient. */
export const FUNCTION_CASES: readonly ExpressionCase[] = [
  { name: 'lrelu', inputs: picture(3, 4), build: ({ x }) => lrelu(x, { clamp: 1 }) },
  { name: 'silu', inputs: picture(3, 4), build: ({ x }) => silu(x) },
  { name: 'geluErf', inputs: picture(3, 4), build: ({ x }) => geluErf(x) },
  { name: 'geluTanh', inputs: picture(3, 4), build: ({ x }) => geluTanh(x) },
  { name: 'softmax', inputs: picture(2, 3, 4), build: ({ x }) => softmax(x, 1) },
  {
    name: 'layerNorm',
    inputs: { x: { shape: [2, 3, 5] }, weight: { shape: [5] }, bias: { shape: [5] } },
    build: ({ x, weight, bias }) => layerNorm(x, { weight, bias }),
  },
  {
    name: 'groupNorm',
    inputs: { x: { shape: [2, 4, 3, 3] }, weight: { shape: [4] }, bias: { shape: [4] } },
    build: ({ x, weight, bias }) => groupNorm(x, 2, { weight, bias }),
  },
  { name: 'instanceNorm', inputs: picture(2, 3, 3, 4), build: ({ x }) => instanceNorm(x) },
  { name: 'rootMeanSquareNorm', inputs: picture(3, 6), build: ({ x }) => rootMeanSquareNorm(x) },
  {
    name: 'attention',
    inputs: { q: { shape: [2, 3, 8] }, k: { shape: [2, 5, 8] }, v: { shape: [2, 5, 4] } },
    build: ({ q, k, v }) => attention(q, k, v, { heads: 2 }),
  },
  { name: 'resizeBilinear, up', inputs: picture(1, 2, 3, 4), build: ({ x }) => resizeBilinear(x, 7, 8) },
  {
    name: 'resizeBilinear, antialiased',
    inputs: picture(1, 2, 9, 8),
    build: ({ x }) => resizeBilinear(x, 4, 3, { isAntialiased: true }),
  },
  { name: 'resizeNearest', inputs: picture(1, 2, 5, 4), build: ({ x }) => resizeNearest(x, 3, 7) },
  { name: 'upsampleNearest', inputs: picture(1, 2, 3, 2), build: ({ x }) => upsampleNearest(x, 2) },
  { name: 'pixelShuffle', inputs: picture(2, 8, 2, 3), build: ({ x }) => pixelShuffle(x, 2) },
  { name: 'averagePool', inputs: picture(2, 3, 4, 6), build: ({ x }) => averagePool(x, 2) },
  {
    name: 'replicatePad',
    inputs: picture(1, 2, 3, 2, 3),
    build: ({ x }) => replicatePad(x, [[0, 0], [0, 0], [2, 1], [1, 1], [0, 1]]), // prettier-ignore
  },
  {
    name: 'replicatePad, one row',
    inputs: picture(2, 1, 1, 4),
    build: ({ x }) => replicatePad(x, [[0, 0], [0, 0], [2, 1], [1, 0]]),
  },
  { name: 'maxPool', inputs: picture(1, 2, 5, 6), build: ({ x }) => maxPool(x, 3, 2, 1) },
  {
    name: 'upfirdn',
    inputs: picture(2, 2, 4, 5),
    build: ({ x }) => upfirdn(x, setupFilter([1, 2, 4]), { up: 3, down: 2, padding: [1, 0, 2, -1] }),
  },
  {
    name: 'upfirdn, down',
    inputs: picture(2, 2, 4, 5),
    build: ({ x }) => upfirdn(x, setupFilter([1, 2, 4]), { down: 2, padding: [1, 2, 0, 1] }),
  },
  { name: 'upsampleFir', inputs: picture(1, 2, 3, 4), build: ({ x }) => upsampleFir(x, setupFilter([1, 3, 3, 1])) },
  {
    name: 'downsampleFir',
    inputs: picture(1, 2, 6, 4),
    build: ({ x }) => downsampleFir(x, setupFilter([1, 3, 3, 1])),
  },
  {
    name: 'modulatedConv',
    inputs: { x: { shape: [2, 3, 4, 4] }, weight: { shape: [4, 3, 3, 3] }, style: { shape: [2, 3], low: 0.5, high: 1.5 } },
    build: ({ x, weight, style }) => modulatedConv(x, weight, style),
  },
  {
    name: 'modulatedConv, up',
    inputs: { x: { shape: [2, 3, 4, 4] }, weight: { shape: [2, 3, 3, 3] }, style: { shape: [2, 3], low: 0.5, high: 1.5 } },
    build: ({ x, weight, style }) => modulatedConv(x, weight, style, { up: 2, filter: setupFilter([1, 3, 3, 1]) }),
  },
  {
    name: 'gridSample, zeros',
    inputs: { x: { shape: [2, 3, 4, 5] }, grid: { shape: [2, 3, 4, 2], low: -1.2, high: 1.2 } },
    build: ({ x, grid }) => gridSample(x, grid),
  },
  {
    name: 'gridSample, border, corners aligned',
    inputs: { x: { shape: [1, 3, 4, 5] }, grid: { shape: [1, 3, 4, 2], low: -1.2, high: 1.2 } },
    build: ({ x, grid }) => gridSample(x, grid, { padding: 'border', alignsCorners: true }),
  },
  {
    name: 'gridSample, volume',
    inputs: { x: { shape: [2, 2, 3, 4, 5] }, grid: { shape: [2, 2, 1, 3, 3], low: -1.2, high: 1.2 } },
    build: ({ x, grid }) => gridSample(x, grid),
  },
  {
    name: 'einsum, batched product',
    inputs: { a: { shape: [2, 3, 4] }, b: { shape: [5, 4, 2] } },
    build: ({ a, b }) => einsum('bic,jcb->jbi', a, b),
  },
  {
    name: 'einsum, three operands',
    inputs: { a: { shape: [2, 3] }, b: { shape: [3, 4, 2] }, c: { shape: [4] } },
    build: ({ a, b, c }) => einsum('ij,jki,k->i', a, b, c),
  },
  {
    name: 'recompute',
    inputs: { x: { shape: [1, 2, 4, 4] }, weight: { shape: [2, 2, 3, 3] } },
    build: ({ x, weight }) =>
      recompute(([a, w]) => tanh(conv(tanh(conv(a, w, { padding: 1 })), w, { padding: 1 })), [x, weight]),
  },
]; // prettier-ignore
