import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectId, UnclosedProject } from '#common/contract/api/projectsApi';
import { AppError } from '#common/contract/errors';
import { isSameJson } from '#common/project/diffDocuments';
import type { Json } from '#common/project/documentHistory';
import { uneditedDocument } from '#common/project/reduceRecord';
import type { StudioDocument } from '#common/project/studioDocument';
import { asWriteError, systemCode } from '#host/files/diskErrors';
import { describeUnclosed } from '#host/projects/describeUnclosed';
import type { FileStamp } from '#host/projects/fileStamp';
import { isSameStamp, stampOf } from '#host/projects/fileStamp';
import { openProjectFile } from '#host/projects/projectFile';
import type { SessionServices } from '#host/projects/ProjectSession';
import { ProjectSession } from '#host/projects/ProjectSession';
import {
  copyPaths,
  notOpen,
  readSessionFacts,
  syncFolder,
  writeGeneration,
  writeSessionFacts,
} from '#host/projects/workingCopy';
import { serially } from '#host/serially';

/** What a new working copy begins with. */
export interface NewCopy {
  readonly document: StudioDocument;
  /** Puts the avatar file at the given path. */
  readonly placeAvatar: (path: string) => Promise<void>;
  /** PNG. */
  readonly thumbnail: Uint8Array | undefined;
  readonly path?: string;
  readonly fileStamp?: FileStamp | undefined;
}

/** All working copies of a data folder; at most one session each. */
export interface ProjectSessions {
  create(copy: NewCopy): Promise<ProjectSession>;
  /** The session of a working copy, opened where it is not. @throws AppError `project.notOpen`, `project.damaged` */
  resume(projectId: ProjectId): Promise<ProjectSession>;
  /** The open session. @throws AppError `project.notOpen` */
  get(projectId: ProjectId): ProjectSession;
  /** The working copy of a project file, open or not. */
  findByPath(path: string): Promise<ProjectId | undefined>;
  /** Closes the session and removes the working copy, where there is one. */
  remove(projectId: ProjectId): Promise<void>;
  listUnclosed(): Promise<UnclosedProject[]>;
  folderOf(projectId: ProjectId): string;
  dispose(): Promise<void>;
}

/** Half-made or half-removed working copies; a name with a dot is no project id. */
const MAKING = '.making-';
const REMOVING = '.removing-';

/** @param directory `<data>/projects`; created when first needed */
export function createProjectSessions(directory: string, services: SessionServices): ProjectSessions {
  const open = new Map<ProjectId, ProjectSession>();
  const inTurn = serially();
  let isSwept = false;
  const folderOf = (projectId: ProjectId): string => join(directory, projectId);

  const listIds = async (): Promise<ProjectId[]> => {
    const entries = await readdir(directory, { withFileTypes: true }).catch(ignoreMissing);
    if (!isSwept)
      await removeRemains(
        directory,
        entries.map(({ name }) => name),
      );
    isSwept = true;
    return entries
      .filter((entry) => entry.isDirectory() && /^[a-z0-9-]{1,64}$/.test(entry.name))
      .map(({ name }) => name as ProjectId);
  };

  const resume = async (projectId: ProjectId): Promise<ProjectSession> => {
    const known = open.get(projectId);
    if (known?.isOpen === true) return known;
    const session = await ProjectSession.open({ projectId, folder: folderOf(projectId) }, services);
    await compareWithFile(session);
    open.set(projectId, session);
    return session;
  };

  return {
    folderOf,
    create: (copy) =>
      inTurn(async () => {
        await listIds();
        const projectId = await makeFolder(directory, copy, services);
        return await resume(projectId);
      }),
    resume: (projectId) => inTurn(() => resume(projectId)),
    get(projectId) {
      const session = open.get(projectId);
      if (session === undefined) throw notOpen(projectId);
      return session;
    },
    findByPath: (path) =>
      inTurn(async () => {
        for (const session of open.values()) if (session.path === path) return session.projectId;
        for (const projectId of await listIds()) {
          if (open.has(projectId)) continue;
          const facts = await readSessionFacts(folderOf(projectId), projectId).catch(() => undefined);
          if (facts?.path === path) return projectId;
        }
        return undefined;
      }),
    remove: (projectId) =>
      inTurn(async () => {
        await open.get(projectId)?.dispose();
        open.delete(projectId);
        await removeFolder(directory, projectId);
      }),
    listUnclosed: () =>
      inTurn(async () => {
        const described: UnclosedProject[] = [];
        for (const projectId of await listIds()) {
          const place = { projectId, folder: folderOf(projectId) };
          const session = open.get(projectId);
          const current = session?.isOpen === true ? session : undefined;
          const unclosed = await describeUnclosed(place, current, services.log);
          if (unclosed !== undefined) described.push(unclosed);
        }
        return described.sort((a, b) => b.edited.localeCompare(a.edited));
      }),
    dispose: () =>
      inTurn(async () => {
        await Promise.all([...open.values()].map((session) => session.dispose()));
        open.clear();
      }),
  };
}

/** Best effort: they cost only room. */
async function removeRemains(directory: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (!name.startsWith(MAKING) && !name.startsWith(REMOVING)) continue;
    await rm(join(directory, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A new working copy appears whole, by one rename. */
async function makeFolder(directory: string, copy: NewCopy, services: SessionServices): Promise<ProjectId> {
  const projectId = randomUUID() as string as ProjectId;
  const making = join(directory, `${MAKING}${projectId}`);
  try {
    await mkdir(making, { recursive: true });
    await fillFolder(making, copy, services);
    await rename(making, join(directory, projectId));
    await syncFolder(directory);
    return projectId;
  } catch (error) {
    await rm(making, { recursive: true, force: true }).catch(() => undefined);
    throw asWriteError(error, making);
  }
}

/** One rename ends the working copy; what it takes to delete the files may be cut off. */
async function removeFolder(directory: string, projectId: ProjectId): Promise<void> {
  const removing = join(directory, `${REMOVING}${projectId}`);
  try {
    await rename(join(directory, projectId), removing);
    await rm(removing, { recursive: true, force: true });
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw asWriteError(error, removing);
  }
}

async function fillFolder(folder: string, copy: NewCopy, { files }: SessionServices): Promise<void> {
  const { document, path, fileStamp } = copy;
  await copy.placeAvatar(copyPaths.avatar(folder));
  await flush(copyPaths.avatar(folder), files);
  if (copy.thumbnail !== undefined) await writeFile(copyPaths.thumbnail(folder), copy.thumbnail);
  await writeGeneration(folder, 1, { edited: uneditedDocument(document), sequence: 0 }, files);
  await writeSessionFacts(folder, { generation: 1, path, fileStamp, savedDocument: document }, files);
}

async function flush(path: string, files: SessionServices['files']): Promise<void> {
  const handle = await files.open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Notices that the project file is not the one the working copy knows: a save whose end was cut off, or another
 * program. The working copy wins, since it may hold work that is nowhere else.
 */
async function compareWithFile(session: ProjectSession): Promise<void> {
  const { path, fileStamp } = session;
  if (path === undefined) return;
  const stamp = await stampOf(path).catch(() => undefined);
  if (isSameStamp(stamp, fileStamp)) return;
  if (stamp === undefined) {
    session.warn('The project file is not where it was; save to write it again.');
    return;
  }
  try {
    const { document } = await openProjectFile(path);
    if (isSameJson(document as Json, session.document as Json)) return await session.adoptFile(stamp);
    session.warn(
      'The project file was changed outside this window; saving replaces it with what you see here.',
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    session.warn(
      `The project file cannot be read (${error.message}); saving replaces it with what you see here.`,
    );
  }
}

function ignoreMissing(error: unknown): never[] {
  if (systemCode(error) === 'ENOENT') return [];
  throw error;
}
