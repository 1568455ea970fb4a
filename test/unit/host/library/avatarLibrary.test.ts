import * as nodeFiles from 'node:fs/promises';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AvatarId } from '#common/contract/api/libraryApi';
import { openAvatarFile } from '#host/avatars/avatarFile';
import { systemClock } from '#host/clock';
import { dataFolders } from '#host/data/dataDirectory';
import { createHostEventHub } from '#host/hostEventHub';
import type { AvatarLibrary, AvatarLibraryOptions } from '#host/library/avatarLibrary';
import { createAvatarLibrary } from '#host/library/avatarLibrary';
import { silentLog } from '#host/log';
import { anAvatarFile } from '#test/helpers/anAvatarFile';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const folder = temporaryFolder();
let changes: number;

function aLibrary(options: Partial<AvatarLibraryOptions> = {}): AvatarLibrary {
  const events = createHostEventHub(silentLog);
  changes = 0;
  events.subscribe('library.didChange', () => changes++);
  return createAvatarLibrary({
    folders: dataFolders(join(folder.path, 'data')),
    samplesDirectory: undefined,
    events,
    clock: { ...systemClock, date: () => new Date('2026-12-01T00:00:00Z') },
    log: silentLog,
    ...options,
  });
}

/** Puts a file where the library has its avatars. */
async function place(id: string, bytes: Uint8Array): Promise<AvatarId> {
  await mkdir(join(folder.path, 'data', 'avatars'), { recursive: true });
  await writeFile(avatarPath(id), bytes);
  return id as AvatarId;
}

function avatarPath(id: string): string {
  return join(folder.path, 'data', 'avatars', `${id}.avatar`);
}

let library: AvatarLibrary;

beforeEach(() => {
  library = aLibrary();
});

describe('the library', () => {
  it('lists its files, newest first, and nothing else', async () => {
    const old = await anAvatarFile('Old', '2025-01-01T00:00:00.000Z');
    await place('aaa', old);
    await place('bbb', await anAvatarFile('New', '2026-01-01T00:00:00.000Z'));
    await place('Not An Id', old);
    await writeFile(join(folder.path, 'data', 'avatars', 'notes.txt'), 'x');
    expect(await library.list()).toEqual([
      expect.objectContaining({ avatarId: 'bbb', name: 'New' }),
      {
        avatarId: 'aaa',
        name: 'Old',
        created: '2025-01-01T00:00:00.000Z',
        bytes: old.length,
        url: '/avatars/aaa/',
      },
    ]);
  });

  it('lists a damaged file with its problem and its last known name', async () => {
    const whole = await anAvatarFile('Ada');
    await place('aaa', whole);
    await place('bbb', new TextEncoder().encode('no zip'));
    await library.list();
    await place('aaa', whole.subarray(0, whole.length - 100));
    const listed = await library.list();
    const find = (id: string) => listed.find(({ avatarId }) => avatarId === id);
    expect(find('aaa')).toMatchObject({
      name: 'Ada',
      problem: expect.stringMatching(/damaged|not an avatar/) as string,
    });
    expect(find('bbb')).toMatchObject({ name: 'Damaged avatar', problem: expect.any(String) as string });
    await expect(library.rename('bbb' as AvatarId, 'New')).rejects.toMatchObject({
      code: 'avatar.notAnAvatar',
    });
    await library.trash('bbb' as AvatarId);
    expect(await library.list()).toHaveLength(1);
  });

  it('reads each file once, over restarts too, and a damaged index changes nothing', async () => {
    await place('aaa', await anAvatarFile('Ada'));
    const listed = await library.list();
    const { mtime, atime } = await stat(avatarPath('aaa'));
    // Same size and time of change: only an index would still know the name.
    const size = (await readFile(avatarPath('aaa'))).length;
    await writeFile(avatarPath('aaa'), new Uint8Array(size));
    await nodeFiles.utimes(avatarPath('aaa'), atime, mtime);
    const indexPath = join(folder.path, 'data', 'avatars', 'index.json');
    const remembered = JSON.parse(await readFile(indexPath, 'utf8')) as { files: Record<string, object> };
    const facts = remembered.files['aaa.avatar'] as { modifiedMilliseconds: number };
    facts.modifiedMilliseconds = (await stat(avatarPath('aaa'))).mtimeMs;
    await writeFile(indexPath, JSON.stringify(remembered));
    expect(await aLibrary().list()).toEqual(listed);
    await writeFile(indexPath, '{"version":1,"files":{"aaa.avatar":{"size":"big"}}}');
    expect(await aLibrary().list()).toMatchObject([{ problem: expect.any(String) as string }]);
  });

  it('renames in the file itself and leaves all else in it as it was', async () => {
    const id = await place('aaa', await anAvatarFile('Ada'));
    const before = await openAvatarFile(avatarPath(id));
    expect(await library.rename(id, 'Countess')).toMatchObject({ avatarId: id, name: 'Countess' });
    const after = await openAvatarFile(avatarPath(id));
    expect(after.manifest).toEqual({ ...before.manifest, name: 'Countess' });
    expect(after.entries).toEqual(before.entries);
    expect(changes).toBe(1);
  });

  it.each(['ENOSPC', 'EACCES'])('keeps the old file when a rename fails with %s', async (code) => {
    const id = await place('aaa', await anAvatarFile('Ada'));
    const failed = (): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));
    library = aLibrary({ files: { ...nodeFiles, rename: failed } });
    await expect(library.rename(id, 'B')).rejects.toMatchObject({
      code: code === 'ENOSPC' ? 'disk.full' : 'disk.notWritable',
    });
    expect(await library.list()).toMatchObject([{ name: 'Ada' }]);
    expect((await readdir(join(folder.path, 'data', 'avatars'))).sort()).toEqual([
      'aaa.avatar',
      'index.json',
    ]);
    expect(changes).toBe(0);
  });

  it('duplicates under a free name, made now', async () => {
    const id = await place('aaa', await anAvatarFile('Ada'));
    const copy = await library.duplicate(id);
    expect(copy).toMatchObject({ name: 'Ada copy', created: '2026-12-01T00:00:00.000Z' });
    expect(await library.duplicate(copy.avatarId)).toMatchObject({ name: 'Ada copy 2' });
    expect(new Set((await library.list()).map(({ avatarId }) => avatarId)).size).toBe(3);
  });

  it('brings back what was thrown away, byte for byte', async () => {
    const bytes = await anAvatarFile('Ada');
    const id = await place('aaa', bytes);
    await library.trash(id);
    expect(await library.list()).toEqual([]);
    await expect(library.avatarFileOf(id)).rejects.toMatchObject({ code: 'library.noSuchAvatar' });
    expect(await library.restore(id)).toMatchObject({ avatarId: id, name: 'Ada' });
    expect(new Uint8Array(await readFile(await library.avatarFileOf(id)))).toEqual(new Uint8Array(bytes));
    expect(changes).toBe(2);
  });

  it('empties the trash of what was thrown away more than thirty days ago', async () => {
    const id = await place('aaa', await anAvatarFile('A'));
    await library.trash(id);
    const inDays = (days: number) => {
      const date = () => new Date(Date.now() + days * 86_400_000);
      return aLibrary({ clock: { ...systemClock, date } });
    };
    await inDays(29).list();
    expect(await inDays(29).restore(id)).toMatchObject({ name: 'A' });
    await library.trash(id);
    await inDays(31).list();
    await expect(library.restore(id)).rejects.toMatchObject({ code: 'library.noSuchAvatar' });
  });

  it('keeps its order when a rename and a move to the trash come together', async () => {
    const id = await place('aaa', await anAvatarFile('Ada'));
    await Promise.all([library.rename(id, 'B'), library.trash(id)]);
    expect(await library.list()).toEqual([]);
    expect(await library.restore(id)).toMatchObject({ name: 'B' });
  });

  it('imports what it has checked', async () => {
    const path = join(folder.path, 'face.avatar');
    await writeFile(path, await anAvatarFile('Ada'));
    const avatar = await library.importFile(path);
    expect(avatar).toMatchObject({ name: 'Ada', created: '2026-11-22T12:00:00.000Z' });
    expect(await library.inspect(avatar.avatarId)).toMatchObject({ name: 'Ada', geometry: { morphs: 52 } });
    await writeFile(path, 'no avatar');
    await expect(library.importFile(path)).rejects.toMatchObject({ code: 'avatar.notAnAvatar' });
    expect(await library.list()).toHaveLength(1);
  });

  it.each(['rename', 'duplicate', 'trash', 'restore', 'inspect', 'avatarFileOf', 'read'] as const)(
    'does not %s an avatar it does not have',
    async (action) => {
      const calls = library as unknown as Record<string, (id: string, name: string) => Promise<unknown>>;
      await expect(calls[action]('nobody', 'x')).rejects.toMatchObject({ code: 'library.noSuchAvatar' });
    },
  );
});

describe('a first run', () => {
  const samples = (): string => join(folder.path, 'samples');

  beforeEach(async () => {
    await mkdir(samples());
    await writeFile(join(samples(), 'ada.avatar'), await anAvatarFile('Ada'));
    await writeFile(join(samples(), 'ada.sha256'), 'x');
  });

  it('finds the samples, and only a first run does', async () => {
    library = aLibrary({ samplesDirectory: samples() });
    const [ada] = await library.list();
    expect(ada).toMatchObject({ name: 'Ada' });
    await library.trash(ada.avatarId);
    expect(await aLibrary({ samplesDirectory: samples() }).list()).toEqual([]);
  });

  it('goes on without samples that are not there', async () => {
    await rm(samples(), { recursive: true });
    expect(await aLibrary({ samplesDirectory: samples() }).list()).toEqual([]);
  });

  it('happens once when two hosts start together', async () => {
    const hosts = [aLibrary({ samplesDirectory: samples() }), aLibrary({ samplesDirectory: samples() })];
    const lists = await Promise.all(hosts.map((host) => host.list()));
    expect(lists[0]).toHaveLength(1);
    expect(lists[1]).toEqual(lists[0]);
    expect(await readdir(join(folder.path, 'data'))).toEqual(['avatars']);
  });

  it('says so when the data directory cannot be made', async () => {
    await writeFile(join(folder.path, 'data'), 'a file in the way');
    await expect(aLibrary().list()).rejects.toMatchObject({ code: 'disk.notWritable' });
  });
});
