import { createHash } from 'node:crypto';
import { AppError } from '#common/contract/errors';
import { AVATAR_ENTRIES } from '#common/project/avatarManifest';
import { readDocument } from '#common/project/documentMigrations';
import type { ProjectEntryFacts, ProjectManifest } from '#common/project/projectManifest';
import { PROJECT_ENTRIES, PROJECT_FORMAT, PROJECT_FORMAT_VERSION } from '#common/project/projectManifest';
import { readProjectManifest } from '#common/project/projectMigrations';
import type { StudioDocument } from '#common/project/studioDocument';
import { openAvatarBytes } from '#host/avatars/avatarFile';
import { readInputFile } from '#host/files/readInputFile';
import type { ZipLimits, ZipSubject } from '#host/files/zipArchive';
import { readZip, writeZip } from '#host/files/zipArchive';

/** What a project file holds. */
export interface ProjectContents {
  readonly document: StudioDocument;
  /** A whole avatar file. */
  readonly avatar: Uint8Array;
  /** PNG; absent where the avatar brings none. */
  readonly thumbnail: Uint8Array | undefined;
}

/** A project file taken apart and checked. */
export interface OpenedProjectFile extends ProjectContents {
  /** Of the archive, before migration. */
  readonly storedFormatVersion: number;
}

const SUBJECT: ZipSubject = {
  noun: 'project',
  foreign: 'project.notAProject',
  damaged: 'project.damaged',
  unsafe: 'project.damaged',
};

/** An avatar file at its own limit, and what lies beside it. */
const LIMITS: ZipLimits = { entries: 16, entryBytes: 384e6, totalBytes: 416e6 };
const LARGEST_FILE = 416e6;
/** Of manifest and document; 500 expressions of all targets take about one megabyte. */
const LARGEST_TEXT = 8e6;

/** The bytes of a `.avatarartist` file; the same contents and facts give the same bytes. See projectFile.md. */
export async function encodeProjectFile(
  { document, avatar, thumbnail }: ProjectContents,
  facts: { readonly appVersion: string; readonly saved: Date },
): Promise<Uint8Array> {
  const contents = [
    { name: PROJECT_ENTRIES.document, bytes: encodeJson(document), compress: true },
    // Compressed inside already.
    { name: PROJECT_ENTRIES.avatar, bytes: avatar, compress: false },
    ...(thumbnail === undefined
      ? []
      : [{ name: PROJECT_ENTRIES.thumbnail, bytes: thumbnail, compress: false }]),
  ];
  const manifest: ProjectManifest = {
    format: PROJECT_FORMAT,
    formatVersion: PROJECT_FORMAT_VERSION,
    appVersion: facts.appVersion,
    name: document.name,
    saved: facts.saved.toISOString(),
    entries: entryFacts(contents),
  };
  return await writeZip([
    { name: PROJECT_ENTRIES.manifest, bytes: encodeJson(manifest), compress: true },
    ...contents,
  ]);
}

/**
 * Reads a project file and checks all of it: archive, checksums, document (migrated where it is older), avatar.
 *
 * @throws AppError as `readInputFile`, and `project.notAProject`, `project.damaged`, `project.tooNew`
 */
export async function openProjectFile(path: string): Promise<OpenedProjectFile> {
  return openProjectBytes(await readInputFile(path, 'a project', LARGEST_FILE));
}

/** As `openProjectFile`, for bytes already in memory. */
export function openProjectBytes(bytes: Uint8Array): OpenedProjectFile {
  const entries = readZip(bytes, LIMITS, SUBJECT);
  const manifestBytes = entries.get(PROJECT_ENTRIES.manifest);
  if (manifestBytes === undefined) {
    throw new AppError('project.notAProject', 'This is not a project file: the archive has no manifest.');
  }
  entries.delete(PROJECT_ENTRIES.manifest);
  const facts = entryFacts([...entries].map(([name, entry]) => ({ name, bytes: entry })));
  const { manifest, storedFormatVersion } = readProjectManifest(decodeJson(manifestBytes), facts);
  for (const [name, { sha256 }] of Object.entries(manifest.entries)) {
    if (facts[name]?.sha256 !== sha256) {
      throw damaged(facts[name] === undefined ? `"${name}" is missing` : `"${name}" was changed`);
    }
  }
  const document = readDocument(decodeJson(required(entries, PROJECT_ENTRIES.document)));
  const avatar = required(entries, PROJECT_ENTRIES.avatar);
  const avatarThumbnail = checkAvatar(avatar);
  return {
    document,
    avatar,
    thumbnail: entries.get(PROJECT_ENTRIES.thumbnail) ?? avatarThumbnail,
    storedFormatVersion,
  };
}

/** Checks the avatar now: one that fails later would fail in the middle of an export. Gives its thumbnail. */
function checkAvatar(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return openAvatarBytes(bytes).entries.get(AVATAR_ENTRIES.thumbnail);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'avatar.tooNew') {
      throw new AppError('project.tooNew', `The project's avatar is newer than this program: ${error.message}`, { cause: error }); // prettier-ignore
    }
    throw new AppError('project.damaged', `The project's avatar cannot be used. ${error.message}`, {
      cause: error,
    });
  }
}

function required(entries: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = entries.get(name);
  if (bytes === undefined) throw damaged(`"${name}" is missing`);
  return bytes;
}

function entryFacts(entries: readonly { name: string; bytes: Uint8Array }[]): ProjectEntryFacts {
  return Object.fromEntries(
    entries.map(({ name, bytes }) => [
      name,
      { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
    ]),
  );
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value, undefined, 1));
}

function decodeJson(bytes: Uint8Array): unknown {
  if (bytes.length > LARGEST_TEXT) throw damaged('one of its texts is too long');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw damaged('one of its texts is not JSON', error);
  }
}

function damaged(what: string, cause?: unknown): AppError {
  const options = cause === undefined ? {} : { cause };
  return new AppError('project.damaged', `The project file is damaged: ${what}.`, options);
}
