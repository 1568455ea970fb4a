import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { AVATAR_ENTRIES } from '#common/project/avatarManifest';
import { openAvatarFile } from '#host/avatars/avatarFile';
import type { ServedContent } from '#host/requests/servedContent';
import { REVALIDATED, typeOf } from '#host/requests/servedContent';

/** Single entries of avatar files. */
export interface AvatarEntries {
  /** Undefined where the file or the entry does not exist. @throws AppError as `openAvatarFile` */
  find(path: string, entryName: string): Promise<ServedContent | undefined>;
}

interface EntryFacts {
  readonly sha256: string;
  readonly length: number;
}

interface Archive {
  readonly facts: ReadonlyMap<string, EntryFacts>;
  /** Unpacked contents; dropped first when memory is short. */
  contents: ReadonlyMap<string, Uint8Array> | undefined;
}

const KNOWN_NAMES: ReadonlySet<string> = new Set(Object.values(AVATAR_ENTRIES));

/** Unpacked archives kept: a page asks for all entries of one avatar, one after the other. */
const KEPT_CONTENTS = 4;
const KEPT_FACTS = 1000;

/**
 * Opening checks the whole file (about 17 ms), so what was learnt is kept by size and time of change: hashes for
 * many, which answers for unchanged copies without reading, contents for the last few.
 */
export function createAvatarEntries(): AvatarEntries {
  // In order of use, the latest last.
  const archives = new Map<string, Promise<Archive>>();

  const use = (key: string, archive: Promise<Archive>): void => {
    archives.delete(key);
    archives.set(key, archive);
    const keys = [...archives.keys()];
    if (keys.length > KEPT_FACTS) archives.delete(keys[0]);
    for (const old of keys.slice(0, -KEPT_CONTENTS)) {
      void archives.get(old)?.then((kept) => (kept.contents = undefined), () => undefined); // prettier-ignore
    }
  };

  const open = (key: string, path: string): Promise<Archive> => {
    const opening = openArchive(path);
    use(key, opening);
    // A failed one is tried again: the next may find the file repaired.
    opening.catch(() => archives.delete(key));
    return opening;
  };

  return {
    async find(path, entryName) {
      if (!KNOWN_NAMES.has(entryName)) return undefined;
      const file = await stat(path).catch(() => undefined);
      if (file === undefined) return undefined;
      const key = `${path}|${file.size}|${file.mtimeMs}|${file.ino}`;
      const known = archives.get(key);
      if (known !== undefined) use(key, known);
      const archive = await (known ?? open(key, path));
      const facts = archive.facts.get(entryName);
      if (facts === undefined) return undefined;
      return {
        type: typeOf(entryName),
        ...facts,
        cacheControl: REVALIDATED,
        async open({ start, end }) {
          const { contents } = archive.contents === undefined ? await open(key, path) : archive;
          return Uint8Array.from(contents?.get(entryName)?.subarray(start, end) ?? []);
        },
      };
    },
  };
}

async function openArchive(path: string): Promise<Archive> {
  const { manifest, entries } = await openAvatarFile(path);
  // The manifest as this version reads it: an older file's is already migrated.
  const manifestBytes = new TextEncoder().encode(JSON.stringify(manifest));
  const sha256 = createHash('sha256').update(manifestBytes).digest('hex');
  const facts = new Map<string, EntryFacts>([
    [AVATAR_ENTRIES.manifest, { sha256, length: manifestBytes.length }],
  ]);
  for (const [name, bytes] of entries) {
    const known = manifest.entries[name];
    if (known !== undefined) facts.set(name, { sha256: known.sha256, length: bytes.length });
  }
  return { facts, contents: new Map([[AVATAR_ENTRIES.manifest, manifestBytes], ...entries]) };
}
