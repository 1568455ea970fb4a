import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchNpmFiles } from '#host/files/fetchNpmFiles';

/** An archive as npm packs it. */
async function archive(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  return gzipSync(await buffer(tar));
}

describe('fetchNpmFiles', () => {
  let folder: string;
  let integrity: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'archive-'));
    const bytes = await archive({
      'package/a/one.txt': 'x'.repeat(600),
      'package/two.txt': 'two',
      'package/a/../../../outside.txt': 'no',
    });
    integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    await writeFile(join(folder, 'scope-thing-1.0.0.tgz'), bytes);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('unpacks the chosen files of an archive that is already there', async () => {
    const specifier = '@scope/thing@1.0.0';
    const files = await fetchNpmFiles({ specifier, integrity }, folder, (path) => path.startsWith('a/'));
    expect([...files.keys()]).toEqual(['a/one.txt']);
    expect(await readFile(files.get('a/one.txt')!, 'utf8')).toBe('x'.repeat(600));
  });

  it('refuses another archive of the same name', async () => {
    const other = { specifier: '@scope/thing@1.0.0', integrity: 'sha512-other' };
    await expect(fetchNpmFiles(other, folder, () => true)).rejects.toMatchObject({
      code: 'model.hashMismatch',
    });
  });
});
