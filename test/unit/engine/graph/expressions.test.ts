import { describe, expect, it } from 'vitest';
import { grad } from '#engine/graph/grad';
import { BACKEND_RULES } from '#engine/graph/lowering/backends.data';
import { encodeGraph, lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { add, mul } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { conv } from '#engine/graph/ops/convolution/convolution';
import { square, tanh } from '#engine/graph/ops/elementwise';
import { matmul } from '#engine/graph/ops/matmul';
import { mean, sum } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { input } from '#engine/graph/ops/sources';
import { normal, Parameters } from '#engine/graph/parameters';

describe('expressions', () => {
  it('report a shape mistake where it is made: op, operands, scope', () => {
    const weight = new Parameters().scope('synthesis.b64.conv0').parameter('weight', [8, 4, 3, 3], normal());
    expect(() => conv(input('x', [1, 3, 16, 16]), weight)).toThrow(
      'conv(float32[1, 3, 16, 16], float32[8, 4, 3, 3]) near synthesis.b64.conv0: 3 channels',
    );
  });

  it.each([
    ['matmul', () => matmul(input('a', [2, 3]), input('b', [4, 2])), 'the inner sizes 3 and 4 differ'],
    ['add', () => add(input('a', [2, 3]), input('b', [2])), 'axis -1 does not broadcast'],
    ['reshape', () => reshape(input('a', [2, 3]), [4, 2]), '6 elements do not fill [4, 2]'],
    ['sum', () => sum(input('a', [2, 3]), [2]), 'there is no axis 2'],
    ['type', () => add(input('a', [2], 'int32'), 1), 'takes float32 tensors'],
    ['loss', () => grad(input('a', [2]), []), 'the loss must be one float32 number'],
  ])('refuse a bad %s', (_, build, message) => {
    expect(build).toThrow(message);
  });

  it('share the weights of a layer that is applied twice, and refuse another shape under its name', () => {
    const scope = new Parameters().scope('fc');
    expect(scope.parameter('weight', [2, 2], normal())).toBe(scope.parameter('weight', [2, 2], normal()));
    expect(() => scope.parameter('weight', [2, 3], normal())).toThrow('fc.weight was declared as [2, 2]');
  });
});

describe('a lowered graph', () => {
  const build = () => {
    const x = input('x', [4, 3]);
    const weight = new Parameters().scope('fc').parameter('weight', [3, 3], normal());
    const loss = mean(square(tanh(matmul(x, weight))));
    return { loss, gradient: grad(loss, [weight])[0] };
  };

  it('has the same bytes for the same expressions', () => {
    const bytes = [0, 1].map(() => encodeGraph(lowerGraph('g', build(), BACKEND_RULES.cpu)));
    expect(bytes[0]).toEqual(bytes[1]);
  });

  it('computes what is shared or repeated once', () => {
    const x = input('x', [4]);
    const { onnx } = lowerGraph('g', { y: add(mul(tanh(x), 2), mul(tanh(x), 2)) }, BACKEND_RULES.cpu);
    expect(onnx.nodes.map(({ operator }) => operator)).toEqual(['Tanh', 'Mul', 'Add', 'Identity']);
  });

  it('does not stretch what an operation stretches anyway', () => {
    const [row, whole] = [input('row', [3]), input('whole', [2, 3])];
    const operators = (y: ReturnType<typeof add>) =>
      lowerGraph('g', { y }, BACKEND_RULES.cpu).onnx.nodes.map(({ operator }) => operator);
    const stretched = broadcastTo(row, [2, 3]);
    expect(operators(add(stretched, whole))).toEqual(['Add', 'Identity']);
    // Here nobody else would.
    expect(add(stretched, broadcastTo(row, [2, 3])).shape).toEqual([2, 3]);
    expect(operators(add(stretched, row))).toEqual(['Expand', 'Add', 'Identity']);
  });

  it('multiplies by two numbers at once', () => {
    const { onnx } = lowerGraph('g', { y: mul(mul(input('x', [2]), 3), 0.5) }, BACKEND_RULES.cpu);
    expect(onnx.nodes.map(({ operator }) => operator)).toEqual(['Mul', 'Identity']);
    expect(onnx.initializers.map(({ data }) => [...data])).toEqual([[1.5]]);
  });

  it('lists inputs, parameters and outputs', () => {
    const { inputs, parameters, outputs } = lowerGraph('g', build(), BACKEND_RULES.cpu);
    expect(inputs).toEqual([{ name: 'x', shape: [4, 3], elementType: 'float32' }]);
    expect(parameters.map(({ name }) => name)).toEqual(['fc.weight']);
    expect(outputs.map(({ name, shape }) => [name, shape])).toEqual([['loss', []], ['gradient', [3, 3]]]); // prettier-ignore
  });

  it('refuses an output with the name of an input', () => {
    const x = input('x', [2]);
    expect(() => lowerGraph('g', { x: add(x, x) }, BACKEND_RULES.cpu)).toThrow('An output is called "x"');
  });

  it('refuses two inputs of one name', () => {
    const outputs = { y: add(input('x', [2]), input('x', [2])) };
    expect(() => lowerGraph('g', outputs, BACKEND_RULES.cpu)).toThrow(
      'Two inputs or parameters are called "x"',
    );
  });
});
