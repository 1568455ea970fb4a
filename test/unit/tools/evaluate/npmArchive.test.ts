import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchNpmFiles } from '#tools/npmArchive';

/** One plain file as npm packs it. */
function tarEntry(path: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write('0', 156);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

describe('fetchNpmFiles', () => {
  let folder: string;
  const bytes = gzipSync(
    Buffer.concat([
      tarEntry('package/a/one.txt', 'x'.repeat(600)),
      tarEntry('package/two.txt', 'two'),
      Buffer.alloc(1024),
    ]),
  );
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'archive-'));
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
