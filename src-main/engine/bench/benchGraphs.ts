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

/** batch, channels in and out, side. */
const CONVOLUTIONS: readonly (readonly [number, number, number])[] = [
  [4, 64, 64],
  [4, 128, 32],
  [4, 256, 16],
];
const MATRIX = 512;
const PLANES = { count: 3, channels: 16, side: 64, points: 20_000 };
const TOKENS = { count: 512, width: 256, heads: 8 };

/** What `bench engine` measures, one after the other. */
export function benchCases(): readonly BenchCase[] {
  return [...CONVOLUTIONS.flatMap(convolutionCases), matmulCase(), ...gridSampleCases(), attentionCase()];
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

function matmulCase(): BenchCase {
  const shape = [MATRIX, MATRIX];
  const operations = 2 * MATRIX ** 3;
  const plain = plainGraph({ a: shape, b: shape }, shape, (builder) => builder.node('MatMul', ['a', 'b']));
  const output = matmul(input('a', shape), input('b', shape));
  return { name: `matmul ${MATRIX}³`, output, operations, plain, plainOperations: operations };
}

function gridSampleCases(): readonly BenchCase[] {
  const { count, channels, side, points } = PLANES;
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

function attentionCase(): BenchCase {
  const { count, width, heads } = TOKENS;
  const [q, k, v] = ['q', 'k', 'v'].map((name) => input(name, [1, count, width]));
  const operations = 4 * count * count * width;
  const sizes = { q: [heads, count, width / heads], k: [heads, width / heads, count] };
  const plain = plainGraph(sizes, [heads, count, count], (builder) => builder.node('MatMul', ['q', 'k']));
  return {
    name: `attention, ${count} tokens`,
    output: attention(q, k, v, { heads }),
    operations,
    plain,
    plainOperations: operations / 2,
  };
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
