import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { avatarIdSchema } from '#common/contract/api/libraryApi';
import { createRgbaImage } from '#common/image/rasterImage';
import { decodeAvatar, encodeAvatarFile, openAvatarFile } from '#host/avatars/avatarFile';
import { systemClock } from '#host/clock';
import { encodePng } from '#host/images/storedPicture';
import type { JobRunner } from '#host/jobs/jobRunner';
import type { AvatarLibrary } from '#host/library/avatarLibrary';
import { createLookHandlers } from '#host/library/createLookHandlers';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

const OLD = avatarIdSchema.parse('old');
const NEW = avatarIdSchema.parse('new');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looks-'));
  const facts = {
    appVersion: '1',
    created: new Date(0),
    sourceSha256: 'ab'.repeat(32),
    rightsNote: 'Ask Ada.',
  };
  const thumbnail = await encodePng(createRgbaImage(4, 4), true);
  await writeFile(join(folder, 'old.avatar'), await encodeAvatarFile(tinyAvatar('Ada'), thumbnail, facts));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Handlers with one avatar in the library and a look that changes nothing. */
function handlers(signal = new AbortController().signal) {
  let work: Promise<unknown> = Promise.resolve();
  let changes = 0;
  const library = {
    avatarFileOf: () => Promise.resolve(join(folder, 'old.avatar')),
    newPlace: () => Promise.resolve({ avatarId: NEW, path: join(folder, 'new.avatar') }),
    didChange: () => void changes++,
  } as unknown as AvatarLibrary;
  const jobs = {
    start: (kind: string, run: (context: object) => Promise<unknown>) => {
      work = run({ signal, onProgress: () => undefined });
      return { jobId: 'job-1', kind };
    },
  } as unknown as JobRunner;
  const made = createLookHandlers({
    assetsDirectory: 'assets',
    library,
    jobs,
    clock: systemClock,
    appVersion: '2',
    restyler: (avatar, domain) =>
      Promise.resolve({
        avatar,
        thumbnail: createRgbaImage(8, 8),
        look: { domain, displayName: 'Marble statue', grade: 'B+', note: 'Veined.', omitted: [] },
      }),
  });
  return { ...made, work: () => work, changes: () => changes };
}

describe('library.looks', () => {
  it('lists what a portrait can become, with names that are no brands, and pictures', async () => {
    const { looks } = await handlers()['library.looks']({});
    expect(looks).toHaveLength(27);
    expect(looks.map(({ displayName }) => displayName)).toEqual(
      [...looks].map(({ displayName }) => displayName).sort(),
    );
    expect(looks.find(({ domain }) => domain === 'realistic')).toBeUndefined();
    expect(looks.find(({ domain }) => domain === 'lego')).toMatchObject({
      displayName: 'Toy brick',
      thumbnail: '/looks/lego.webp',
    });
  });
});

describe('library.restyle', () => {
  it('adds a second avatar that keeps rights and source of the first', async () => {
    const { 'library.restyle': restyle, work, changes } = handlers();
    await restyle({ avatarId: OLD, domain: 'greek-statue' });
    expect(await work()).toMatchObject({ avatarId: NEW, name: 'Ada · Marble statue' });
    expect(changes()).toBe(1);
    const opened = await openAvatarFile(join(folder, 'new.avatar'));
    expect(opened.manifest).toMatchObject({
      name: 'Ada · Marble statue',
      appVersion: '2',
      rights: { note: 'Ask Ada.' },
      source: { sha256: 'ab'.repeat(32) },
    });
    expect((await decodeAvatar(opened)).geometry.morphs).toHaveLength(52);
    expect((await openAvatarFile(join(folder, 'old.avatar'))).manifest.name).toBe('Ada');
  });

  it('writes nothing once it is cancelled', async () => {
    await rm(join(folder, 'new.avatar'), { force: true });
    const { 'library.restyle': restyle, work, changes } = handlers(AbortSignal.abort());
    await restyle({ avatarId: OLD, domain: 'toon' });
    await expect(work()).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(changes()).toBe(0);
    await expect(openAvatarFile(join(folder, 'new.avatar'))).rejects.toMatchObject({
      code: 'input.fileNotFound',
    });
  });
});
