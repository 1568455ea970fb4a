import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FileAccess } from '#host/files/fileAccess';
import { createFileAccess } from '#host/files/fileAccess';
import { listFolder } from '#host/files/listFolder';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const folder = temporaryFolder();
let home: string;
let outside: string;
let access: FileAccess;

beforeEach(async () => {
  home = join(folder.path, 'home');
  outside = join(folder.path, 'outside');
  for (const path of [join(home, 'Pictures'), join(folder.path, 'work'), outside]) {
    await mkdir(path, { recursive: true });
  }
  await writeFile(join(outside, 'secret.txt'), 'secret');
  access = anAccess();
});

function anAccess(changes: object = {}): FileAccess {
  return createFileAccess({
    home,
    workingDirectory: join(folder.path, 'work'),
    dataDirectory: join(folder.path, 'data'),
    readableFolders: [],
    isConfined: true,
    ...changes,
  });
}

const refused = { code: 'files.outsideRoots' };

describe('granted roots', () => {
  it('are the usual folders that exist', async () => {
    expect(await access.roots()).toEqual([
      { name: 'Home', path: home },
      { name: 'Pictures', path: join(home, 'Pictures') },
      { name: 'work', path: join(folder.path, 'work') },
    ]);
  });

  it('never hold the whole machine, even when it is the working directory', async () => {
    const roots = await anAccess({ workingDirectory: '/' }).roots();
    expect(roots.map(({ path }) => path)).not.toContain('/');
  });

  it.each(['', 'Pictures', 'Pictures/new.png', 'not/there/yet.glb', 'Pictures/../a.txt'])(
    'hold home/%s',
    async (path) => {
      await expect(access.insideRoots(`${home}/${path}`)).resolves.toMatch(/^.*\/home/);
    },
  );

  it.each(['../outside/secret.txt', '..', '../homework', 'Pictures/../../outside', 'a\0/../../outside'])(
    'refuse home/%s',
    async (path) => {
      await expect(access.insideRoots(`${home}/${path}`)).rejects.toMatchObject(refused);
    },
  );

  it('refuse a relative path, which would mean another place in another shell', async () => {
    await expect(access.insideRoots('Pictures')).rejects.toMatchObject(refused);
  });

  it('refuse what a link inside leads to, there or not', async () => {
    await symlink(outside, join(home, 'way-out'));
    await symlink(join(outside, 'not-yet'), join(home, 'dangling'));
    for (const path of ['way-out', 'way-out/secret.txt', 'way-out/new.txt', 'dangling']) {
      await expect(access.insideRoots(join(home, path))).rejects.toMatchObject(refused);
    }
  });

  it('follow a link that stays inside', async () => {
    await symlink(join(home, 'Pictures'), join(home, 'images'));
    expect(await access.insideRoots(join(home, 'images', 'a.png'))).toBe(join(home, 'images', 'a.png'));
  });

  it('grow by what the user has chosen in a native dialog, and by that alone', async () => {
    const chosen = join(outside, 'secret.txt');
    access.grant(chosen);
    expect(await access.insideRoots(chosen)).toBe(chosen);
    await expect(access.insideRoots(join(outside, 'other.txt'))).rejects.toMatchObject(refused);
  });

  it('do not bind a host that is not confined', async () => {
    const free = anAccess({ isConfined: false });
    expect(await free.authorise('../anything')).toBe('../anything');
    await expect(free.insideRoots(outside)).rejects.toMatchObject(refused);
  });
});

describe('a listed folder', () => {
  it('shows folders first, then files as people count, without hidden ones and ways out', async () => {
    const pictures = join(home, 'Pictures');
    for (const name of ['shot 10.png', 'shot 2.png', 'Ada.png', '.hidden']) {
      await writeFile(join(pictures, name), name);
    }
    await mkdir(join(pictures, 'zoo'));
    await symlink(outside, join(pictures, 'way-out'));
    await symlink(join(pictures, 'gone'), join(pictures, 'dangling'));
    const { entries, ...listing } = await listFolder(pictures, access);
    expect(listing).toEqual({ path: pictures, parent: home });
    expect(entries.map(({ name, kind, bytes }) => [name, kind, bytes])).toEqual([
      ['zoo', 'folder', 0],
      ['Ada.png', 'file', 7],
      ['shot 2.png', 'file', 10],
      ['shot 10.png', 'file', 11],
    ]);
    expect(entries[1]).toMatchObject({ path: join(pictures, 'Ada.png') });
    expect(new Date(entries[1].modified).getTime()).toBeGreaterThan(0);
  });

  it('has no parent at a root', async () => {
    expect(await listFolder(home, access)).not.toHaveProperty('parent');
  });

  it('says what is wrong with a path that is no folder', async () => {
    await writeFile(join(home, 'a.txt'), 'a');
    await expect(listFolder(join(home, 'a.txt'), access)).rejects.toMatchObject({ code: 'input.unreadable' });
    await expect(listFolder(join(home, 'b'), access)).rejects.toMatchObject({ code: 'input.fileNotFound' });
    await expect(listFolder(outside, access)).rejects.toMatchObject(refused);
  });
});
