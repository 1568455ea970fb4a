import type { ExpressionCase } from '#engine/check/checkExpression';
import * as arithmetic from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { conv, convTranspose } from '#engine/graph/ops/convolution/convolution';
import { toFloat } from '#engine/graph/ops/convert';
import * as elementwise from '#engine/graph/ops/elementwise';
import { gatherRows, scatterAddRows, takeAlong, takeAlongBroadcast } from '#engine/graph/ops/gather';
import { concat, flip, pad, slice, squeeze, stack, transpose, unsqueeze } from '#engine/graph/ops/layout';
import { matmul } from '#engine/graph/ops/matmul';
import { argmax, argmin, cumsum, sort, topIndices } from '#engine/graph/ops/order';
import { max, mean, min, sum } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';

const one = (shape: readonly number[], low = -1, high = 1) => ({ x: { shape, low, high } });
const unary = (
  name: string,
  apply: (x: ReturnType<typeof constant>) => ReturnType<typeof constant>,
  low = -1,
  high = 1,
): ExpressionCase => ({ name, inputs: one([3, 4], low, high), build: ({ x }) => apply(x) });

/** Every elementary operation with the shapes and options that matter. */
export const OP_CASES: readonly ExpressionCase[] = [
  unary('neg', elementwise.neg),
  unary('exp', elementwise.exp),
  unary('log', elementwise.log, 0.3, 2),
  unary('sqrt', elementwise.sqrt, 0.3, 2),
  unary('abs', elementwise.abs),
  unary('tanh', elementwise.tanh),
  unary('sigmoid', elementwise.sigmoid, -4, 4),
  unary('softplus', elementwise.softplus, -4, 4),
  unary('erf', elementwise.erf, -3, 3),
  unary('sin', elementwise.sin, -3, 3),
  unary('cos', elementwise.cos, -3, 3),
  unary('rsqrt', elementwise.rsqrt, 0.3, 2),
  unary('leakyRelu', (x) => elementwise.leakyRelu(x)),
  unary('relu', elementwise.relu),
  unary('floor', (x) => elementwise.floor(x), -3, 3),
  unary('sign', elementwise.sign),
  unary('sin, far from 0', elementwise.sin, -40, 40),
  unary('pow, by a number', (x) => arithmetic.pow(x, 2.5), 0.3, 2),
  unary('clip', (x) => arithmetic.clip(x, -0.5, 0.5)),
  ...(['add', 'sub', 'mul', 'div', 'maximum', 'minimum'] as const).map((name): ExpressionCase => ({
    name,
    inputs: { a: { shape: [2, 3, 4] }, b: { shape: [3, 1], low: 0.4, high: 2 } },
    build: ({ a, b }) => arithmetic[name](a, b),
  })),
  {
    name: 'pow',
    inputs: { a: { shape: [2, 3, 4], low: 0.3, high: 2 }, b: { shape: [3, 1], low: -2, high: 2 } },
    build: ({ a, b }) => arithmetic.pow(a, b),
  },
  {
    name: 'select',
    inputs: { a: { shape: [3, 4] }, b: { shape: [4] } },
    build: ({ a, b }) => arithmetic.select(arithmetic.greater(a, 0), a, b),
  },
  { name: 'broadcastTo', inputs: one([3, 1]), build: ({ x }) => broadcastTo(x, [2, 3, 4]) },
  { name: 'reshape', inputs: one([3, 4]), build: ({ x }) => reshape(x, [2, -1]) },
  { name: 'sum', inputs: one([2, 3, 4]), build: ({ x }) => sum(x, [0, 2]) },
  { name: 'mean', inputs: one([2, 3, 4]), build: ({ x }) => mean(x, [-1], { keepAxes: true }) },
  { name: 'max', inputs: one([2, 3, 4]), build: ({ x }) => max(x, [1]) },
  { name: 'min', inputs: one([2, 3, 4]), build: ({ x }) => min(x, [0, 2]) },
  { name: 'argmax', inputs: one([3, 5]), build: ({ x }) => takeAlong(x, argmax(x, 1), 1) },
  { name: 'argmin', inputs: one([3, 5]), build: ({ x }) => takeAlong(x, argmin(x, 0), 0) },
  { name: 'topIndices', inputs: one([2, 6]), build: ({ x }) => takeAlong(x, topIndices(x, 3, 1), 1) },
  { name: 'transpose', inputs: one([2, 3, 4]), build: ({ x }) => transpose(x, [2, 0, 1]) },
  { name: 'slice', inputs: one([5, 6]), build: ({ x }) => slice(x, { 0: [1, -1], 1: [1, 6, 2] }) },
  { name: 'flip', inputs: one([3, 4]), build: ({ x }) => flip(x, [1]) },
  {
    name: 'concat',
    inputs: { a: { shape: [2, 3] }, b: { shape: [2, 1] } },
    build: ({ a, b }) => concat([a, b, a], 1),
  },
  {
    name: 'stack',
    inputs: { a: { shape: [2, 3] }, b: { shape: [2, 3] } },
    build: ({ a, b }) => stack([a, b], 1),
  },
  { name: 'squeeze, unsqueeze', inputs: one([2, 1, 3]), build: ({ x }) => unsqueeze(squeeze(x, [1]), -1) },
  {
    name: 'toFloat of a mask',
    inputs: one([3, 4]),
    build: ({ x }) => arithmetic.mul(x, toFloat(arithmetic.greater(x, 0))),
  },
  {
    name: 'takeAlongBroadcast',
    inputs: one([2, 3, 4]),
    build: ({ x }) => takeAlongBroadcast(x, constant(Int32Array.of(2, 0, 2), [1, 3, 1]), 1),
  },
  { name: 'pad', inputs: one([3, 4]), build: ({ x }) => pad(x, [[1, 0], [-1, 2]]) }, // prettier-ignore
  {
    name: 'matmul',
    inputs: { a: { shape: [2, 3, 4] }, b: { shape: [4, 5] } },
    build: ({ a, b }) => matmul(a, b),
  },
  {
    name: 'matmul, batches that broadcast',
    inputs: { a: { shape: [2, 1, 3, 4] }, b: { shape: [3, 4, 2] } },
    build: ({ a, b }) => matmul(a, b),
  },
  {
    name: 'conv',
    inputs: { x: { shape: [2, 3, 6, 5] }, weight: { shape: [4, 3, 3, 3] } },
    build: ({ x, weight }) => conv(x, weight, { padding: 1 }),
  },
  {
    name: 'conv, stride and dilation',
    inputs: { x: { shape: [2, 2, 9, 8] }, weight: { shape: [3, 2, 3, 2] } },
    build: ({ x, weight }) => conv(x, weight, { stride: 2, dilation: [2, 1], padding: [[1, 0], [0, 1]] }), // prettier-ignore
  },
  {
    name: 'conv, groups',
    inputs: { x: { shape: [2, 4, 5, 5] }, weight: { shape: [6, 2, 3, 3] } },
    build: ({ x, weight }) => conv(x, weight, { groups: 2, padding: 1, stride: 2 }),
  },
  {
    name: 'conv, patches',
    inputs: { x: { shape: [2, 2, 6, 4] }, weight: { shape: [3, 2, 3, 2] } },
    build: ({ x, weight }) => conv(x, weight, { stride: [3, 2] }),
  },
  {
    name: 'conv, many channels',
    inputs: { x: { shape: [3, 6, 3, 2] }, weight: { shape: [7, 6, 3, 2] } },
    build: ({ x, weight }) => conv(x, weight, { padding: [[2, 1], [1, 0]], stride: [2, 1] }), // prettier-ignore
  },
  {
    name: 'conv, depthwise, stride 3',
    inputs: { x: { shape: [2, 3, 9, 6] }, weight: { shape: [3, 1, 4, 3] } },
    build: ({ x, weight }) => conv(x, weight, { groups: 3, padding: 1, stride: 3 }),
  },
  {
    name: 'conv, 1-D',
    inputs: { x: { shape: [2, 3, 9] }, weight: { shape: [4, 3, 3] } },
    build: ({ x, weight }) => conv(x, weight, { stride: 2 }),
  },
  {
    name: 'conv, 3-D',
    inputs: { x: { shape: [1, 2, 4, 4, 4] }, weight: { shape: [3, 2, 2, 3, 1] } },
    build: ({ x, weight }) => conv(x, weight, { padding: [[0, 1], [1, 1], [0, 0]] }), // prettier-ignore
  },
  {
    name: 'conv, 3-D, strided',
    inputs: { x: { shape: [2, 2, 3, 6, 5] }, weight: { shape: [3, 2, 2, 4, 3] } },
    build: ({ x, weight }) => conv(x, weight, { stride: [1, 2, 2], padding: [[0, 1], [1, 1], [0, 1]] }), // prettier-ignore
  },
  {
    name: 'convTranspose, 3-D',
    inputs: { x: { shape: [1, 2, 2, 3, 2] }, weight: { shape: [2, 3, 1, 3, 2] } },
    build: ({ x, weight }) => convTranspose(x, weight, { stride: [1, 2, 2] }),
  },
  {
    name: 'convTranspose, 3-D, cut',
    inputs: { x: { shape: [1, 2, 4, 4, 3] }, weight: { shape: [2, 3, 2, 4, 4] } },
    build: ({ x, weight }) => convTranspose(x, weight, { stride: [1, 2, 2], padding: [[1, 1], [3, 3], [3, 3]] }), // prettier-ignore
  },
  {
    name: 'convTranspose',
    inputs: { x: { shape: [2, 3, 4, 4] }, weight: { shape: [3, 2, 3, 3] } },
    build: ({ x, weight }) => convTranspose(x, weight, { stride: 2, padding: 1, outputPadding: 1 }),
  },
  {
    name: 'gatherRows',
    inputs: { table: { shape: [5, 3] } },
    build: ({ table }) => gatherRows(table, constant(Int32Array.of(4, 0, 4, 4, 2, 0), [2, 3])),
  },
  {
    name: 'scatterAddRows',
    inputs: { values: { shape: [6, 3] } },
    build: ({ values }) => scatterAddRows(values, constant(Int32Array.of(4, 0, 4, 4, 2, 0)), 5),
  },
  { name: 'cumsum', inputs: one([3, 5]), build: ({ x }) => cumsum(x, 1) },
  {
    name: 'cumsum, exclusive',
    inputs: one([3, 5]),
    build: ({ x }) => cumsum(x, 0, { isExclusive: true }),
  },
  { name: 'sort', inputs: one([3, 5]), build: ({ x }) => sort(x, 1) },
];
