import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const folder = temporaryFolder();

function synth(parameters: readonly string[]): string[] {
  return [resolve('dist/cli.js'), 'synth', ...parameters, '--json'];
}

/** Four people, three shards and more, nothing that takes long. */
const SMALL = ['--identities', '4', '--expressions', '1', '--views', '2', '--size', '128', '--seed', '11'];

function run(...parameters: string[]): {
  readonly status: number | null;
  readonly answer: Record<string, unknown>;
} {
  const { status, stdout } = spawnSync(process.execPath, synth(parameters), { encoding: 'utf8' });
  return { status, answer: JSON.parse(stdout) as Record<string, unknown> };
}

/** Checksums of every file of a set by its path. */
async function filesOf(set: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(set, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const paths = names.map(({ parentPath, name }) => join(parentPath, name)).sort();
  const contents = await Promise.all(
    paths.map(async (path) =>
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ),
  );
  return new Map(paths.map((path, index) => [path.slice(set.length), contents[index]]));
}

/** Kills a run as soon as its first shard is there. @returns whether it was still running */
async function killAfterFirstShard(set: string): Promise<boolean> {
  await mkdir(join(set, 'shards'), { recursive: true });
  const child = spawn(process.execPath, synth([...SMALL, '--out', set]), { stdio: 'ignore' });
  const watcher = watch(join(set, 'shards'), (_, name) => {
    if (name?.endsWith('.json') === true && !name.startsWith('.')) child.kill('SIGKILL');
  });
  const signal = await new Promise((end) => child.on('close', (_, by) => end(by)));
  watcher.close();
  return signal === 'SIGKILL';
}

describe('synth', () => {
  it('gives the same bytes for a seed, also to a run that was killed and went on', async () => {
    const [whole, killed] = [join(folder.path, 'whole'), join(folder.path, 'killed')];
    expect(run(...SMALL, '--out', whole)).toMatchObject({ status: 0, answer: { records: 8, kept: 0 } });
    expect(await killAfterFirstShard(killed)).toBe(true);
    const resumed = run(...SMALL, '--out', killed);
    expect(resumed).toMatchObject({ status: 0, answer: { records: 8 } });
    expect(resumed.answer['kept']).toBeGreaterThan(0);
    expect(await filesOf(killed)).toEqual(await filesOf(whole));
    expect(run('verify', whole)).toMatchObject({ status: 0, answer: { records: 8, faultCount: 0 } });
  }, 180_000);

  it('mixes no two sets, and says which number differs', async () => {
    const out = join(folder.path, 'set');
    const tiny = ['--identities', '1', '--expressions', '1', '--views', '1', '--size', '128', '--out', out];
    expect(run(...tiny).status).toBe(0);
    const { status, answer } = run(...tiny, '--seed', '2');
    expect(status).toBe(2);
    expect(answer).toMatchObject({ error: { code: 'dataset.otherRecipe' } });
    expect(JSON.stringify(answer)).toContain('seed 1, not 2');
    const shard = join(out, 'shards', 'heads-00000.tar');
    const bytes = await readFile(shard);
    await writeFile(shard, bytes.fill(7, 3000, 3100));
    expect(run('verify', out)).toMatchObject({
      status: 2,
      answer: { error: { code: 'dataset.damaged' } },
    });
  }, 60_000);

  it('refuses wrong numbers, unknown domains and folders it cannot write, and leaves nothing behind', async () => {
    const out = join(folder.path, 'out');
    const messageOf = (...parameters: string[]): string =>
      (run(...parameters, '--out', out).answer['error'] as { message: string }).message;
    expect(messageOf('--views', '0')).toContain('--views must be at least 1');
    expect(messageOf('--size', '100')).toContain('--size must be 128, 256 or 512');
    expect(messageOf('--domain', 'oil')).toContain('no domain "oil"');
    // Root may write anywhere, so a file in the way stands for a folder that may not be written.
    await writeFile(join(folder.path, 'file'), '');
    expect(run(...SMALL, '--out', join(folder.path, 'file', 'set'))).toMatchObject({
      status: 3,
      answer: { error: { code: 'disk.notWritable' } },
    });
    expect(await readdir(folder.path)).toEqual(['file']);
  }, 60_000);
});
