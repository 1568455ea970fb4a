import { describe, expect, it } from 'vitest';
import { benchCases, FULL_SIZES } from '#engine/bench/benchGraphs';
import { plainProducts } from '#engine/bench/plainProducts';
import { countOperations } from '#engine/graph/countOperations';
import { grad } from '#engine/graph/grad';
import { conv } from '#engine/graph/ops/convolution/convolution';
import { matmul } from '#engine/graph/ops/matmul';
import { sum } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { input } from '#engine/graph/ops/sources';

describe('the count of operations', () => {
  it('is two for each product of a convolution and of each of its gradients', () => {
    const [x, weight] = [input('x', [2, 4, 6, 6]), input('weight', [8, 2, 3, 3])];
    const y = conv(x, weight, { groups: 2, padding: 1, stride: 2 });
    const products = 2 * 8 * 3 * 3 * (2 * 3 * 3);
    expect(countOperations([y])).toBe(2 * products);
    expect(countOperations(grad(sum(y), [x, weight]))).toBe(2 * 2 * products);
  });

  it('counts a matrix product that two results share once', () => {
    const product = matmul(input('a', [2, 3, 4]), input('b', [4, 5]));
    expect(countOperations([product, sum(product)])).toBe(2 * 2 * 3 * 4 * 5);
  });
});

describe('the plain products of a step', () => {
  it('are one forward convolution or product for each of its own, and count the same', () => {
    const [x, weight] = [input('x', [2, 4, 6, 6]), input('weight', [8, 4, 3, 3])];
    const y = conv(x, weight, { padding: 1, stride: 2 });
    const loss = sum(matmul(reshape(y, [2, -1]), input('b', [72, 3])));
    const results = [loss, ...grad(loss, [x, weight])];
    const { graph, operations } = plainProducts(results);
    const operators = graph.nodes.map(({ operator }) => operator);
    expect(operators.filter((operator) => operator === 'Conv')).toHaveLength(3);
    // Forwards and for y.
    expect(operators.filter((operator) => operator === 'MatMul')).toHaveLength(2);
    expect(operations).toBe(countOperations(results));
  });

  it('leave filters of single channels out', () => {
    const y = conv(input('x', [2, 4, 6, 6]), input('weight', [4, 1, 3, 3]), { groups: 4 });
    expect(plainProducts([y, matmul(input('a', [2, 3]), input('b', [3, 2]))]).operations).toBe(24);
  });
});

it.each(benchCases(FULL_SIZES).filter(({ name }) => /^(conv|matmul|attention)/.test(name)).map((each) => [each.name, each] as const))(
  'the bench of %s divides by what its graph computes',
  (_, { output, operations }) => {
    expect(countOperations([output])).toBe(operations);
  },
); // prettier-ignore
