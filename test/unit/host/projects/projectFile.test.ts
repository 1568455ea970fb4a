import { createHash } from 'node:crypto';
import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '#common/contract/errors';
import { setPoseValue } from '#common/project/documentEdits';
import { newDocument } from '#common/project/studioDocument';
import { writeZip } from '#host/files/zipArchive';
import { encodeProjectFile, openProjectBytes, openProjectFile } from '#host/projects/projectFile';
import { writeTinyAvatar } from '#test/helpers/aProject';

/** The smallest PNG there is: one grey pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOoBwAAgQCAQEcNZAAAAABJRU5ErkJggg==',
  'base64',
);
const DOCUMENT = setPoseValue(newDocument('Ada'), 'jawOpen', 0.5);
const FACTS = { appVersion: '0.1.0', saved: new Date('2026-11-22T12:00:00Z') };

let folder: string;
let avatar: Uint8Array;
let archive: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'projectFile-'));
  avatar = new Uint8Array(await readFile(await writeTinyAvatar(folder)));
  archive = await encodeProjectFile({ document: DOCUMENT, avatar, thumbnail: PIXEL }, FACTS);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Entries = Record<string, Uint8Array>;

const json = (entries: Entries, name: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(entries[name])) as Record<string, unknown>;
const setJson = (entries: Entries, name: string, value: unknown): void => {
  entries[name] = new TextEncoder().encode(JSON.stringify(value));
};

function altered(change: (entries: Entries) => void): Uint8Array {
  const entries = unzipSync(archive);
  change(entries);
  return zipSync(entries);
}

const changeManifest = (entries: Entries, changes: Record<string, unknown>): void =>
  setJson(entries, 'manifest.json', { ...json(entries, 'manifest.json'), ...changes });

const factsOf = (bytes: Uint8Array) => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** Swaps an entry and its checksum, as a program that means it would. */
function replaced(name: string, value: unknown): (entries: Entries) => void {
  return (entries) => {
    if (value instanceof Uint8Array) entries[name] = value;
    else setJson(entries, name, value);
    const facts = json(entries, 'manifest.json')['entries'] as Record<string, unknown>;
    changeManifest(entries, { entries: { ...facts, [name]: factsOf(entries[name]) } });
  };
}

function codeOf(bytes: Uint8Array): ErrorCode | undefined {
  try {
    openProjectBytes(bytes);
    return undefined;
  } catch (error) {
    return (error as { code: ErrorCode }).code;
  }
}

describe('project file', () => {
  it('gives back what it was written from, byte for byte the same each time', async () => {
    const opened = openProjectBytes(archive);
    expect(opened.document).toEqual(DOCUMENT);
    expect(Buffer.from(opened.avatar).equals(avatar)).toBe(true);
    expect(Buffer.from(opened.thumbnail!).equals(PIXEL)).toBe(true);
    expect(Buffer.from(await encodeProjectFile(opened, FACTS)).equals(Buffer.from(archive))).toBe(true);
    expect(json(unzipSync(archive), 'manifest.json')).toMatchObject({
      format: 'avatarartist.project',
      formatVersion: 1,
      name: 'Ada',
      saved: '2026-11-22T12:00:00.000Z',
    });
  });

  it('of the first draft is migrated', async () => {
    const draft = await readFile('test/fixtures/projects/document-v0.json');
    const bytes = zipSync({
      'manifest.json': new TextEncoder().encode(
        JSON.stringify({ format: 'avatarartist.project', formatVersion: 0, appVersion: '0', title: 'Ada talks', savedAt: 0 }), // prettier-ignore
      ),
      'document.json': new Uint8Array(draft),
      'avatar.avatar': avatar,
    });
    const opened = openProjectBytes(bytes);
    expect(opened).toMatchObject({ storedFormatVersion: 0, document: { pose: { jawOpen: 0.25 } } });
    expect(opened.thumbnail?.length).toBeGreaterThan(0);
  });

  it.each([
    ['no manifest', 'project.notAProject', (entries) => delete entries['manifest.json']],
    ['a foreign manifest', 'project.notAProject', (entries) => changeManifest(entries, { format: 'x' })],
    ['a newer archive', 'project.tooNew', (entries) => changeManifest(entries, { formatVersion: 2 })],
    ['a newer document', 'project.tooNew', replaced('document.json', { ...DOCUMENT, formatVersion: 2 })],
    ['no document', 'project.damaged', (entries) => delete entries['document.json']],
    ['no avatar', 'project.damaged', (entries) => delete entries['avatar.avatar']],
    ['a changed avatar', 'project.damaged', (entries) => (entries['avatar.avatar'][99] ^= 1)],
    ['a changed thumbnail', 'project.damaged', (entries) => (entries['thumbnail.png'][30] ^= 1)],
    ['another avatar that is none', 'project.damaged', replaced('avatar.avatar', PIXEL)],
    ['a document that is none', 'project.damaged', replaced('document.json', { ...DOCUMENT, pose: [] })],
    ['a document that is no JSON', 'project.damaged', replaced('document.json', PIXEL)],
    ['a document without end', 'project.damaged', replaced('document.json', new Uint8Array(9e6).fill(0x20))],
    ['a way out of the folder', 'project.damaged', (entries) => (entries['../../evil.sh'] = PIXEL)],
    ['a folder', 'project.damaged', (entries) => (entries['a/b'] = PIXEL)],
    ['a crowd of entries', 'project.damaged', (entries) => { for (let k = 0; k < 20; k++) entries[`e${k}`] = PIXEL; }],
  ] as [string, ErrorCode, (entries: Entries) => unknown][])('names %s', (_, code, change) => {
    expect(codeOf(altered((entries) => void change(entries)))).toBe(code);
  }); // prettier-ignore

  it('refuses an archive that unpacks to far more than it is', async () => {
    const zeros = new Uint8Array(3e6);
    const bomb = Buffer.from(await writeZip([{ name: 'manifest.json', bytes: zeros, compress: true }]));
    const directory = bomb.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    bomb.writeUInt32LE(4e9, directory + 24);
    expect(codeOf(bomb)).toBe('project.damaged');
    bomb.writeUInt32LE(100, directory + 24);
    expect(codeOf(bomb)).toBe('project.damaged');
  });

  it('cut off anywhere is refused, never half read', () => {
    for (let length = 0; length < archive.length; length += 211) {
      expect(['project.damaged', 'project.notAProject']).toContain(codeOf(archive.subarray(0, length)));
    }
  });

  it.each([
    ['input.fileNotFound', 'nothing.avatarartist', undefined],
    ['input.isDirectory', '.', undefined],
    ['input.emptyFile', 'empty.avatarartist', ''],
    ['project.notAProject', 'text.avatarartist', 'some text'],
  ] as const)('gives %s for %s', async (code, name, contents) => {
    if (contents !== undefined) await writeFile(join(folder, name), contents);
    await expect(openProjectFile(join(folder, name))).rejects.toMatchObject({ code });
  });

  it('is called by its own name in messages', () => {
    expect(() => openProjectBytes(archive.subarray(0, 100))).toThrow(/project file is damaged/);
    expect(() => openProjectBytes(PIXEL)).toThrow('This is not a project file: it is no zip archive.');
  });
});
