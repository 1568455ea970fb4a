import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toFrameRate } from '#host/export/video/frameRate';
import { openMuxer } from '#host/export/video/openMuxer';
import { checkVideoSettings, keyFrameInterval, type VideoSettings } from '#host/export/video/videoSettings';
import { vp9CodecString } from '#host/export/video/vp9Encoder';

const settings: VideoSettings = {
  container: 'webm',
  alpha: false,
  width: 64,
  height: 64,
  fps: { numerator: 30, denominator: 1 },
};

describe('openMuxer', () => {
  // /dev/full refuses every byte, as a full disk does.
  it.skipIf(!existsSync('/dev/full'))('says that the disk is full, naming the destination', async () => {
    const output = { path: '/dev/full', destination: '/home/someone/clip.webm' };
    const muxer = await openMuxer(output, 'vp9', settings);
    const write = async () => {
      const packet = { data: new Uint8Array(3 << 20).fill(1), isKey: true };
      for (let index = 0; index < 4; index++) {
        await muxer.add(packet, () => ({ codec: vp9CodecString(settings) }));
      }
      await muxer.finish();
    };
    await expect(write()).rejects.toMatchObject({ code: 'disk.full', details: { path: 'clip.webm' } });
    await muxer.abandon();
  });
});

describe('toFrameRate', () => {
  it.each([
    [30, 30, 1],
    [29.97, 30_000, 1001],
    [23.976, 24_000, 1001],
    [59.94, 60_000, 1001],
    [12.5, 25, 2],
    [14.985, 15_000, 1001],
  ])('takes %s for %s / %s', (fps, numerator, denominator) => {
    expect(toFrameRate(fps)).toEqual({ numerator, denominator });
  });

  it.each([0, -1, 241, NaN, Infinity])('refuses %s', (fps) => {
    expect(() => toFrameRate(fps)).toThrow(/frame rate/);
  });
});

describe('checkVideoSettings', () => {
  it.each([
    [{ width: 63 }, /even/],
    [{ height: 4098 }, /4096/],
    [{ width: 14 }, /16/],
    [{ width: 64.5 }, /even/],
    [{ bitrate: 5 }, /bit rate/],
    [{ bitrate: NaN }, /bit rate/],
  ])('refuses %j', (part, message) => {
    expect(() => checkVideoSettings({ ...settings, ...part })).toThrow(message);
  });

  it('puts two seconds between key frames', () => {
    expect(keyFrameInterval({ numerator: 30_000, denominator: 1001 })).toBe(60);
    expect(keyFrameInterval({ numerator: 1, denominator: 1 })).toBe(2);
  });
});
