import { expect, it } from 'vitest';
import { encodeIcns, encodeIco } from '#tools/icons/iconContainers';

const picture = (size: number, length: number) => ({ size, png: new Uint8Array(length).fill(size % 251) });

it('writes the directory of an ICO and every picture where it says', () => {
  const bytes = encodeIco([picture(16, 5), picture(256, 9)]);
  const view = new DataView(bytes.buffer);
  expect([0, 2, 4].map((at) => view.getUint16(at, true))).toEqual([0, 1, 2]);
  expect([6, 7, 22, 23].map((at) => bytes[at])).toEqual([16, 16, 0, 0]);
  for (const [entry, size, length] of [
    [6, 16, 5],
    [22, 256, 9],
  ]) {
    // prettier-ignore
    const offset = view.getUint32(entry + 12, true);
    expect(view.getUint32(entry + 8, true)).toBe(length);
    expect([...bytes.subarray(offset, offset + length)]).toEqual([...picture(size, length).png]);
  }
  expect(bytes.length).toBe(6 + 32 + 14);
});

it('writes an ICNS whose parts add up, doubled sizes twice', () => {
  const bytes = encodeIcns([picture(16, 5), picture(32, 7)]);
  const view = new DataView(bytes.buffer);
  const name = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  expect([name(0), view.getUint32(4)]).toEqual(['icns', bytes.length]);
  const types: string[] = [];
  let at = 8;
  for (; at < bytes.length; at += view.getUint32(at + 4)) types.push(name(at));
  expect([types, at]).toEqual([['icp4', 'icp5', 'ic11'], bytes.length]);
});
