import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '#common/contract/errors';
import type { Avatar } from '#common/rig/avatar';
import { decodeAvatar, encodeAvatarFile, openAvatarBytes, openAvatarFile } from '#host/avatars/avatarFile';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

const FACTS = {
  appVersion: '0.1.0',
  created: new Date('2026-11-22T12:00:00Z'),
  sourceSha256: 'ab'.repeat(32),
  rightsNote: 'Only with consent.',
};

let archive: Uint8Array;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avatarFile-'));
  const thumbnail = await sharp({ create: { width: 8, height: 8, channels: 4, background: '#123' } })
    .png()
    .toBuffer();
  archive = await encodeAvatarFile(tinyAvatar(), thumbnail, FACTS);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The archive with its manifest or other entries changed, and checksums left as they were. */
function altered(change: (entries: Record<string, Uint8Array>, manifest: Record<string, never>) => void) {
  const entries = unzipSync(archive);
  const manifest = JSON.parse(new TextDecoder().decode(entries['manifest.json'])) as Record<string, never>;
  change(entries, manifest);
  if (entries['manifest.json'] !== undefined) {
    entries['manifest.json'] = new TextEncoder().encode(JSON.stringify(manifest));
  }
  return zipSync(entries);
}

async function codeOf(bytes: Uint8Array): Promise<ErrorCode | undefined> {
  try {
    await decodeAvatar(openAvatarBytes(bytes));
    return undefined;
  } catch (error) {
    return (error as { code: ErrorCode }).code;
  }
}

/** Everything of an avatar as plain JSON; alpha of opaque pictures and 8-bit mattes are what the file keeps. */
function plain(avatar: Avatar): unknown {
  return JSON.parse(
    JSON.stringify(avatar, (_, value: unknown) =>
      ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value,
    ),
  ) as unknown;
}

describe('avatar file', () => {
  it('gives back the avatar it was written from', async () => {
    const original = tinyAvatar();
    const loaded = await decodeAvatar(openAvatarBytes(archive));
    const step = Math.max(...openAvatarBytes(archive).manifest.geometry.morphs.map((morph) => morph.step));
    loaded.geometry.morphs.forEach((morph, index) => {
      const wanted = original.geometry.morphs[index].deltas;
      morph.deltas.forEach((value, at) => expect(Math.abs(value - wanted[at])).toBeLessThanOrEqual(step / 2));
    });
    original.source.matte.data.forEach((value, at) =>
      expect(Math.abs(loaded.source.matte.data[at] - value)).toBeLessThanOrEqual(0.5 / 255 + 1e-6),
    );
    const exact = (avatar: Avatar): unknown =>
      plain({
        ...avatar,
        geometry: {
          ...avatar.geometry,
          morphs: avatar.geometry.morphs.map((morph) => ({ ...morph, deltas: new Float32Array(0) })),
          correctives: avatar.geometry.correctives.map((morph) => ({
            ...morph,
            deltas: new Float32Array(0),
          })),
        },
        source: { ...avatar.source, matte: { ...avatar.source.matte, data: new Float32Array(0) } },
      });
    expect(exact(loaded)).toEqual(exact(original));
  });

  it('leaves an opened file as it was, however often it is decoded', async () => {
    const opened = openAvatarBytes(archive);
    await decodeAvatar(opened);
    expect(opened.entries).toEqual(openAvatarBytes(archive).entries);
  });

  it('changes nothing when a loaded avatar is written again', async () => {
    const opened = openAvatarBytes(archive);
    const again = await encodeAvatarFile(
      await decodeAvatar(opened),
      opened.entries.get('thumbnail.png')!,
      FACTS,
    );
    expect(Buffer.from(again).equals(Buffer.from(archive))).toBe(true);
  });

  it('says what it is', () => {
    const { manifest, storedFormatVersion } = openAvatarBytes(archive);
    expect(manifest).toMatchObject({
      name: 'Tiny',
      created: '2026-11-22T12:00:00.000Z',
      rights: { note: 'Only with consent.' },
      source: { sha256: FACTS.sourceSha256 },
    });
    expect(storedFormatVersion).toBe(1);
  });

  it('has a version of its own with what looks add, which older programs do not know', async () => {
    const { geometry, ...rest } = tinyAvatar();
    const parts = geometry.parts.map((part, index) =>
      index === 0 ? { ...part, name: 'prop' as const } : part,
    );
    const styled = await encodeAvatarFile(
      { ...rest, geometry: { ...geometry, parts } },
      openAvatarBytes(archive).entries.get('thumbnail.png')!,
      FACTS,
    );
    const opened = openAvatarBytes(styled);
    expect(opened.storedFormatVersion).toBe(2);
    expect((await decodeAvatar(opened)).geometry.parts[0].name).toBe('prop');
  });

  it('migrates the first draft', async () => {
    const draft = altered((entries, manifest) => {
      const record = manifest as Record<string, unknown>;
      const pose = record['pose'] as Record<string, unknown>;
      record['formatVersion'] = 0;
      record['title'] = 'Draft';
      record['madeAt'] = Date.UTC(2026, 0, 2);
      pose['head'] = { yaw: 90, pitch: 0, roll: -45 };
      for (const member of ['name', 'created', 'rights', 'source', 'entries']) delete record[member];
      delete pose['gaze'];
      delete entries['RIGHTS.txt'];
    });
    const opened = openAvatarBytes(draft);
    expect(opened.storedFormatVersion).toBe(0);
    expect(opened.manifest).toMatchObject({
      formatVersion: 1,
      name: 'Draft',
      created: '2026-01-02T00:00:00.000Z',
      pose: { head: { yaw: Math.PI / 2, pitch: 0, roll: -Math.PI / 4 }, gaze: { yaw: 0, pitch: 0 } },
    });
    expect((await decodeAvatar(opened)).name).toBe('Draft');
  });

  it.each([
    ['no manifest', 'avatar.notAnAvatar', (entries) => delete entries['manifest.json']],
    ['a foreign manifest', 'avatar.notAnAvatar', (_, manifest) => (manifest['format'] = 'other' as never)],
    ['a newer format', 'avatar.tooNew', (_, manifest) => (manifest['formatVersion'] = 3 as never)],
    ['a missing member', 'avatar.damaged', (_, manifest) => delete manifest['camera']],
    ['a missing entry', 'avatar.damaged', (entries) => delete entries['plate.png']],
    ['a changed entry', 'avatar.damaged', (entries) => (entries['atlas.png'][60] ^= 1)],
    ['a missing vertex', 'avatar.damaged', (_, manifest) => ((manifest['geometry'] as { vertexCount: number }).vertexCount -= 1)],
    ['a picture of another size', 'avatar.damaged', (_, manifest) => ((manifest['crop'] as { width: number }).width = 31)],
    ['a part beyond the mesh', 'avatar.damaged', (_, manifest) => ((manifest['geometry'] as { parts: { indexCount: number }[] }).parts[0].indexCount += 3000)],
  ] as [string, ErrorCode, Parameters<typeof altered>[0]][])('names %s', async (_, code, change) => {
    expect(await codeOf(altered(change))).toBe(code);
  }); // prettier-ignore

  it.each([
    ['input.fileNotFound', 'nothing.avatar', undefined],
    ['input.isDirectory', '.', undefined],
    ['input.emptyFile', 'empty.avatar', ''],
    ['avatar.notAnAvatar', 'text.avatar', 'some text'],
  ] as const)('gives %s for %s', async (code, name, contents) => {
    if (contents !== undefined) await writeFile(join(folder, name), contents);
    await expect(openAvatarFile(join(folder, name))).rejects.toMatchObject({ code });
  });
});
