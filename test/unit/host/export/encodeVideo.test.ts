import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from 'mediabunny';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RgbaImage } from '#common/image/rasterImage';
import { encodeVideo, type EncodeVideoOptions } from '#host/export/encodeVideo';
import { probeVideoEncoders } from '#host/export/probeVideoEncoders';
import { MovingPicture } from '#test/helpers/movingPicture';

const workerUrl = new URL('../../../../dist/videoEncode.worker.js', import.meta.url);
const SIZE = 64;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'encode-video-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function* moving(count: number, alpha = false, onStop?: () => void): AsyncGenerator<RgbaImage> {
  const picture = new MovingPicture(SIZE, alpha);
  const frame = picture.frame(0);
  try {
    // The same picture object every time: the encoder must have copied it.
    for (let index = 0; index < count; index++) yield await Promise.resolve(picture.frame(index, frame));
  } finally {
    onStop?.();
  }
}

function options(name: string, extra: Partial<EncodeVideoOptions> = {}): EncodeVideoOptions {
  const container = name.endsWith('.mp4') ? 'mp4' : 'webm';
  const base = { path: join(folder, name), container, alpha: false, fps: 30, workerUrl } as const;
  return { ...base, width: SIZE, height: SIZE, ...extra };
}

async function reread(name: string) {
  const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(join(folder, name)) });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error('no video track');
  const packets = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet);
  const config = await track.getDecoderConfig();
  const facts = {
    codec: config?.codec,
    colour: config?.colorSpace,
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    hasAlpha: await track.canBeTransparent(),
    durationSeconds: await track.computeDuration(),
  };
  input.dispose();
  return { facts, packets };
}

describe('encodeVideo', () => {
  it('writes H.264 that says what it is, with exact times and a key frame every two seconds', async () => {
    const result = await encodeVideo(moving(70), options('a.mp4', { frameCount: 70 }));
    const { facts, packets } = await reread('a.mp4');
    expect(result).toMatchObject({ codec: 'h264', frames: 70 });
    expect(facts).toMatchObject({ codec: 'avc1.42c00a', width: SIZE, height: SIZE, hasAlpha: false });
    expect(facts.colour).toMatchObject({
      primaries: 'bt709',
      transfer: 'bt709',
      matrix: 'bt709',
      fullRange: false,
    });
    expect(packets.map((packet) => Math.round(packet.timestamp * 30))).toEqual([...Array(70).keys()]);
    expect(packets.flatMap((packet, index) => (packet.type === 'key' ? [index] : []))).toEqual([0, 60]);
    expect(facts.durationSeconds).toBeCloseTo(70 / 30, 6);
  });

  it('keeps broadcast rates exact', async () => {
    await encodeVideo(moving(40), options('b.mp4', { fps: 29.97 }));
    const { packets } = await reread('b.mp4');
    const worst = Math.max(
      ...packets.map((packet, index) => Math.abs(packet.timestamp - (index * 1001) / 30000)),
    );
    expect(worst).toBeLessThan(1e-9);
  });

  it('writes VP9, transparent where wanted: an alpha picture beside every colour picture', async () => {
    await encodeVideo(moving(8), options('opaque.webm'));
    const result = await encodeVideo(moving(8, true), options('clear.webm', { alpha: true }));
    const opaque = await reread('opaque.webm');
    const clear = await reread('clear.webm');
    expect(result.codec).toBe('vp9+alpha');
    expect([opaque.facts.hasAlpha, clear.facts.hasAlpha]).toEqual([false, true]);
    expect(clear.facts.codec).toMatch(/^vp09\.00\./);
    expect(opaque.packets.every((packet) => packet.sideData.alpha === undefined)).toBe(true);
    expect(clear.packets).toHaveLength(8);
    expect(clear.packets.every((packet) => (packet.sideData.alpha?.length ?? 0) > 0)).toBe(true);
    expect(clear.packets.every((packet, index) => Math.abs(packet.timestamp - index / 30) < 0.0006)).toBe(
      true,
    );
  });

  it('aims at a bit rate', async () => {
    const sizes = [];
    for (const bitrate of [15_000, 45_000]) {
      sizes.push((await encodeVideo(moving(240), options('rate.mp4', { bitrate }))).bytes);
    }
    expect(sizes[0] / ((15_000 * 8) / 8)).toBeGreaterThan(0.4);
    expect(sizes[0] / ((15_000 * 8) / 8)).toBeLessThan(2);
    expect(sizes[1] / sizes[0]).toBeGreaterThan(1.7);
  });

  it.each([
    ['odd sizes', { width: 63 }, /even/],
    ['transparent MP4', { alpha: true }, /transparent/],
    ['a frame rate of 0', { fps: 0 }, /frame rate/],
    ['frames of another size', { width: 128 }, /Frame 0 is 64 x 64; the video is 128 x 64/],
  ])('refuses %s', async (_, extra, message) => {
    await expect(encodeVideo(moving(2), options('x.mp4', extra))).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a clip without frames and leaves nothing', async () => {
    await expect(encodeVideo(moving(0), options('x.webm'))).rejects.toMatchObject({
      code: 'input.badOption',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('stops the source and leaves nothing when it is cancelled', async () => {
    const controller = new AbortController();
    let isStopped = false;
    const frames = moving(1000, false, () => (isStopped = true));
    const onProgress = ({ fraction }: { fraction: number }) => {
      if (fraction >= 0.005) controller.abort();
    };
    const work = encodeVideo(
      frames,
      options('x.mp4', { signal: controller.signal, frameCount: 1000, onProgress }),
    );
    await expect(work).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(isStopped).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  it('passes on what the source throws and leaves nothing', async () => {
    async function* broken(): AsyncGenerator<RgbaImage> {
      yield* moving(2);
      throw new Error('the renderer broke');
    }
    await expect(encodeVideo(broken(), options('x.webm'))).rejects.toThrow('the renderer broke');
    expect(await readdir(folder)).toEqual([]);
  });

  it('names a folder that is not there', async () => {
    const path = join(folder, 'missing', 'x.mp4');
    await expect(encodeVideo(moving(2), options('x.mp4', { path }))).rejects.toMatchObject({
      code: 'disk.notFound',
    });
  });

  it('replaces an older file only when it is done', async () => {
    await encodeVideo(moving(3), options('x.webm'));
    const controller = new AbortController();
    controller.abort();
    await expect(
      encodeVideo(moving(3), options('x.webm', { signal: controller.signal })),
    ).rejects.toMatchObject({ code: 'job.cancelled' });
    expect((await reread('x.webm')).packets).toHaveLength(3);
  });
});

describe('probeVideoEncoders', () => {
  it('finds all three ways to write video after a plain install', async () => {
    const reports = await probeVideoEncoders(workerUrl);
    expect(reports.map(({ container, alpha, isAvailable }) => ({ container, alpha, isAvailable }))).toEqual([
      { container: 'mp4', alpha: false, isAvailable: true },
      { container: 'webm', alpha: false, isAvailable: true },
      { container: 'webm', alpha: true, isAvailable: true },
    ]);
  });

  it('reports a thread that does not start instead of throwing', async () => {
    const reports = await probeVideoEncoders(new URL('file:///nowhere/worker.js'));
    expect(reports.every(({ isAvailable, reason }) => !isAvailable && reason !== undefined)).toBe(true);
  });
});
