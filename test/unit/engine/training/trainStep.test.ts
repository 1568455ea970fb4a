import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { add, div, mul, sub } from '#engine/graph/ops/arithmetic';
import { square, tanh } from '#engine/graph/ops/elementwise';
import { matmul } from '#engine/graph/ops/matmul';
import { mean } from '#engine/graph/ops/reduce';
import { input } from '#engine/graph/ops/sources';
import { normal, Parameters, zeros } from '#engine/graph/parameters';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { initialValues } from '#engine/training/initialValues';
import type { TrainState } from '#engine/training/TrainStep';
import { TrainStep } from '#engine/training/TrainStep';

const backend = new OrtBackend('cpu', { threadCount: 1 });

/** Two layers that learn to multiply two numbers. */
function aRegression(): { readonly network: Parameters; readonly loss: ReturnType<typeof mean> } {
  const network = new Parameters();
  const scope = network.scope('net');
  const x = input('x', [64, 2]);
  const hidden = tanh(add(matmul(x, scope.parameter('w0', [2, 32], normal())), scope.parameter('b0', [32], zeros)));
  const y = add(matmul(hidden, scope.parameter('w1', [32, 1], normal(0.2))), scope.parameter('b1', [1], zeros));
  return { network, loss: mean(square(sub(y, input('y', [64, 1])))) };
} // prettier-ignore

function aBatch(seed: number): Map<string, Float32Array> {
  const random = createSeededRandom(seed);
  const x = Float32Array.from({ length: 128 }, () => random.between(-1, 1));
  return new Map([
    ['x', x],
    ['y', Float32Array.from({ length: 64 }, (_, k) => x[2 * k] * x[2 * k + 1])],
  ]);
}

function aState(network: Parameters): TrainState {
  return { parameters: initialValues(network.all, 7), moments: new Map(), steps: new Map() };
}

describe('a train step', () => {
  it('lowers its loss to where the function is learned', async () => {
    const { network, loss } = aRegression();
    const step = await TrainStep.compile(backend, { name: 'fit', loss, trained: network.all });
    const state = aState(network);
    const first = (await step.run(state, aBatch(0), 0.01)).loss;
    let last = first;
    for (let k = 1; k < 400; k++) last = (await step.run(state, aBatch(k), 0.01)).loss;
    expect(last).toBeLessThan(first / 50);
    expect(state.steps.get('fit')).toBe(400);
    await step.dispose();
  });

  it('goes on from a copied state to the same bits', async () => {
    const { network, loss } = aRegression();
    const step = await TrainStep.compile(backend, { name: 'fit', loss, trained: network.all });
    const state = aState(network);
    for (let k = 0; k < 5; k++) await step.run(state, aBatch(k), 0.01);
    const copy = structuredClone(state);
    const on = async (from: TrainState): Promise<number[]> => {
      const losses: number[] = [];
      for (let k = 5; k < 10; k++) losses.push((await step.run(from, aBatch(k), 0.01)).loss);
      return losses;
    };
    expect(await on(copy)).toEqual(await on(state));
    expect(copy.parameters).toEqual(state.parameters);
    await step.dispose();
  });

  it('limits the common length of the gradients', async () => {
    const { network, loss } = aRegression();
    const options = { name: 'fit', loss: mul(loss, 1e4), trained: network.all };
    const step = await TrainStep.compile(backend, { ...options, clipLength: 1 });
    const state = aState(network);
    expect((await step.run(state, aBatch(0), 0.01)).gradientLength).toBeGreaterThan(100);
    const squares = [...state.moments.values()].map(({ first }) =>
      first.reduce((sum, m) => sum + (m * 10) ** 2, 0),
    );
    expect(Math.sqrt(squares.reduce((a, b) => a + b))).toBeCloseTo(1, 4);
    await step.dispose();
  });

  it('stops at a loss that is no number and leaves the state as it was', async () => {
    const { network, loss } = aRegression();
    const step = await TrainStep.compile(backend, {
      name: 'fit',
      loss: div(loss, sub(loss, loss)),
      trained: network.all,
    });
    const state = aState(network);
    const before = structuredClone(state);
    await expect(step.run(state, aBatch(0), 0.01)).rejects.toMatchObject({
      code: 'training.diverged',
      details: { step: 1, what: 'the loss' },
    });
    expect(state).toEqual(before);
    await step.dispose();
  });

  it('names the parameter a state lacks', async () => {
    const { network, loss } = aRegression();
    const step = await TrainStep.compile(backend, { name: 'fit', loss, trained: network.all });
    const state = aState(network);
    state.parameters.delete('net.b0');
    await expect(step.run(state, aBatch(0), 0.01)).rejects.toThrow(/no parameter "net.b0"/);
    await step.dispose();
  });
});
