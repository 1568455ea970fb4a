import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRAWN_FACE_POINTS, drawFace } from '#test/helpers/drawnFace';

const CLI = resolve('dist/cli.js');
const STORY_TIMEOUT = 180_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function finish(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr!.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((resolveEnd) => child.on('close', (code) => resolveEnd({ code, stdout, stderr })));
}

const start = (...parameters: string[]): ChildProcess => spawn(process.execPath, [CLI, ...parameters]);
const run = (...parameters: string[]): Promise<Ended> => finish(start(...parameters));

/** Runs with --json: exactly one object on stdout, nothing on stderr. */
async function runJson(
  ...parameters: string[]
): Promise<{ code: number | null; json: Record<string, unknown> }> {
  const { code, stdout, stderr } = await run(...parameters, '--json');
  expect(stderr).toBe('');
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  return { code, json: JSON.parse(stdout) as Record<string, unknown> };
}

let folder: string;
let face: string;
let landmarks: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commandLine-'));
  face = join(folder, 'face.png');
  landmarks = join(folder, 'points.json');
  await writeFile(face, await drawFace());
  await writeFile(landmarks, JSON.stringify(DRAWN_FACE_POINTS));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the command line', () => {
  it(
    'goes from a picture to an avatar, a GLB, a video and frames',
    async () => {
      const out = join(folder, 'story', 'deep');
      const made = await runJson('make', face, '--out', out, '--landmarks', landmarks, '--name', 'Drawn');
      expect(made).toMatchObject({
        code: 0,
        json: { name: 'Drawn', chosenFace: 0, picture: { format: 'png', width: 600, height: 600 } },
      });
      expect((await readdir(out)).sort()).toEqual(['Drawn.avatar', 'Drawn.png']);
      const thumbnail = await sharp(join(out, 'Drawn.png')).stats();
      expect(thumbnail.isOpaque).toBe(false);

      const avatar = join(out, 'Drawn.avatar');
      expect(await runJson('inspect', avatar)).toMatchObject({
        code: 0,
        json: { name: 'Drawn', formatVersion: 1, geometry: { morphs: 52 } },
      });

      const exported = await runJson(
        'export', avatar, '--motion', 'talk', '--duration', '0.2', '--size', '128', '--set', 'head.yaw=10',
        '--glb', join(out, 'd.glb'), '--video', join(out, 'd.webm'), '--frames', join(out, 'frames'),
      ); // prettier-ignore
      expect(exported).toMatchObject({ code: 0, json: { motion: 'Talk', frameCount: 6 } });
      const outputs = exported.json['outputs'] as { kind: string; bytes: number }[];
      expect(outputs.map(({ kind }) => kind)).toEqual(['glb', 'video', 'frames']);
      for (const { bytes } of outputs) expect(bytes).toBeGreaterThan(1000);
      expect((await readFile(join(out, 'd.glb'))).subarray(0, 4).toString()).toBe('glTF');
      expect(await readdir(join(out, 'frames'))).toHaveLength(7);

      const still = join(out, 'statue.png');
      const styled = await runJson(
        'export',
        avatar,
        '--domain',
        'greek-statue',
        '--still',
        still,
        '--size',
        '128',
      );
      expect(styled).toMatchObject({
        code: 0,
        json: { look: { domain: 'greek-statue', displayName: 'Marble statue' } },
      });
      const marble = await sharp(
        await sharp(still).extract({ left: 54, top: 54, width: 20, height: 20 }).toBuffer(),
      ).stats();
      const [red, green, blue] = marble.channels.map(({ mean }) => mean);
      expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(25);
    },
    STORY_TIMEOUT,
  );

  it('documents its exit codes and lists its motions', async () => {
    const help = await run('--help');
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('Exit codes:');
    const motions = await run('motions');
    expect(motions.stdout).toMatch(/^idle\s/m);
  });

  it('says in words what went wrong', async () => {
    const { code, stdout, stderr } = await run('inspect', join(folder, 'none.avatar'));
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: There is no file "none.avatar"; an avatar file was expected.\n',
    });
  });
});

describe('exit codes and errors', () => {
  const wrong = async (name: string, contents: string | Buffer): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, contents);
    return path;
  };

  it.each<[string, number, () => string | Promise<string>]>([
    ['input.fileNotFound', 2, () => 'no-such-file.png'],
    ['input.isDirectory', 2, () => folder],
    ['input.emptyFile', 2, () => wrong('empty.png', '')],
    ['input.notAnImage', 2, () => wrong('text.png', 'some text')],
    ['input.damagedImage', 2, async () => wrong('cut.png', (await drawFace()).subarray(0, 4000))],
  ])('%s ends make with %i', async (code, exitCode, portrait) => {
    const out = join(folder, 'refused');
    const ended = await runJson('make', await portrait(), '--out', out);
    expect(ended).toMatchObject({ code: exitCode, json: { error: { code } } });
    expect(await readdir(folder)).not.toContain('refused');
  });

  it('no face ends make with 2', async () => {
    const plain = sharp({ create: { width: 300, height: 300, channels: 3, background: '#889' } });
    const portrait = await wrong('plain.png', await plain.png().toBuffer());
    const ended = await runJson('make', portrait, '--out', join(folder, 'refused'));
    expect(ended).toMatchObject({ code: 2, json: { error: { code: 'input.noFaceFound' } } });
    expect(await readdir(folder)).not.toContain('refused');
  }, STORY_TIMEOUT); // prettier-ignore

  it.each([
    ['input.badOption', ['make', 'x.png']],
    ['input.badOption', ['frobnicate']],
    ['input.badOption', ['make', 'x.png', '--out', 'o', '--face', 'two']],
    ['input.badOption', ['make', 'x.png', '--out', 'o', '--face', '0']],
    ['input.badOption', ['export', 'x.avatar']],
    ['input.badOption', ['export', 'x.avatar', '--still', 'x.png', '--size', '65']],
    ['input.badOption', ['export', 'x.avatar', '--still', 'x.png', '--set', 'jawOpne=1']],
    ['input.badOption', ['export', 'x.avatar', '--video', 'x.mp4', '--background', 'transparent']],
    ['input.badLandmarks', ['make', 'x.png', '--out', 'o', '--landmarks', 'no-such.json']],
    ['avatar.notAnAvatar', ['inspect', 'package.json']],
  ])('%s ends %j with 2', async (code, parameters) => {
    const ended = await runJson(...parameters);
    expect(ended).toMatchObject({ code: 2, json: { error: { code } } });
  });

  it('a place that cannot be written ends make with 3', async () => {
    const ended = await runJson('make', face, '--out', join(face, 'below'), '--landmarks', landmarks);
    expect(ended).toMatchObject({ code: 3, json: { error: { code: 'disk.notWritable' } } });
  });

  it('running out of room ends make with 3 and leaves nothing behind', async () => {
    const out = join(folder, 'full');
    await mkdir(out);
    // A limit on file sizes fails the write half way, as a full disk does.
    const limited = `trap '' XFSZ; ulimit -f 64; exec "$0" "$@"`;
    const parameters = [CLI, 'make', face, '--out', out, '--landmarks', landmarks, '--json'];
    const ended = await finish(spawn('bash', ['-c', limited, process.execPath, ...parameters]));
    expect(ended.code).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'disk.full' } });
    expect(await readdir(out)).toEqual([]);
  }, STORY_TIMEOUT); // prettier-ignore

  it('Ctrl-C ends make with 130 and leaves nothing behind', async () => {
    const out = join(folder, 'cancelled');
    await mkdir(out);
    const child = start('make', face, '--out', out, '--landmarks', landmarks, '--json');
    const ended = finish(child);
    // The first thing written is the reserved output: the job is running.
    const watcher = watch(out, () => {
      watcher.close();
      child.kill('SIGINT');
    });
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'job.cancelled' } });
    expect(await readdir(out)).toEqual([]);
  }, STORY_TIMEOUT); // prettier-ignore
});
