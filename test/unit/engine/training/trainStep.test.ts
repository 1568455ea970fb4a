import { describe, expect, it, vi } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { add, div, mul, sub } from '#engine/graph/ops/arithmetic';
import { square, tanh } from '#engine/graph/ops/elementwise';
import { matmul } from '#engine/graph/ops/matmul';
import { mean } from '#engine/graph/ops/reduce';
import { BACKEND_RULES } from '#engine/graph/lowering/backends.data';
import { input } from '#engine/graph/ops/sources';
import { normal, Parameters, zeros } from '#engine/graph/parameters';
import type { RunResult } from '#engine/runtime/Backend';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { OrtProgram } from '#engine/runtime/OrtProgram';
import { MovingAverage } from '#engine/training/movingAverage';
import { disposeState, newTrainState, placeState, readState } from '#engine/training/trainState';
import type { TrainState } from '#engine/training/trainState';
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
  return newTrainState(network.all, 7);
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

  it('averages micro-batches to what one batch of all gives', async () => {
    const { network, loss } = aRegression();
    const whole = await TrainStep.compile(backend, { name: 'fit', loss, trained: network.all });
    const parts = await TrainStep.compile(backend, {
      name: 'fit',
      loss,
      trained: network.all,
      microBatches: 2,
    });
    const states = [aState(network), aState(network)];
    const once = await whole.run(states[0], aBatch(3), 0.01);
    const twice = await parts.run(states[1], [aBatch(3), aBatch(3)], 0.01);
    expect(twice.loss).toBeCloseTo(once.loss, 6);
    expect(twice.gradientLength).toBeCloseTo(once.gradientLength, 6);
    expect(farthest(states[0], states[1])).toBeLessThan(1e-6);
    await expect(parts.run(states[1], aBatch(3), 0.01)).rejects.toThrow(/takes 2 batches, not 1/);
    for (const step of [whole, parts]) await step.dispose();
  });

  it('shares moments and the count of updates between steps of one optimizer', async () => {
    const { network, loss } = aRegression();
    const options = { loss, trained: network.all, optimizer: 'both' };
    const first = await TrainStep.compile(backend, { ...options, name: 'first' });
    const second = await TrainStep.compile(backend, { ...options, name: 'second' });
    const state = aState(network);
    await first.run(state, aBatch(0), 0.01);
    await second.run(state, aBatch(1), 0.01);
    expect(state.steps).toEqual(new Map([['both', 2]]));
    expect([...state.moments.keys()]).toEqual(network.all.map(({ attributes }) => `both/${attributes.name}`));
    for (const step of [first, second]) await step.dispose();
  });
});

/** The CPU with the rule of a GPU: the update is a graph and tensors stay with the backend. */
class DeviceLikeBackend extends OrtBackend {
  override readonly rules = { ...BACKEND_RULES.cpu, stateOn: 'device' as const };

  constructor() {
    super('cpu', { threadCount: 1 });
  }
}

describe('a train step whose state stays on the device', () => {
  it('frees the sums of earlier micro-batches where a later one fails', async () => {
    const device = new DeviceLikeBackend();
    const { network, loss } = aRegression();
    const step = await TrainStep.compile(device, {
      name: 'fit',
      loss,
      trained: network.all,
      microBatches: 2,
    });
    const live = await placeState(device, newTrainState(network.all, 7), network.all);
    const runs = vi.spyOn(OrtProgram.prototype, 'run');
    const broken = new Map([...aBatch(1)].map(([name]) => [name, new Float32Array(1)]));
    await expect(step.run(live, [aBatch(0), broken], 0.01)).rejects.toMatchObject({ code: 'graph.badGraph' });
    const first = await (runs.mock.results[0].value as Promise<RunResult>);
    const made = [...first.device.values()];
    expect(made).toHaveLength(network.all.length);
    expect(made.every(({ isDisposed }) => isDisposed)).toBe(true);
    vi.restoreAllMocks();
    disposeState(live);
    await step.dispose();
  });

  it.each([1, 2])('does what the loops over arrays do, with %i micro-batches', async (microBatches) => {
    const device = new DeviceLikeBackend();
    const { network, loss } = aRegression();
    const adam = { decay: 0.01, beta1: 0.8 };
    const options = { name: 'fit', loss, trained: network.all, clipLength: 0.5, microBatches, adam };
    const [onHost, onDevice] = [await TrainStep.compile(backend, options), await TrainStep.compile(device, options)];
    const averages = [await MovingAverage.compile(backend, network.all), await MovingAverage.compile(device, network.all)];
    const host = newTrainState(network.all, 7, network.all);
    const live = await placeState(device, newTrainState(network.all, 7, network.all), network.all);
    for (let k = 0; k < 5; k++) {
      const batches = Array.from({ length: microBatches }, (_, part) => aBatch(2 * k + part));
      const expected = await onHost.run(host, batches, 0.02);
      const result = await onDevice.run(live, batches, 0.02);
      expect(result.loss).toBeCloseTo(expected.loss, 5);
      await averages[0].update(host, 0.9);
      await averages[1].update(live, 0.9);
    }
    const read = await readState(device, live);
    expect(farthest(read, host)).toBeLessThan(1e-5);
    expect(farthest({ ...read, parameters: read.averages }, { ...host, parameters: host.averages })).toBeLessThan(1e-5);
    expect(read.steps).toEqual(host.steps);
    disposeState(live);
    for (const part of [onHost, onDevice, ...averages]) await part.dispose();
  }); // prettier-ignore

  it('frees the buffers it replaces', async () => {
    const device = new DeviceLikeBackend();
    const { network, loss } = aRegression();
    const step = await TrainStep.compile(device, { name: 'fit', loss, trained: network.all });
    const live = await placeState(device, newTrainState(network.all, 7), network.all);
    await step.run(live, aBatch(0), 0.01);
    const before = [...live.parameters.values(), ...[...live.moments.values()].flatMap((m) => [m.first, m.second])];
    await step.run(live, aBatch(1), 0.01);
    expect(before.every((values) => !(values instanceof Float32Array) && values.isDisposed)).toBe(true);
    disposeState(live);
    await step.dispose();
  }); // prettier-ignore
});

function farthest(a: TrainState, b: TrainState): number {
  return Math.max(
    ...[...a.parameters].flatMap(([name, values]) => [...values].map((value, k) => Math.abs(value - b.parameters.get(name)![k]))),
  ); // prettier-ignore
}
