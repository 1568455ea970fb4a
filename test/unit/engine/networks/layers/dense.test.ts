import { describe, expect, it } from 'vitest';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import { evaluate } from '#engine/graph/reference/evaluate';
import {
  convolution,
  convTranspose,
  groupNorm,
  layerNorm,
  linear,
  xavierStart,
  zeroStart,
} from '#engine/networks/layers/dense';
import { initialValues } from '#engine/training/initialValues';

/** Names and shapes, in the order they were asked for. */
function declared(parameters: Parameters): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(parameters.all.map(({ attributes, shape }) => [attributes.name, shape]));
}

const largest = (values: Float32Array | undefined): number =>
  (values ?? new Float32Array()).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('layers as PyTorch names and lays them out', () => {
  it('linear: [outputs, inputs], over the last axis of any number', () => {
    const parameters = new Parameters();
    const y = linear(parameters.scope('fc'), input('x', [2, 3, 4]), 5);
    expect(y.shape).toEqual([2, 3, 5]);
    expect(declared(parameters)).toEqual({ 'fc.weight': [5, 4], 'fc.bias': [5] });
    const plain = new Parameters();
    linear(plain.scope('fc'), input('x', [2, 4]), 5, { hasBias: false });
    expect(declared(plain)).toEqual({ 'fc.weight': [5, 4] });
  });

  it('convolutions: [outputs, inputs / groups, ...kernel]; transposed ones have inputs first', () => {
    const parameters = new Parameters();
    const x = input('x', [1, 4, 6, 6]);
    const volume = input('v', [1, 4, 4, 8, 8]);
    const y = convolution(parameters.scope('a'), x, 6, { kernel: [3, 1], stride: 2, padding: 1, groups: 2 });
    const v = convolution(parameters.scope('b'), volume, 2, { kernel: 4, stride: [1, 2, 2], padding: [[2, 1], [1, 1], [1, 1]], padMode: 'replicate' }); // prettier-ignore
    const t = convTranspose(parameters.scope('c'), x, 3, { stride: 2, padding: 1 });
    expect([y.shape, v.shape, t.shape]).toEqual([[1, 6, 3, 4], [1, 2, 4, 4, 4], [1, 3, 12, 12]]); // prettier-ignore
    expect(declared(parameters)).toEqual({
      'a.weight': [6, 2, 3, 1],
      'a.bias': [6],
      'b.weight': [2, 4, 4, 4, 4],
      'b.bias': [2],
      'c.weight': [4, 3, 4, 4],
      'c.bias': [3],
    });
  });

  it('repeats the border where told, and sees nothing beyond it otherwise', () => {
    const sums = (padMode: 'zeros' | 'replicate'): readonly number[] => {
      const parameters = new Parameters();
      const y = convolution(parameters.scope(), input('x', [1, 1, 3]), 1, { padding: 1, padMode, hasBias: false }); // prettier-ignore
      const feeds = new Map([['x', Float64Array.of(1, 2, 4)], ['weight', Float64Array.of(1, 1, 1)]]); // prettier-ignore
      return [...evaluate([y], feeds)[0]];
    };
    expect(sums('zeros')).toEqual([3, 7, 6]);
    expect(sums('replicate')).toEqual([4, 7, 10]);
  });

  it('norms start as the identity, or have no weights', () => {
    const parameters = new Parameters();
    layerNorm(parameters.scope('ln'), input('x', [2, 4]));
    groupNorm(parameters.scope('gn'), input('y', [2, 6, 3]), 3);
    layerNorm(parameters.scope('none'), input('x', [2, 4]), { hasAffine: false });
    expect(declared(parameters)).toEqual({ 'ln.weight': [4], 'ln.bias': [4], 'gn.weight': [6], 'gn.bias': [6] }); // prettier-ignore
    const values = initialValues(parameters.all, 1);
    expect(values.get('gn.weight')).toEqual(new Float32Array(6).fill(1));
    expect(values.get('ln.bias')).toEqual(new Float32Array(4));
  });

  it('weights start as in PyTorch, as Glorot says, or at 0', () => {
    const parameters = new Parameters();
    const x = input('x', [1, 100]);
    linear(parameters.scope('torch'), x, 300);
    linear(parameters.scope('glorot'), x, 300, { start: xavierStart });
    linear(parameters.scope('zero'), x, 300, { start: zeroStart });
    const values = initialValues(parameters.all, 1);
    const limits = ['torch.weight', 'torch.bias', 'glorot.weight'].map((name) => largest(values.get(name)));
    [0.1, 0.1, Math.sqrt(6 / 400)].forEach((limit, k) => {
      expect(limits[k]).toBeLessThanOrEqual(limit);
      expect(limits[k]).toBeGreaterThan(0.97 * limit);
    });
    expect(['glorot.bias', 'zero.weight', 'zero.bias'].map((name) => largest(values.get(name)))).toEqual([0, 0, 0]); // prettier-ignore
  });
});
