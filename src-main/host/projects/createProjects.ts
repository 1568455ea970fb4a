import { existsSync } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AvatarId } from '#common/contract/api/libraryApi';
import type { OpenProject, ProjectId, ProjectsApi } from '#common/contract/api/projectsApi';
import { projectIdSchema } from '#common/contract/api/projectsApi';
import { AppError } from '#common/contract/errors';
import type { CheckedParams, HostHandlers } from '#common/contract/hostApi';
import { AVATAR_ENTRIES } from '#common/project/avatarManifest';
import { tidyName } from '#common/project/documentEdits';
import { newDocument } from '#common/project/studioDocument';
import { openAvatarFile } from '#host/avatars/avatarFile';
import type { Clock } from '#host/clock';
import { dataFolders } from '#host/data/dataDirectory';
import type { Log } from '#host/log';
import { canonicalPath } from '#host/projects/canonicalPath';
import { isSameStamp, stampOf } from '#host/projects/fileStamp';
import { openProjectFile } from '#host/projects/projectFile';
import type { ProjectSession } from '#host/projects/ProjectSession';
import type { ProjectSessions } from '#host/projects/projectSessions';
import { createProjectSessions } from '#host/projects/projectSessions';
import type { RecentProjects } from '#host/projects/recentProjects';
import { createRecentProjects } from '#host/projects/recentProjects';
import type { ProjectFileSystem } from '#host/projects/workingCopy';
import { copyPaths, notOpen } from '#host/projects/workingCopy';

export interface ProjectsOptions {
  /** The user's data folder; working copies live in `projects` below it. Created when first needed. */
  readonly dataDirectory: string;
  readonly appVersion: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Path and name of a library avatar. @throws AppError `library.noSuchAvatar` */
  readonly readLibraryAvatar: (
    avatarId: AvatarId,
  ) => Promise<{ readonly path: string; readonly name: string }>;
  /** The disk, unless a test brings its own. */
  readonly files?: ProjectFileSystem;
  /** Journal lines that are replayed rather than folded away at open and save; 500 take some 20 ms. */
  readonly compactAfterLines?: number;
}

/** Everything about projects that the host answers. */
export interface Projects {
  readonly handlers: Pick<HostHandlers, keyof ProjectsApi>;
  /**
   * The project's own copy of the avatar, for the byte route; also of working copies nobody has resumed.
   *
   * @throws AppError `project.notOpen`
   */
  avatarFileOf(projectId: ProjectId): string;
  /** Waits for writes under way and closes the journals; working copies stay for the next start. */
  dispose(): Promise<void>;
}

interface ProjectServices extends ProjectsOptions {
  readonly sessions: ProjectSessions;
  readonly recent: RecentProjects;
}

/** Projects on a data folder: project files, working copies with their journals, recent files. See projectFile.md. */
export function createProjects(options: ProjectsOptions): Projects {
  const { appVersion, clock, log, files = nodeFiles, compactAfterLines = 500 } = options;
  const directory = dataFolders(options.dataDirectory).projects;
  const sessions = createProjectSessions(directory, { appVersion, clock, log, files, compactAfterLines });
  const recent = createRecentProjects(join(directory, 'recent.json'), { clock, log, files });
  const services: ProjectServices = { ...options, sessions, recent };
  return {
    handlers: {
      'projects.list': async () => ({
        recent: await recent.list(),
        unclosed: await sessions.listUnclosed(),
      }),
      'projects.create': ({ avatarId }) => createProject(avatarId, services),
      'projects.open': async ({ path }) => openProject(await canonicalPath(path), services),
      'projects.resume': async ({ projectId }) => (await sessions.resume(projectId)).describe(),
      'projects.append': async ({ projectId, sequence, record }) => ({
        sequence: await sessions.get(projectId).append(sequence, record),
      }),
      'projects.save': (params) => saveProject(params, services),
      'projects.close': ({ projectId, discard = false }) => closeProject(projectId, discard, sessions),
      'projects.forgetRecent': async ({ path }) => {
        await recent.forget(path);
        return {};
      },
    },
    avatarFileOf(projectId) {
      const folder = sessions.folderOf(projectId);
      // Checked here too: this id comes from a URL.
      const isId = projectIdSchema.safeParse(projectId).success;
      if (!isId || !existsSync(copyPaths.session(folder))) throw notOpen(projectId);
      return copyPaths.avatar(folder);
    },
    dispose: () => sessions.dispose(),
  };
}

async function createProject(
  avatarId: AvatarId,
  { sessions, readLibraryAvatar, files = nodeFiles }: ProjectServices,
): Promise<OpenProject> {
  const { path, name } = await readLibraryAvatar(avatarId);
  const { entries } = await openAvatarFile(path);
  const session = await sessions.create({
    document: newDocument(tidyName(name) ?? 'Untitled'),
    placeAvatar: (target) => files.copyFile(path, target),
    thumbnail: entries.get(AVATAR_ENTRIES.thumbnail),
  });
  return session.describe();
}

async function openProject(path: string, services: ProjectServices): Promise<OpenProject> {
  const { sessions, recent } = services;
  const known = await sessions.findByPath(path);
  const session = known === undefined ? await openFile(path, services) : await resumeFile(known, services);
  await recent.remember(path, session.document.name);
  return session.describe();
}

async function openFile(path: string, services: ProjectServices): Promise<ProjectSession> {
  const { sessions, files = nodeFiles } = services;
  // Before the reading: a file that changes in between shows at the next comparison.
  const fileStamp = await stampOf(path).catch(() => undefined);
  const { document, avatar, thumbnail } = await openProjectFile(path);
  return await sessions.create({
    document,
    placeAvatar: (target) => files.writeFile(target, avatar),
    thumbnail,
    path,
    fileStamp,
  });
}

/** A working copy without changes follows its file; one with changes is gone on with. */
async function resumeFile(projectId: ProjectId, services: ProjectServices): Promise<ProjectSession> {
  const { sessions } = services;
  const session = await sessions.resume(projectId);
  const { path, isModified, fileStamp } = session;
  if (path === undefined || isModified) return session;
  const stamp = await stampOf(path).catch(() => undefined);
  if (stamp === undefined || isSameStamp(stamp, fileStamp)) return session;
  const fresh = await openFile(path, services);
  await sessions.remove(projectId);
  return fresh;
}

async function saveProject(
  { projectId, path }: CheckedParams<'projects.save'>,
  { sessions, recent }: ProjectServices,
): Promise<{ readonly path: string; readonly bytes: number }> {
  const session = sessions.get(projectId);
  const target = path === undefined ? undefined : await canonicalPath(path);
  if (target !== undefined && target !== session.path) {
    const other = await sessions.findByPath(target);
    if (other !== undefined) throw openElsewhere(target);
  }
  const saved = await session.save(target);
  await recent.remember(saved.path, session.document.name);
  return saved;
}

/** Closing what is closed already succeeds: the answer to the first try may have been lost on its way. */
async function closeProject(
  projectId: ProjectId,
  discard: boolean,
  sessions: ProjectSessions,
): Promise<Record<never, never>> {
  if (!discard) {
    try {
      const session = await sessions.resume(projectId);
      if (session.isModified) throw unsaved(session);
    } catch (error) {
      if (error instanceof AppError && error.code === 'project.notOpen') return {};
      throw error;
    }
  }
  // Not opened to be discarded, so that a damaged working copy can be got rid of.
  await sessions.remove(projectId);
  return {};
}

function unsaved({ projectId, document }: ProjectSession): AppError {
  return new AppError(
    'project.unsaved',
    `"${document.name}" has changes that are not saved. Save it first, or close it without saving.`,
    { details: { projectId } },
  );
}

function openElsewhere(path: string): AppError {
  return new AppError(
    'input.badOption',
    `"${basename(path)}" is the file of another project that is still open. Close that one first, or choose another name.`,
  );
}
