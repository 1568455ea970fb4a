import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { call, pickle, text } from '#test/helpers/pickleBytes';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const folder = temporaryFolder();

async function run(...parameters: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [resolve('dist/cli.js'), 'models', ...parameters], {
    env: { ...process.env, AVATARARTIST_DATA: join(folder.path, 'data') },
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += String(chunk)));
  return await new Promise((done) => child.on('close', (code) => done({ code, out })));
}

it('imports, lists, inspects and verifies from the command line', async () => {
  const imported = await run('import', 'test/fixtures/checkpoints/persistent.pkl', '--licence', 'CC0-1.0', '--part', 'G_ema');
  expect(imported.code).toBe(0);
  expect(imported.out).toContain('persistent.pkl -> persistent: pickle, 5 tensors');
  expect((await run('list')).out).toMatch(/^persistent .*CC0-1\.0/);
  expect((await run('inspect', 'persistent')).out).toContain('F32   fc0.weight [3, 2]');
  expect(await run('verify', '--json')).toEqual({
    code: 0,
    out: `${JSON.stringify({ models: [{ id: 'persistent', isSound: true }] })}\n`,
  });
}); // prettier-ignore

it('refuses a hostile file with the name it used, and runs nothing of it', async () => {
  const hacked = join(folder.path, 'hacked');
  const path = join(folder.path, 'model.pth');
  await writeFile(path, pickle(0x80, 2, call('os', 'system', text(`touch ${hacked}`)), '.'));
  const { code, out } = await run('import', path);
  expect({ code, out }).toEqual({
    code: 2,
    out: 'error: The file was refused: it names os.system at byte 2, which weights have no use for. Nothing in it was run.\n',
  });
  expect(existsSync(hacked)).toBe(false);
});
