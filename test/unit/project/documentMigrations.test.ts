import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documentVersion, readDocument } from '#common/project/documentMigrations';
import { readProjectManifest } from '#common/project/projectMigrations';
import { newDocument } from '#common/project/studioDocument';

const DRAFT = JSON.parse(readFileSync('test/fixtures/projects/document-v0.json', 'utf8')) as Record<
  string,
  unknown
>;
const ENTRIES = { 'document.json': { bytes: 3, sha256: 'ab'.repeat(32) } };
const MANIFEST = {
  format: 'avatarartist.project',
  formatVersion: 1,
  appVersion: '0.1.0',
  name: 'Ada',
  saved: '2026-11-22T12:00:00.000Z',
  entries: ENTRIES,
};

describe('stored documents', () => {
  it('of the first draft are brought up to date', () => {
    expect(readDocument(DRAFT)).toEqual({
      formatVersion: 1,
      name: 'Ada talks',
      pose: { jawOpen: 0.25, mouthSmileLeft: 1, 'head.yaw': -15 },
      camera: { yaw: 30, pitch: -10, roll: 0, zoom: 0.8 },
      background: 'photo',
      motion: { preset: 'talk', loop: true },
      expressions: [
        { id: 'draft-1', name: 'Wink', values: { eyeBlinkLeft: 0.9 } },
        { id: 'draft-2', name: 'Rest', values: {} },
      ],
    });
  });

  it('of the draft may lack what it had no need of', () => {
    const { formatVersion, title } = DRAFT;
    expect(readDocument({ formatVersion, title, weights: {} })).toEqual(newDocument('Ada talks'));
  });

  it('of this version are checked and stay as they are', () => {
    const document = newDocument('Ada');
    expect(readDocument(document)).toEqual(document);
    expect(documentVersion(document)).toBe(1);
  });

  it.each([
    ['no document', 7, 'project.damaged'],
    ['no version', {}, 'project.damaged'],
    ['a newer one', { formatVersion: 2 }, 'project.tooNew'],
    ['a draft without a title', { ...DRAFT, title: undefined }, 'project.damaged'],
    ['a draft with a weight beyond its range', { ...DRAFT, weights: { jawOpen: 101 } }, 'project.damaged'],
    ['an unknown target', { ...newDocument('Ada'), pose: { jaw: 1 } }, 'project.damaged'],
    ['an unknown member', { ...newDocument('Ada'), mood: 1 }, 'project.damaged'],
  ])('are refused: %s', (_, json, code) => {
    expect(() => readDocument(json)).toThrow(expect.objectContaining({ code }));
  });
});

describe('project manifests', () => {
  it('are read, and those of the first draft brought up to date', () => {
    expect(readProjectManifest({ ...MANIFEST, extra: 1 }, {})).toEqual({
      manifest: MANIFEST,
      storedFormatVersion: 1,
    });
    const draft = {
      format: MANIFEST.format,
      formatVersion: 0,
      appVersion: '0.0.1',
      title: 'Ada',
      savedAt: Date.UTC(2026, 10, 1),
    };
    expect(readProjectManifest(draft, ENTRIES)).toEqual({
      manifest: { ...MANIFEST, appVersion: '0.0.1', saved: '2026-11-01T00:00:00.000Z' },
      storedFormatVersion: 0,
    });
  });

  it.each([
    ['a foreign mark', { ...MANIFEST, format: 'avatarartist.avatar' }, 'project.notAProject'],
    ['nothing', null, 'project.notAProject'],
    ['a newer version', { ...MANIFEST, formatVersion: 2 }, 'project.tooNew'],
    ['a missing member', { ...MANIFEST, saved: undefined }, 'project.damaged'],
    ['a draft of an impossible date', { ...MANIFEST, formatVersion: 0, title: 'A', savedAt: 9e15 }, 'project.damaged'],
  ])('are refused: %s', (_, json, code) => {
    expect(() => readProjectManifest(json, ENTRIES)).toThrow(expect.objectContaining({ code }));
  }); // prettier-ignore
});
