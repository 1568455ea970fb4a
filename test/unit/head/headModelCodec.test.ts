import fc from 'fast-check';
import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { AppError } from '#common/contract/errors';
import { HEAD_REGIONS } from '#common/head/headModel';
import { decodeHeadModel, encodeHeadModel } from '#common/head/headModelCodec';
import { packIntegers, unpackIntegers } from '#common/head/planarIntegers';

import { HEAD_MODEL_PATH, readHeadModel } from './readHeadModel';

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('packIntegers', () => {
  it('is undone by unpackIntegers for any values, strides and offsets', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -2_000_000, max: 2_000_000 }), { maxLength: 60 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 9 }),
        (values, stride, offset) => {
          const { bytes, planes } = packIntegers(values, stride);
          const shifted = new Uint8Array(offset + bytes.length);
          shifted.set(bytes, offset);
          const place = { offset, count: values.length, stride, planes };
          expect(Array.from(unpackIntegers(shifted, place))).toEqual(values);
        },
      ),
    );
  });

  it('uses one byte per small value', () => {
    expect(packIntegers([1, -2, 3], 0).bytes.length).toBe(3);
  });
});

describe('head model file', () => {
  const bytes = readFileSync(HEAD_MODEL_PATH);

  it('stays under 4 MB', () => {
    expect(statSync(HEAD_MODEL_PATH).size).toBeLessThan(4 * 1024 * 1024);
  });

  it('gives back what it stored', () => {
    const whole = readHeadModel();
    // A few modes are enough: every kind of array is there.
    const model = {
      ...whole,
      identity: whole.identity.slice(0, 2),
      correctives: whole.correctives.slice(0, 2),
    };
    const back = decodeHeadModel(encodeHeadModel(model));
    expect(back).toEqual(model);
  });

  it('holds consistent tables', () => {
    const model = readHeadModel();
    const n = model.vertexCount;
    expect(model.parts.reduce((sum, part) => sum + part.vertexCount, 0)).toBe(n);
    expect(model.parts.reduce((sum, part) => sum + part.indexCount, 0)).toBe(model.indices.length);
    for (const part of model.parts) {
      const own = model.indices.subarray(part.firstIndex, part.firstIndex + part.indexCount);
      expect(Math.min(...own)).toBe(part.firstVertex);
      expect(Math.max(...own)).toBe(part.firstVertex + part.vertexCount - 1);
    }
    expect(model.identity.length).toBeGreaterThanOrEqual(64);
    expect(model.expressions).toHaveLength(52);
    for (const region of HEAD_REGIONS) expect(Math.max(...model.regions[region])).toBe(1);
  });

  it('names what is wrong with other and damaged files', () => {
    const changed = (at: number, value: number): Uint8Array => {
      const copy = Uint8Array.from(bytes);
      copy[at] = value;
      return copy;
    };
    expect(codeOf(() => decodeHeadModel(new Uint8Array(0)))).toBe('model.unsupported');
    expect(codeOf(() => decodeHeadModel(new Uint8Array(500)))).toBe('model.unsupported');
    expect(codeOf(() => decodeHeadModel(changed(6, 99)))).toBe('model.unsupported');
    expect(codeOf(() => decodeHeadModel(bytes.subarray(0, 3000)))).toBe('model.hashMismatch');
    expect(codeOf(() => decodeHeadModel(changed(20, 0)))).toBe('model.hashMismatch');
    const middle = Math.floor(bytes.length / 2);
    expect(codeOf(() => decodeHeadModel(changed(middle, bytes[middle] ^ 255)))).toBe('model.hashMismatch');
  });
});
