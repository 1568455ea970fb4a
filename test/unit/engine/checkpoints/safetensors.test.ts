import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredTensor } from '#engine/checkpoints/safetensors';
import { decodeSafetensors, encodeSafetensors } from '#engine/checkpoints/safetensors';

const someTensors = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__' && name !== '__proto__'),
  fc.array(fc.float({ noNaN: true })),
);

function asTensors(lists: Record<string, readonly number[]>): Map<string, StoredTensor> {
  return new Map(
    Object.entries(lists).map(([name, list]) => [
      name,
      { shape: [list.length], values: Float32Array.from(list) },
    ]),
  );
}

describe('safetensors', () => {
  it('come back as they were stored (T19)', () => {
    fc.assert(
      fc.property(someTensors, (lists) => {
        const { tensors } = decodeSafetensors(encodeSafetensors(asTensors(lists)), 'it');
        expect(tensors).toEqual(asTensors(lists));
      }),
    );
  });

  it('keep metadata', () => {
    expect(decodeSafetensors(encodeSafetensors(new Map(), { format: 'pt' }), 'it').metadata).toEqual({
      format: 'pt',
    });
  });

  it('never fail in another way than as damaged, wherever they are cut or changed', () => {
    const whole = encodeSafetensors(asTensors({ a: [1, 2, 3], b: [4] }));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
        const bytes = isCut ? whole.slice(0, at) : whole.slice();
        if (!isCut) bytes[at] = byte;
        try {
          decodeSafetensors(bytes, 'it');
        } catch (error) {
          expect(error).toMatchObject({ code: 'checkpoint.damaged' });
        }
      }),
    );
  });

  it.each([
    ['cut off', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 4), 'ends beyond the file'],
    ['without a header', (bytes: Uint8Array) => bytes.subarray(0, 4), 'fewer than a header needs'],
    [
      'with a huge header',
      (bytes: Uint8Array) => bytes.map((b, at) => (at < 6 ? 255 : b)),
      'longer than the file',
    ],
  ])('say what is wrong when %s', (_, spoil, message) => {
    const bytes = spoil(encodeSafetensors(asTensors({ a: [1, 2, 3] })));
    expect(() => decodeSafetensors(bytes, 'x.safetensors')).toThrow(message);
  });
});
