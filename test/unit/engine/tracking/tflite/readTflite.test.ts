import {
  constantFloats,
  constantIntegers,
  readTflite,
  widenHalves,
} from '#engine/tracking/tflite/readTflite';
import { readFlexMap } from '#engine/tracking/tflite/readFlexMap';
import { buildFlexMap, buildTflite } from '#test/helpers/buildTflite';
import { describe, expect, it } from 'vitest';

const model = buildTflite({
  tensors: [
    { name: 'image', shape: [1, 2, 2, 1] },
    { name: 'half', shape: [2], type: 1, data: Uint16Array.of(0x3c00, 0xc100) },
    { name: 'pads', shape: [2, 2], type: 2, data: Int32Array.of(0, 1, -2, 3) },
    { name: 'out', shape: [1, 2, 2, 1] },
  ],
  operators: [
    { code: 'Special', version: 2, inputs: [0, -1], outputs: [3], customOptions: Uint8Array.of(7, 8) },
  ],
  inputs: [0],
  outputs: [3],
});

describe('readTflite', () => {
  it('reads tensors, operators and their options', () => {
    const read = readTflite(model);
    expect(read.tensors.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['image', 1, 2, 2, 1],
      ['half', 2],
      ['pads', 2, 2],
      ['out', 1, 2, 2, 1],
    ]);
    expect(read.operators[0]).toMatchObject({
      code: 32,
      customName: 'Special',
      version: 2,
      inputs: [0, -1],
      outputs: [3],
    });
    expect([...(read.operators[0].customOptions ?? [])]).toEqual([7, 8]);
    expect([read.inputs, read.outputs]).toEqual([[0], [3]]);
    expect([...constantFloats(read.tensors[1])]).toEqual([1, -2.5]);
    expect(constantIntegers(read.tensors[2])).toEqual([0, 1, -2, 3]);
  });

  it('says what is wrong with a file that is no tflite model or a damaged one', () => {
    expect(() => readTflite(Uint8Array.of(1, 2, 3))).toThrow(/TFL3/);
    const damaged = model.slice();
    new DataView(damaged.buffer).setUint32(0, 0x7fffffff, true);
    expect(() => readTflite(damaged)).toThrow(/damaged/);
    expect(() => readTflite(model.slice(0, model.length / 2))).toThrow(/damaged|lacks|missing/);
  });

  it('widens half precision exactly: subnormals, infinities and zeros too', () => {
    const halves = Uint16Array.of(0x0001, 0x03ff, 0x7bff, 0x7c00, 0xfc00, 0x0000, 0x3555);
    expect([...widenHalves(halves)]).toEqual([
      2 ** -24,
      1023 * 2 ** -24,
      65504,
      Infinity,
      -Infinity,
      0,
      0.333251953125,
    ]);
    expect(widenHalves(Uint16Array.of(0x7e00))[0]).toBeNaN();
  });
});

describe('readFlexMap', () => {
  it('reads numbers and integer vectors by name', () => {
    const map = readFlexMap(buildFlexMap({ width: 16, scale: 1.5, points: [3, -1, 400] }));
    expect(Object.fromEntries(map)).toEqual({ width: 16, scale: 1.5, points: [3, -1, 400] });
  });

  it('refuses what is no map', () => {
    expect(() => readFlexMap(Uint8Array.of(5, 4, 1))).toThrow(/root type/);
    expect(() => readFlexMap(new Uint8Array(0))).toThrow(/offset/);
  });
});
