import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#common/contract/errors';
import { openAvatarFile } from '#host/avatars/avatarFile';
import { writeFileAtomically } from '#host/files/writeFileAtomically';
import type { Log } from '#host/log';

const factsSchema = z.object({
  size: z.number(),
  modifiedMilliseconds: z.number(),
  name: z.string(),
  created: z.string(),
  problem: z.string().optional(),
});

const indexSchema = z.object({ version: z.literal(1), files: z.record(z.string(), factsSchema) });

/** What the gallery shows of one avatar file. */
export type AvatarFileFacts = z.output<typeof factsSchema>;

export interface AvatarIndex {
  /** Facts of the files named, in their order; those that are gone are left out. */
  describe(paths: readonly string[]): Promise<{ readonly path: string; readonly facts: AvatarFileFacts }[]>;
}

/**
 * Names and dates of the library's files. They are derived from the files alone: each is read and checked in
 * full once (about 17 ms), then remembered by size and time of change in `index.json`. A damaged or missing
 * index costs that time again and nothing else; a damaged avatar keeps its last known name and gets a `problem`.
 */
export function createAvatarIndex(indexPath: string, log: Log): AvatarIndex {
  let known: Map<string, AvatarFileFacts> | undefined;

  const load = async (): Promise<Map<string, AvatarFileFacts>> => {
    try {
      const parsed = indexSchema.safeParse(JSON.parse(await readFile(indexPath, 'utf8')));
      if (parsed.success) return new Map(Object.entries(parsed.data.files));
    } catch {
      // Derived data: whatever is wrong with it, it is made again.
    }
    return new Map();
  };

  const store = async (files: ReadonlyMap<string, AvatarFileFacts>): Promise<void> => {
    try {
      await writeFileAtomically(indexPath, JSON.stringify({ version: 1, files: Object.fromEntries(files) }));
    } catch (error) {
      // The list is right without it; only the next start takes longer.
      log.write('warn', 'The index of the library could not be written', { error: String(error) });
    }
  };

  return {
    async describe(paths) {
      const previous = (known ??= await load());
      const next = new Map<string, AvatarFileFacts>();
      const described: { path: string; facts: AvatarFileFacts }[] = [];
      for (const path of paths) {
        const facts = await describeFile(path, previous.get(basename(path)));
        if (facts === undefined) continue;
        next.set(basename(path), facts);
        described.push({ path, facts });
      }
      known = next;
      if (!isSame(previous, next)) await store(next);
      return described;
    },
  };
}

/** Where the index of a library folder lies. */
export function indexPathOf(folder: string): string {
  return join(folder, 'index.json');
}

async function describeFile(
  path: string,
  known: AvatarFileFacts | undefined,
): Promise<AvatarFileFacts | undefined> {
  const file = await stat(path).catch(() => undefined);
  if (file === undefined) return undefined;
  const identity = { size: file.size, modifiedMilliseconds: file.mtimeMs };
  if (known?.size === identity.size && known.modifiedMilliseconds === identity.modifiedMilliseconds) {
    return known;
  }
  try {
    const { manifest } = await openAvatarFile(path);
    return { ...identity, name: manifest.name, created: manifest.created };
  } catch (error) {
    return {
      ...identity,
      name: known?.name ?? 'Damaged avatar',
      created: known?.created ?? file.mtime.toISOString(),
      problem: error instanceof AppError ? error.message : 'The avatar file cannot be read.',
    };
  }
}

function isSame(a: ReadonlyMap<string, AvatarFileFacts>, b: ReadonlyMap<string, AvatarFileFacts>): boolean {
  return a.size === b.size && [...b].every(([name, facts]) => a.get(name) === facts);
}
