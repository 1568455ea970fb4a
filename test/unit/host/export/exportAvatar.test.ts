import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportAvatarParams } from '#common/contract/hostApi';
import { PARAMS_SCHEMAS } from '#common/contract/hostApi';
import type { Progress } from '#common/contract/progress';
import { encodeAvatarFile } from '#host/avatars/avatarFile';
import { systemClock } from '#host/clock';
import { createRestyler } from '#host/avatars/restyleInThread';
import { exportAvatar } from '#host/export/exportAvatar';
import { createMotionLibrary } from '#host/motions/motionLibrary';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

const bundled = (name: string): URL => new URL(`../../../../dist/${name}.worker.js`, import.meta.url);

let folder: string;
let avatar: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
  avatar = join(folder, 'tiny.avatar');
  const facts = { appVersion: '0', created: new Date(0), sourceSha256: '', rightsNote: '' };
  await writeFile(avatar, await encodeAvatarFile(tinyAvatar(), new Uint8Array(8), facts));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function run(
  changes: Partial<ExportAvatarParams>,
  context: { signal?: AbortSignal; onProgress?: (progress: Progress) => void } = {},
) {
  const request = PARAMS_SCHEMAS['avatars.export'].parse({ avatar, size: 64, ...changes });
  const { signal = new AbortController().signal, onProgress = () => undefined } = context;
  return await exportAvatar(request, { signal, onProgress }, {
    motions: createMotionLibrary('assets/motions'),
    frameWorkerUrl: bundled('frameRender'),
    videoWorkerUrl: bundled('videoEncode'),
    restyler: createRestyler('assets', bundled('restyle')),
    clock: systemClock,
  }); // prettier-ignore
}

describe('exportAvatar', () => {
  it.each([
    ['a look there is not', 'nope', /no domain "nope".*realistic/],
    ['an avatar that is no fitted head', 'toon', /cannot take a look/],
  ])('refuses %s before anything is written', async (_, domain, message) => {
    const out = await mkdtemp(join(folder, 'look-'));
    await expect(run({ still: join(out, 's.png'), domain })).rejects.toMatchObject({
      code: 'input.badOption',
      message: expect.stringMatching(message) as string,
    });
    expect(await readdir(out)).toEqual([]);
  });

  it('writes video, frames and still from one pass', async () => {
    const out = await mkdtemp(join(folder, 'all-'));
    const result = await run({
      video: join(out, 'v.webm'),
      frames: join(out, 'frames'),
      still: join(out, 's.png'),
      motion: { preset: 'idle' },
      durationSeconds: 0.2,
    });
    expect(result).toMatchObject({ name: 'Tiny', motion: 'Idle', frameCount: 6 });
    expect(result.outputs.map(({ kind }) => kind).sort()).toEqual(['frames', 'still', 'video']);
    expect((await readdir(out)).sort()).toEqual(['frames', 's.png', 'v.webm']);
    const index = JSON.parse(await readFile(join(out, 'frames', 'frames.json'), 'utf8')) as {
      frames: { file: string; timeSeconds: number }[];
    };
    expect(index).toMatchObject({ format: 'avatarartist-frames', fps: 30, size: 64, motion: 'Idle' });
    expect(index.frames[3]).toEqual({ file: '000003.png', timeSeconds: 0.1 });
    const first = await sharp(join(out, 'frames', '000000.png')).stats();
    expect(first.isOpaque).toBe(false);
    expect(await readFile(join(out, 's.png'))).toEqual(await readFile(join(out, 'frames', '000000.png')));
  });

  it('gives the same pixels every time', async () => {
    const [a, b] = [join(folder, 'a.png'), join(folder, 'b.png')];
    const settings = { set: [{ target: 'head.yaw', value: 0.3 }], background: '#204060' };
    await run({ still: a, ...settings });
    await run({ still: b, ...settings });
    expect(await readFile(a)).toEqual(await readFile(b));
    const corner = await sharp(a).extract({ left: 0, top: 0, width: 1, height: 1 }).removeAlpha().raw().toBuffer(); // prettier-ignore
    expect([...corner]).toEqual([0x20, 0x40, 0x60]);
  });

  it('writes a GLB with its motion', async () => {
    const glb = join(folder, 'tiny.glb');
    const { outputs } = await run({ glb, motion: { preset: 'talk' }, durationSeconds: 1, fps: 10 });
    expect(outputs).toMatchObject([
      {
        kind: 'glb',
        path: glb,
        details: {
          morphTargets: 52,
          animationKeys: 11,
          validatorErrors: 0,
        },
      },
    ]);
    expect(outputs[0]?.details?.['correctiveMillimetres']).toBeGreaterThanOrEqual(0);
    expect((await readFile(glb)).subarray(0, 4).toString()).toBe('glTF');
  });

  it.each([
    [{ video: 'x.mp4', background: 'transparent' }, 'input.badOption'],
    [{ still: 'x.png', motion: { preset: 'no such motion' } }, 'input.badMotion'],
    [{ still: 'x.png', motion: { file: 'package.json' } }, 'input.badMotion'],
    [{ still: 'x.png', motion: { file: 'README-none.json' } }, 'input.fileNotFound'],
    [{ still: 'x.png', avatar: 'package.json' }, 'avatar.notAnAvatar'],
  ])('names what is wrong with %j', async (changes, code) => {
    await expect(run(changes)).rejects.toMatchObject({ code });
  });

  it('leaves nothing behind when it cannot write one of the outputs', async () => {
    const out = await mkdtemp(join(folder, 'bad-'));
    const bad = run({ frames: join(out, 'frames'), still: join(out, 'missing', 's.png') });
    await expect(bad).rejects.toMatchObject({ code: 'disk.notFound' });
    expect(await readdir(out)).toEqual([]);
  });

  it.each(['open', 'motion', 'glb', 'render'])('cancels in the stage %s without a trace', async (wanted) => {
    const out = await mkdtemp(join(folder, 'cancel-'));
    const abort = new AbortController();
    const outputs = { glb: join(out, 'g.glb'), video: join(out, 'v.mp4'), frames: join(out, 'frames') };
    const cancelled = run(
      { ...outputs, motion: { preset: 'idle' }, durationSeconds: 60 },
      {
        signal: abort.signal,
        onProgress: ({ stage, fraction }) => {
          if (stage === wanted && (wanted !== 'render' || fraction > 0)) abort.abort();
        },
      },
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(await readdir(out)).toEqual([]);
  });
});
