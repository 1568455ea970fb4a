import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSequenceParameters, writeSequenceParameters } from '#host/export/video/avcParameters';
import { initialQuantizer, shiftSliceQuantizer } from '#host/export/video/avcSlice';
import { BitReader, BitWriter, escapeNal, unescapeNal } from '#host/export/video/bitStream';

// What minih264 writes for 512 x 512 and for 130 x 98 (cropped), and a picture parameter set at quantiser 33.
const SPS_512 = Uint8Array.from(Buffer.from('67420016a680801064', 'hex'));
const SPS_130 = Uint8Array.from(Buffer.from('6742000aa6824fe22210', 'hex'));

describe('bit streams', () => {
  it('gives back every number written', () => {
    const value = fc.tuple(fc.constantFrom('u', 's', 'b'), fc.integer({ min: 0, max: 70_000 }));
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const writer = new BitWriter();
        for (const [kind, number] of values) {
          if (kind === 'u') writer.unsigned(number);
          else if (kind === 's') writer.signed(number - 35_000);
          else writer.bits(number, 17);
        }
        const reader = new BitReader(writer.finish());
        for (const [kind, number] of values) {
          if (kind === 'u') expect(reader.unsigned()).toBe(number);
          else if (kind === 's') expect(reader.signed()).toBe(number - 35_000);
          else expect(reader.bits(17)).toBe(number);
        }
      }),
    );
  });

  it('escapes so that no start code appears, and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 5 }), (bytes) => {
        const rounds = Uint8Array.from([...bytes].map((byte) => byte & 3).concat(1));
        const escaped = escapeNal(rounds);
        expect(Buffer.from(escaped).toString('hex').replace(/../g, '$& ')).not.toMatch(/00 00 0[012] /);
        expect([...unescapeNal(escaped)]).toEqual([...rounds]);
      }),
    );
  });
});

describe('sequence parameters', () => {
  it('keeps size and crop and adds a level that fits the frame rate', () => {
    for (const [sps, fps, level] of [
      [SPS_512, 30, 30],
      [SPS_512, 60, 31],
      [SPS_130, 30, 11],
    ] as const) {
      const before = readSequenceParameters(sps);
      const written = writeSequenceParameters(before, { numerator: fps, denominator: 1 });
      expect(readSequenceParameters(written)).toEqual({ ...before, level });
    }
    expect(readSequenceParameters(SPS_130)).toMatchObject({
      widthInMacroblocks: 9,
      heightInMacroblocks: 7,
      crop: [0, 7, 0, 7],
    });
  });
});

describe('shiftSliceQuantizer', () => {
  const LOG2_MAX_FRAME_NUM = 5;

  /** A slice as minih264 writes it: header, then any bits. */
  function aSlice(isKey: boolean, quantizerDelta: number, rest: readonly number[]): Uint8Array {
    const bits = new BitWriter()
      .unsigned(0)
      .unsigned(isKey ? 7 : 5)
      .unsigned(0);
    bits.bits(isKey ? 0 : 3, LOG2_MAX_FRAME_NUM);
    if (isKey) bits.unsigned(0).bits(0, 2);
    else bits.bits(0, 1).bits(0, 1).bits(0, 1);
    bits.signed(quantizerDelta);
    for (const bit of rest) bits.bits(bit, 1);
    const nal = Uint8Array.from([isKey ? 0x65 : 0x61, ...escapeNal(bits.finish())]);
    const sample = new Uint8Array(nal.length + 4);
    new DataView(sample.buffer).setUint32(0, nal.length);
    sample.set(nal, 4);
    return sample;
  }

  it('changes the quantiser and not one bit of the rest', () => {
    const bits = fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 200 });
    const step = fc.integer({ min: -12, max: 12 });
    fc.assert(
      fc.property(fc.boolean(), step, step, bits, (isKey, delta, steps, rest) => {
        const shifted = shiftSliceQuantizer(aSlice(isKey, delta, rest), LOG2_MAX_FRAME_NUM, steps);
        expect([...shifted]).toEqual([...aSlice(isKey, delta + steps, rest)]);
      }),
    );
  });

  it('reads the quantiser that a picture parameter set starts from', () => {
    expect(initialQuantizer(Uint8Array.from(Buffer.from('68ce0fc8', 'hex')))).toBe(23);
  });
});
