import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AvatarId, LibraryAvatar } from '#common/contract/api/libraryApi';
import { avatarIdSchema } from '#common/contract/api/libraryApi';
import type { InspectAvatarResult } from '#common/contract/avatarResults';
import { AppError } from '#common/contract/errors';
import { decodeAvatar, openAvatarFile } from '#host/avatars/avatarFile';
import { inspectAvatar } from '#host/avatars/inspectAvatar';
import { rewriteManifest } from '#host/avatars/rewriteManifest';
import type { Clock } from '#host/clock';
import type { DataFolders } from '#host/data/dataDirectory';
import { asWriteError, systemCode } from '#host/files/diskErrors';
import type { OutputFileSystem } from '#host/files/outputTransaction';
import { writeFileAtomically } from '#host/files/writeFileAtomically';
import type { HostEventHub } from '#host/hostEventHub';
import { emptyOldTrash } from '#host/library/emptyOldTrash';
import { createAvatarIndex, indexPathOf } from '#host/library/avatarIndex';
import { prepareLibraryFolder } from '#host/library/firstRun';
import type { Log } from '#host/log';
import { serially } from '#host/serially';

export interface AvatarLibraryOptions {
  readonly folders: DataFolders;
  /** Avatars that a first run finds. */
  readonly samplesDirectory: string | undefined;
  readonly events: HostEventHub;
  readonly clock: Clock;
  readonly log: Log;
  /** The disk, unless a test brings its own. */
  readonly files?: OutputFileSystem;
}

/** The user's avatars: one file each, `<data>/avatars/<avatarId>.avatar`. Changes emit `library.didChange`. */
export interface AvatarLibrary {
  /** Newest first; damaged files are listed with their `problem`. */
  list(): Promise<LibraryAvatar[]>;
  /** @throws AppError `library.noSuchAvatar`, and as `openAvatarFile` */
  rename(avatarId: AvatarId, name: string): Promise<LibraryAvatar>;
  /** A second file, called "<name> copy", made now. Errors as `rename`. */
  duplicate(avatarId: AvatarId): Promise<LibraryAvatar>;
  trash(avatarId: AvatarId): Promise<void>;
  restore(avatarId: AvatarId): Promise<LibraryAvatar>;
  /** Takes a copy of an avatar file after checking all of it. @throws AppError as `openAvatarFile` */
  importFile(path: string): Promise<LibraryAvatar>;
  inspect(avatarId: AvatarId): Promise<InspectAvatarResult>;
  /** Path of an avatar's file. @throws AppError `library.noSuchAvatar` */
  avatarFileOf(avatarId: AvatarId): Promise<string>;
  /** Path and name. @throws AppError `library.noSuchAvatar` */
  read(avatarId: AvatarId): Promise<{ readonly path: string; readonly name: string }>;
  /** A place for a new avatar; call `didChange` once the file is there. */
  newPlace(): Promise<{ readonly avatarId: AvatarId; readonly path: string }>;
  didChange(): void;
}

const ENDING = '.avatar';

export function createAvatarLibrary(options: AvatarLibraryOptions): AvatarLibrary {
  const { folders, events, clock, log, files } = options;
  const index = createAvatarIndex(indexPathOf(folders.avatars), log);
  // One change at a time: a rename must not write back a file that was moved to the trash meanwhile.
  const inTurn = serially();
  const prepare = preparation(options);
  const pathOf = (avatarId: AvatarId): string => join(folders.avatars, `${avatarId}${ENDING}`);
  const didChange = (): void => events.emit('library.didChange', {});

  const list = async (): Promise<LibraryAvatar[]> => {
    await prepare();
    const names = await readdir(folders.avatars);
    const paths = names.filter(isAvatarFile).map((name) => join(folders.avatars, name));
    const described = await index.describe(paths);
    return described
      .map(({ path, facts }): LibraryAvatar => {
        const avatarId = idOf(path);
        const { name, created, size: bytes, problem } = facts;
        return { avatarId, name, created, bytes, url: urlOf(avatarId), ...(problem === undefined ? {} : { problem }) }; // prettier-ignore
      })
      .sort((a, b) => b.created.localeCompare(a.created) || a.avatarId.localeCompare(b.avatarId));
  };

  const find = async (avatarId: AvatarId): Promise<LibraryAvatar> => {
    const avatar = (await list()).find((one) => one.avatarId === avatarId);
    if (avatar !== undefined) return avatar;
    throw noSuchAvatar(avatarId);
  };

  const write = async (avatarId: AvatarId, bytes: Uint8Array): Promise<LibraryAvatar> => {
    await writeFileAtomically(pathOf(avatarId), bytes, files);
    didChange();
    return await find(avatarId);
  };

  const move = async (avatarId: AvatarId, from: string, to: string): Promise<void> => {
    await moveAvatar(avatarId, from, to);
    didChange();
  };

  const avatarFileOf = async (avatarId: AvatarId): Promise<string> => {
    await inTurn(prepare);
    const path = pathOf(avatarId);
    if (await isExistingFile(path)) return path;
    throw noSuchAvatar(avatarId);
  };

  return {
    list: () => inTurn(list),
    rename: (avatarId, name) =>
      inTurn(async () => {
        await find(avatarId);
        return await write(avatarId, await rewriteManifest(await openAvatarFile(pathOf(avatarId)), { name }));
      }),
    duplicate: (avatarId) =>
      inTurn(async () => {
        const { name } = await find(avatarId);
        const taken = new Set((await list()).map((avatar) => avatar.name));
        const changes = { name: copyName(name, taken), created: clock.date().toISOString() };
        return await write(newId(), await rewriteManifest(await openAvatarFile(pathOf(avatarId)), changes));
      }),
    trash: (avatarId) => inTurn(() => move(avatarId, folders.avatars, folders.trash)),
    restore: (avatarId) =>
      inTurn(async () => {
        await prepare();
        await move(avatarId, folders.trash, folders.avatars);
        return await find(avatarId);
      }),
    importFile: (path) =>
      inTurn(async () => {
        await prepare();
        const opened = await openAvatarFile(path);
        // Decoded once, so that nothing comes in that cannot be shown.
        await decodeAvatar(opened);
        return await write(newId(), await rewriteManifest(opened, {}));
      }),
    inspect: async (avatarId) => await inspectAvatar(await avatarFileOf(avatarId)),
    avatarFileOf,
    read: async (avatarId) => ({ path: pathOf(avatarId), name: (await inTurn(() => find(avatarId))).name }),
    newPlace: async () => {
      await inTurn(prepare);
      const avatarId = newId();
      return { avatarId, path: pathOf(avatarId) };
    },
    didChange,
  };
}

/** Makes the folder where there is none, every time; looks through the trash the first time. */
function preparation({ folders, samplesDirectory, clock, log }: AvatarLibraryOptions): () => Promise<void> {
  let isTidied = false;
  return async () => {
    await prepareLibraryFolder(folders.avatars, samplesDirectory, log);
    if (isTidied) return;
    isTidied = true;
    await emptyOldTrash(folders.trash, clock, log);
  };
}

async function moveAvatar(avatarId: AvatarId, from: string, to: string): Promise<void> {
  const name = `${avatarId}${ENDING}`;
  try {
    await mkdir(to, { recursive: true });
    await rename(join(from, name), join(to, name));
  } catch (error) {
    throw systemCode(error) === 'ENOENT' ? noSuchAvatar(avatarId) : asWriteError(error, to);
  }
}

async function isExistingFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

function newId(): AvatarId {
  return randomUUID() as string as AvatarId;
}

function idOf(path: string): AvatarId {
  return basename(path, ENDING) as AvatarId;
}

function urlOf(avatarId: AvatarId): string {
  return `/avatars/${avatarId}/`;
}

function isAvatarFile(name: string): boolean {
  return name.endsWith(ENDING) && avatarIdSchema.safeParse(basename(name, ENDING)).success;
}

/** "Ada" -> "Ada copy" -> "Ada copy 2"; at most as long as a name may be. */
function copyName(name: string, taken: ReadonlySet<string>): string {
  const stem = name.replace(/ copy( \d+)?$/, '').slice(0, 108);
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? `${stem} copy` : `${stem} copy ${count}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function noSuchAvatar(avatarId: AvatarId): AppError {
  return new AppError('library.noSuchAvatar', 'This avatar is not in the library any more.', {
    details: { avatarId },
  });
}
