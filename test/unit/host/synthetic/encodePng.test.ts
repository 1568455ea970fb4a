import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodePng } from '#host/synthetic/encodePng';

const SIZE = 16;

describe('a PNG of labels', () => {
  it.each([1, 3] as const)('comes back to the bit with 8 bits and %i channels', async (channels) => {
    const data = Uint8Array.from({ length: SIZE * SIZE * channels }, (_, k) => (k * 37) & 255);
    const picture = sharp(encodePng(data, SIZE, channels));
    expect(await picture.metadata()).toMatchObject({ width: SIZE, height: SIZE, channels, depth: 'uchar' });
    const read = await (channels === 1 ? picture.extractChannel(0) : picture).raw().toBuffer();
    expect(Uint8Array.from(read)).toEqual(data);
  });

  it.each([1, 3] as const)('comes back to the bit with 16 bits and %i channels', async (channels) => {
    const data = Uint16Array.from({ length: SIZE * SIZE * channels }, (_, k) => (k * 7919) & 65535);
    const space = channels === 1 ? 'grey16' : 'rgb16';
    const raw = await sharp(encodePng(data, SIZE, channels))
      .toColourspace(space)
      .raw({ depth: 'ushort' })
      .toBuffer();
    expect(new Uint16Array(raw.buffer, raw.byteOffset, data.length)).toEqual(data);
  });
});
