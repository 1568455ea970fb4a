import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';

const STEPS = 40;
const KILLS = 5;
const TINY = [
  '--size',
  '8',
  '--channels',
  '4',
  '--batch',
  '4',
  '--checkpoint-every',
  '4',
  '--steps',
  `${STEPS}`,
];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engineTraining-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function train(out: string): ChildProcess {
  const resumes = existsSync(join(out, 'settings.json')) ? ['--resume'] : [];
  const parameters = ['engine', 'train', '--out', out, ...TINY, ...resumes, '--json'];
  return spawn(process.execPath, [resolve('dist/cli.js'), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function finish(child: ChildProcess): Promise<{ readonly stdout: string; readonly isKilled: boolean }> {
  let stdout = '';
  child.stdout!.on('data', (chunk) => (stdout += String(chunk)));
  const signal = await new Promise((resolveEnd) => child.on('close', (_, by) => resolveEnd(by)));
  return { stdout, isKilled: signal === 'SIGKILL' };
}

/** Kills a run at the given change of its folder: inside a checkpoint, a line of metrics, or between them. */
async function trainAndKill(out: string, change: number): Promise<boolean> {
  const child = train(out);
  let changes = 0;
  const watcher = watch(out, { recursive: true }, () => {
    if (++changes === change) child.kill('SIGKILL');
  });
  const { isKilled } = await finish(child);
  watcher.close();
  return isKilled;
}

describe('engine train', () => {
  it('ends at the same numbers however often it is killed and resumed', async () => {
    const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
    await mkdir(parts);
    const expected = (await finish(train(whole))).stdout;
    expect(JSON.parse(expected)).toMatchObject({ steps: STEPS });
    const random = createSeededRandom(6);
    const killed: boolean[] = [];
    for (let k = 0; k < KILLS; k++) killed.push(await trainAndKill(parts, 1 + random.integer(40)));
    expect(killed.filter(Boolean).length).toBeGreaterThanOrEqual(3);
    expect((await finish(train(parts))).stdout).toBe(expected);
    const last = `checkpoints/step-${String(STEPS).padStart(9, '0')}`;
    for (const file of ['metrics.jsonl', `${last}/state.safetensors`, `${last}/run.json`]) {
      expect(await readFile(join(parts, file)), file).toEqual(await readFile(join(whole, file)));
    }
  }, 120_000);

  it('does not begin a second run in a folder, nor go on with none', async () => {
    const out = join(folder, 'run');
    const refused = await finish(spawn(process.execPath, [resolve('dist/cli.js'), 'engine', 'train', '--out', out, '--resume', '--json'])); // prettier-ignore
    expect(refused.stdout).toContain('no run to go on with');
    await mkdir(out);
    await trainAndKill(out, 6);
    const again = await finish(spawn(process.execPath, [resolve('dist/cli.js'), 'engine', 'train', '--out', out, '--json'])); // prettier-ignore
    expect(again.stdout).toContain('holds a run already');
  }, 60_000);
});
