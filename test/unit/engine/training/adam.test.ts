import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluate } from '#engine/graph/reference/evaluate';
import { input } from '#engine/graph/ops/sources';
import type { ReferenceValues } from '#engine/graph/tensor';
import { adamExpression, adamInPlace } from '#engine/training/adam';

/** Five steps by PyTorch's torch.optim; see README.md beside the file. */
interface StoredRun {
  readonly name: string;
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly start: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly values: readonly (readonly number[])[];
}

const { runs } = JSON.parse(readFileSync('test/fixtures/engine/pytorchOptimizers.json', 'utf8')) as {
  readonly runs: readonly StoredRun[];
};

describe.each(runs.map((run) => [run.name, run] as const))('%s, as PyTorch steps', (_, run) => {
  const { rate, beta1, beta2, epsilon, weightDecay: decay } = run;
  const size = run.start.length;

  it('on arrays', () => {
    const parameter = Float32Array.from(run.start);
    const moments = { first: new Float32Array(size), second: new Float32Array(size) };
    run.gradients.forEach((gradient, index) => {
      const at = { rate, step: index + 1 };
      adamInPlace(parameter, Float32Array.from(gradient), moments, at, { beta1, beta2, epsilon, decay });
      expectNear(parameter, run.values[index]);
    });
  });

  it('as a graph', () => {
    const arrays = ['parameter', 'gradient', 'first', 'second'].map((name) => input(name, [size]));
    const [parameter, gradient, first, second] = arrays;
    const corrections = { first: input('c1', []), second: input('c2', []) };
    const options = { beta1, beta2, epsilon, decay };
    const next = adamExpression(parameter, gradient, { first, second }, { rate: input('rate', []), corrections }, options); // prettier-ignore
    let state: ReferenceValues[] = [
      Float64Array.from(run.start),
      new Float64Array(size),
      new Float64Array(size),
    ];
    run.gradients.forEach((given, index) => {
      const feeds = new Map([
        ['parameter', state[0]],
        ['gradient', Float64Array.from(given)],
        ['first', state[1]],
        ['second', state[2]],
        ['rate', Float64Array.of(rate)],
        ['c1', Float64Array.of(1 - beta1 ** (index + 1))],
        ['c2', Float64Array.of(1 - beta2 ** (index + 1))],
      ]);
      state = [...evaluate([next.parameter, next.first, next.second], feeds)];
      expectNear(state[0], run.values[index]);
    });
  });
});

function expectNear(measured: ArrayLike<number>, expected: readonly number[]): void {
  expected.forEach((value, k) => {
    expect(Math.abs(measured[k] - value)).toBeLessThan(1e-4 * Math.max(0.1, Math.abs(value)));
  });
}
