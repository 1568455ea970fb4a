import * as nodeFiles from 'node:fs/promises';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutputFileSystem } from '#host/files/outputTransaction';
import { beginOutputs, withOutputs } from '#host/files/outputTransaction';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outputs-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function failing(name: keyof OutputFileSystem, code: string, afterCalls = 0): OutputFileSystem {
  let calls = 0;
  const original = nodeFiles[name] as (...parameters: unknown[]) => unknown;
  const wrapped = (...parameters: unknown[]): unknown =>
    calls++ < afterCalls ? original(...parameters) : Promise.reject(Object.assign(new Error(code), { code }));
  return { ...nodeFiles, [name]: wrapped };
}

describe('output transaction', () => {
  it('shows the files only after the commit', async () => {
    const outputs = beginOutputs();
    const temporary = await outputs.reserveFile(join(folder, 'a.webm'));
    expect(temporary.endsWith('.webm')).toBe(true);
    await writeFile(temporary, 'contents');
    expect(await readdir(folder)).not.toContain('a.webm');
    await outputs.commit();
    await outputs.rollback();
    expect(await readdir(folder)).toEqual(['a.webm']);
    expect(await readFile(join(folder, 'a.webm'), 'utf8')).toBe('contents');
  });

  it('leaves nothing behind, and an older file as it was, when the work fails', async () => {
    await writeFile(join(folder, 'a.txt'), 'older');
    const work = withOutputs(async (outputs) => {
      await outputs.makeFolder(join(folder, 'made'));
      await writeFile(await outputs.reserveFile(join(folder, 'made', 'b.txt')), 'new');
      await writeFile(await outputs.reserveFile(join(folder, 'a.txt')), 'new');
      const frames = await outputs.reserveFolder(join(folder, 'frames'), 'frames.json');
      await writeFile(join(frames, '0001.png'), 'x');
      throw new Error('the work failed');
    });
    await expect(work).rejects.toThrow('the work failed');
    expect(await readdir(folder)).toEqual(['a.txt']);
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('older');
  });

  it.each([
    ['open', 'ENOSPC', 0, 'disk.full'],
    ['open', 'ENOSPC', 1, 'disk.full'],
    ['open', 'EROFS', 0, 'disk.notWritable'],
    ['open', 'EACCES', 0, 'disk.notWritable'],
    ['rename', 'EIO', 0, 'disk.notWritable'],
  ] as const)('turns %s failing with %s into an error of its own', async (name, code, afterCalls, wanted) => {
    const work = withOutputs(
      async (outputs) => {
        await writeFile(await outputs.reserveFile(join(folder, 'a.txt')), 'new');
      },
      failing(name, code, afterCalls),
    );
    await expect(work).rejects.toMatchObject({ code: wanted });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses places that cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'sub'));
    const outputs = beginOutputs();
    const below = outputs.reserveFile(join(folder, 'file', 'below.txt'));
    await expect(below).rejects.toMatchObject({ code: 'disk.notWritable' });
    await expect(outputs.reserveFile(join(folder, 'sub'))).rejects.toMatchObject({
      code: 'disk.notWritable',
    });
    const missing = outputs.reserveFile(join(folder, 'no', 'a.txt'));
    await expect(missing).rejects.toMatchObject({ code: 'disk.notFound' });
    await expect(outputs.makeFolder('/proc/nothing')).rejects.toMatchObject({ code: 'disk.notFound' });
    await outputs.rollback();
  });

  it('replaces a folder of its own but no other', async () => {
    const frames = join(folder, 'frames');
    const write = (name: string): Promise<void> =>
      withOutputs(async (outputs) => {
        const temporary = await outputs.reserveFolder(frames, 'frames.json');
        await writeFile(join(temporary, name), '');
        await writeFile(join(temporary, 'frames.json'), '');
      });
    await write('1.png');
    await write('2.png');
    expect(await readdir(frames)).toEqual(['2.png', 'frames.json']);
    await rm(join(frames, 'frames.json'));
    await expect(write('3.png')).rejects.toMatchObject({ code: 'disk.notWritable' });
    expect(await readdir(frames)).toEqual(['2.png']);
  });
});
