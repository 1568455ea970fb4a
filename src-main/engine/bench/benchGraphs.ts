import { attention } from '#engine/graph/functions/attention';
import { gridSample } from '#engine/graph/functions/gridSample';
import { backpropagate } from '#engine/graph/grad';
import type { OnnxGraph } from '#engine/graph/onnx/onnxModel';
import { OnnxGraphBuilder } from '#engine/graph/onnx/OnnxGraphBuilder';
import { conv } from '#engine/graph/ops/convolution/convolution';
import { matmul } from '#engine/graph/ops/matmul';
import { input } from '#engine/graph/ops/sources';
import type { Shape, Tensor } from '#engine/graph/tensor';

/** An expression of the engine beside a hand-written ONNX graph that does the least for the same shapes. */
export interface BenchCase {
  readonly name: string;
  readonly output: Tensor;
  /** Floating-point operations of one run. */
  readonly operations: number;
  readonly plain: OnnxGraph;
  readonly plainOperations: number;
}

/** Shapes of a bench: those of networks that train on a GPU or CPU, or small ones for a GPU in software. */
export interface BenchSizes {
  /** Batch, channels in and out, side. */
  readonly convolutions: readonly (readonly [number, number, number])[];
  readonly matrix: number;
  readonly planes: {
    readonly count: number;
    readonly channels: number;
    readonly side: number;
    readonly points: number;
  };
  readonly tokens: { readonly count: number; readonly width: number; readonly heads: number };
  readonly gan: { readonly size: number; readonly channels: number; readonly batch: number };
  /** Convolutions of the network whose step is built and loaded. */
  readonly depth: number;
}

export const FULL_SIZES: BenchSizes = {
  convolutions: [
    [4, 64, 64],
    [4, 128, 32],
    [4, 256, 16],
  ],
  matrix: 512,
  planes: { count: 3, channels: 16, side: 64, points: 20_000 },
  tokens: { count: 512, width: 256, heads: 8 },
  gan: { size: 32, channels: 64, batch: 8 },
  // A training step of about 3,000 nodes.
  depth: 86,
};

export const SMALL_SIZES: BenchSizes = {
  convolutions: [[1, 32, 16]],
  matrix: 128,
  planes: { count: 3, channels: 8, side: 32, points: 1000 },
  tokens: { count: 64, width: 64, heads: 4 },
  gan: { size: 16, channels: 8, batch: 2 },
  depth: 10,
};

/** What `bench engine` measures, one after the other. */
export function benchCases({ convolutions, matrix, planes, tokens }: BenchSizes): readonly BenchCase[] {
  return [
    ...convolutions.flatMap(convolutionCases),
    matmulCase(matrix),
    ...gridSampleCases(planes),
    attentionCase(tokens),
  ];
}

function convolutionCases([batch, channels, side]: readonly [number, number, number]): readonly BenchCase[] {
  const x = input('x', [batch, channels, side, side]);
  const weight = input('weight', [channels, channels, 3, 3]);
  const y = conv(x, weight, { padding: 1 });
  const given = input('g', y.shape);
  const [forX, forWeight] = backpropagate([y], [given], [x, weight]);
  const operations = 2 * y.size * channels * 9;
  const plain = plainGraph({ x: x.shape, weight: weight.shape }, y.shape, (builder) =>
    builder.node('Conv', ['x', 'weight'], { pads: { ints: [1, 1, 1, 1] } }),
  );
  const shape = `${batch} x ${channels} x ${side}²`;
  const parts: readonly (readonly [string, Tensor])[] = [
    ['forward', y],
    ['input gradient', forX],
    ['weight gradient', forWeight],
  ];
  return parts.map(([name, output]) => ({ name: `conv ${shape}, ${name}`, output, operations, plain, plainOperations: operations })); // prettier-ignore
}

function matmulCase(size: number): BenchCase {
  const shape = [size, size];
  const operations = 2 * size ** 3;
  const plain = plainGraph({ a: shape, b: shape }, shape, (builder) => builder.node('MatMul', ['a', 'b']));
  const output = matmul(input('a', shape), input('b', shape));
  return { name: `matmul ${size}³`, output, operations, plain, plainOperations: operations };
}

function gridSampleCases({ count, channels, side, points }: BenchSizes['planes']): readonly BenchCase[] {
  const x = input('x', [count, channels, side, side]);
  const grid = input('grid', [count, 1, points, 2]);
  const y = gridSample(x, grid);
  const [forX] = backpropagate([y], [input('g', y.shape)], [x]);
  // Four products and sums per sample and channel.
  const operations = 8 * y.size;
  const plain = plainGraph({ x: x.shape, grid: grid.shape }, y.shape, (builder) =>
    builder.node('GridSample', ['x', 'grid'], {
      mode: { text: 'bilinear' },
      padding_mode: { text: 'zeros' },
    }),
  );
  const shared = { operations, plain, plainOperations: operations };
  return [
    { name: 'grid sample, forward', output: y, ...shared },
    { name: 'grid sample, picture gradient', output: forX, ...shared },
  ];
}

/** Beside two products and a softmax of the same heads, without scale and without taking heads apart. */
function attentionCase({ count, width, heads }: BenchSizes['tokens']): BenchCase {
  const [q, k, v] = ['q', 'k', 'v'].map((name) => input(name, [1, count, width]));
  const operations = 4 * count * count * width;
  const size = width / heads;
  const shapes = { q: [heads, count, size], k: [heads, size, count], v: [heads, count, size] };
  const plain = plainGraph(shapes, [heads, count, size], (builder) => {
    const weights = builder.node('Softmax', [builder.node('MatMul', ['q', 'k'])], { axis: { int: -1 } });
    return builder.node('MatMul', [weights, 'v']);
  });
  const output = attention(q, k, v, { heads });
  return { name: `attention, ${count} tokens`, output, operations, plain, plainOperations: operations };
}

function plainGraph(
  inputs: Readonly<Record<string, Shape>>,
  output: Shape,
  build: (builder: OnnxGraphBuilder) => string,
): OnnxGraph {
  const builder = new OnnxGraphBuilder();
  for (const [name, shape] of Object.entries(inputs)) builder.input(name, 'float32', shape);
  builder.output('y', build(builder), 'float32', output);
  return builder.build('plain');
}
