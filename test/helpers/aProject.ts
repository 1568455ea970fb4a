import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AvatarId } from '#common/contract/api/libraryApi';
import type { OpenProject } from '#common/contract/api/projectsApi';
import { AppError } from '#common/contract/errors';
import type { HostHandlers } from '#common/contract/hostApi';
import type { JournalRecord } from '#common/project/documentHistory';
import { editRecord } from '#common/project/reduceRecord';
import type { StudioDocument } from '#common/project/studioDocument';
import { systemClock } from '#host/clock';
import { silentLog } from '#host/log';
import type { Projects, ProjectsOptions } from '#host/projects/createProjects';
import { createProjects } from '#host/projects/createProjects';
import { anAvatarFile } from '#test/helpers/anAvatarFile';

export const AVATAR_ID = 'ada-1' as AvatarId;

/** Puts a small avatar called Tiny into a file and gives its path. */
export async function writeTinyAvatar(folder: string): Promise<string> {
  const path = join(folder, 'tiny.avatar');
  await mkdir(folder, { recursive: true });
  await writeFile(path, await anAvatarFile());
  return path;
}

/** The projects service on its own, over a library of one avatar. */
export function projectsOn(
  dataDirectory: string,
  avatarPath: string,
  options: Partial<ProjectsOptions> = {},
): Projects {
  return createProjects({
    dataDirectory,
    appVersion: '0.0.0-test',
    clock: systemClock,
    log: silentLog,
    readLibraryAvatar: (avatarId) =>
      avatarId === AVATAR_ID
        ? Promise.resolve({ path: avatarPath, name: 'Ada' })
        : Promise.reject(new AppError('library.noSuchAvatar', `There is no avatar ${avatarId}.`)),
    ...options,
  });
}

/** An edit as the page makes it: document before and after to a record. */
export function recordOf(
  before: StudioDocument,
  after: StudioDocument,
  label = 'Edit',
  mergesPrevious = false,
): JournalRecord {
  const record = editRecord(before, after, { label, time: 1_700_000_000_000, mergesPrevious });
  if (record === undefined) throw new Error('The edit changes nothing.');
  return record;
}

type Calls = Pick<HostHandlers, 'projects.append'>;

/** Edits an open project through the contract and gives the document afterwards. */
export async function editProject(
  calls: Calls,
  project: Pick<OpenProject, 'projectId' | 'document' | 'sequence'>,
  ...edits: ((document: StudioDocument) => StudioDocument)[]
): Promise<{ readonly document: StudioDocument; readonly sequence: number }> {
  let { document, sequence } = project;
  for (const edit of edits) {
    const after = edit(document);
    const record = recordOf(document, after);
    ({ sequence } = await calls['projects.append']({ projectId: project.projectId, sequence: sequence + 1, record })); // prettier-ignore
    document = after;
  }
  return { document, sequence };
}
