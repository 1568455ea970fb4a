import { describe, expect, it } from 'vitest';
import { normal, Parameters } from '#engine/graph/parameters';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { decayOfHalfLife, MovingAverage } from '#engine/training/movingAverage';
import { newTrainState } from '#engine/training/trainState';

describe('the moving average of weights', () => {
  it('keeps `decay` of the old and takes the rest of the new (T20)', async () => {
    const network = new Parameters();
    network.scope().parameter('w', [3], normal());
    const backend = new OrtBackend('cpu', { threadCount: 1 });
    const average = await MovingAverage.compile(backend, network.all);
    const state = newTrainState(network.all, 1, network.all);
    state.parameters.set('w', Float32Array.of(1, 2, 4));
    state.averages.set('w', Float32Array.of(0, 2, -4));
    await average.update(state, 0.75);
    expect(state.averages.get('w')).toEqual(Float32Array.of(0.25, 2, -2));
    await average.dispose();
    await backend.dispose();
  });

  it('forgets half of the past in its half-life', () => {
    const decay = decayOfHalfLife(32, 10_000, 1e9);
    expect(decay ** (10_000 / 32)).toBeCloseTo(0.5, 6);
  });
});
