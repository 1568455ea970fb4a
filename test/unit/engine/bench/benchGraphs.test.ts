import { describe, expect, it } from 'vitest';
import { benchCases } from '#engine/bench/benchGraphs';
import { countOperations } from '#engine/graph/countOperations';
import { grad } from '#engine/graph/grad';
import { conv } from '#engine/graph/ops/convolution/convolution';
import { matmul } from '#engine/graph/ops/matmul';
import { sum } from '#engine/graph/ops/reduce';
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

it.each(benchCases().filter(({ name }) => /^(conv|matmul|attention)/.test(name)).map((each) => [each.name, each] as const))(
  'the bench of %s divides by what its graph computes',
  (_, { output, operations }) => {
    expect(countOperations([output])).toBe(operations);
  },
); // prettier-ignore
