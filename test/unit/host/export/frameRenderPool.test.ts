import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import type { RgbaImage } from '#common/image/rasterImage';
import { AvatarFrameRenderer } from '#common/raster/avatarFrameRenderer';
import type { FrameJob, RenderableAvatar } from '#common/raster/avatarFrameRenderer';
import { neutralPose } from '#common/rig/rigPose';
import { FrameRenderPool } from '#host/export/frameRenderPool';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

const settings = { width: 40, height: 32, background: { kind: 'photo' } } as const;
const avatar = tinyAvatar();
let directory: string;
let workerUrl: URL;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frame-render-'));
  const outfile = join(directory, 'frameRender.worker.mjs');
  await build({
    entryPoints: ['src-main/host/export/frameRender.worker.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  workerUrl = pathToFileURL(outfile);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function withPool<Result>(
  work: (pool: FrameRenderPool) => Promise<Result>,
  options: { avatar?: RenderableAvatar; workerUrl?: URL } = {},
): Promise<Result> {
  const pool = new FrameRenderPool({ avatar, settings, workerUrl, workerCount: 2, ...options });
  try {
    return await work(pool);
  } finally {
    await pool.dispose();
  }
}

/** An orbit, and how many jobs have been drawn from it. */
function* orbit(count: number, drawn = { jobs: 0 }): Generator<FrameJob> {
  for (let frame = 0; frame < count; frame++) {
    drawn.jobs++;
    yield { pose: neutralPose(), camera: canonicalCamera({ yaw: frame * 0.05 }) };
  }
}

/** The byte lengths of all frames. */
async function lengths(frames: AsyncIterable<RgbaImage>): Promise<number[]> {
  const all: number[] = [];
  for await (const { data } of frames) all.push(data.length);
  return all;
}

describe('FrameRenderPool', () => {
  it('gives the frames in order, the same bytes as one thread', async () => {
    const renderer = new AvatarFrameRenderer(avatar, settings);
    const expected = Array.from(orbit(13), (job) =>
      Buffer.from(renderer.render(job).data).toString('base64'),
    );
    const frames: string[] = [];
    await withPool(async (pool) => {
      for await (const { data } of pool.renderFrames(orbit(13)))
        frames.push(Buffer.from(data).toString('base64'));
    });
    expect(frames).toEqual(expected);
  });

  it('draws no more jobs than the workers can hold and reuses the pixels', async () => {
    const drawn = { jobs: 0 };
    const buffers: ArrayBufferLike[] = [];
    let taken = 0;
    let ahead = 0;
    await withPool(async (pool) => {
      for await (const { data } of pool.renderFrames(orbit(40, drawn))) {
        buffers.push(data.buffer);
        ahead = Math.max(ahead, drawn.jobs - taken++);
      }
    });
    expect({ taken, isBounded: ahead <= 5 }).toEqual({ taken: 40, isBounded: true });
    // What was lent has moved back to a worker: only the last few still hold their bytes.
    expect(buffers.filter((buffer) => buffer.byteLength > 0).length).toBeLessThanOrEqual(5);
  });

  it('stops when cancelled and can be used again', async () => {
    await withPool(async (pool) => {
      const abort = new AbortController();
      let taken = 0;
      const run = async () => {
        for await (const frame of pool.renderFrames(orbit(1000), abort.signal)) {
          if (frame.width > 0 && ++taken === 3) abort.abort();
        }
      };
      await expect(run()).rejects.toMatchObject({ code: 'job.cancelled' });
      expect(taken).toBe(3);
      const again = await lengths(pool.renderFrames(orbit(2)));
      expect(again).toEqual([40 * 32 * 4, 40 * 32 * 4]);
    });
  });

  it('passes on the error of a frame with its code', async () => {
    const broken = { ...avatar, geometry: { ...avatar.geometry, morphs: [] } };
    const run = withPool((pool) => lengths(pool.renderFrames(orbit(3))), { avatar: broken });
    await expect(run).rejects.toMatchObject({ name: 'AppError', code: 'internal.invariant' });
  });

  it('fails with engine.crashed when a thread dies', async () => {
    const missing = new URL('missing.mjs', workerUrl);
    const run = withPool((pool) => lengths(pool.renderFrames(orbit(3))), { workerUrl: missing });
    await expect(run).rejects.toMatchObject({ code: 'engine.crashed' });
  });

  it('lets a consumer stop early', async () => {
    await withPool(async (pool) => {
      for await (const frame of pool.renderFrames(orbit(100))) {
        expect(frame.height).toBe(32);
        break;
      }
      expect(await lengths(pool.renderFrames(orbit(1)))).toHaveLength(1);
    });
  });
});
