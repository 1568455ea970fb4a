import { stat } from 'node:fs/promises';
import type { ProjectId, UnclosedProject } from '#common/contract/api/projectsApi';
import { isSameJson } from '#common/project/diffDocuments';
import type { Json } from '#common/project/documentHistory';
import type { Log } from '#host/log';
import type { ProjectSession } from '#host/projects/ProjectSession';
import { copyPaths, loadWorkingCopy } from '#host/projects/workingCopy';

type Shown = Pick<ProjectSession, 'document' | 'isModified' | 'path' | 'editedMilliseconds'>;

/**
 * The list entry of a working copy. One that cannot be read gives undefined and stays on the disk: a later
 * version may read it.
 *
 * @param session where it is open; otherwise its journal is replayed
 */
export async function describeUnclosed(
  place: { readonly projectId: ProjectId; readonly folder: string },
  session: ProjectSession | undefined,
  log: Log,
): Promise<UnclosedProject | undefined> {
  const { projectId, folder } = place;
  try {
    const { document, isModified, path, editedMilliseconds } = session ?? (await glanceAt(folder, projectId));
    // The page's clock wrote it; anything a date cannot hold is not believed.
    const isDate = editedMilliseconds !== undefined && Math.abs(editedMilliseconds) <= 8.64e15;
    const edited = isDate ? editedMilliseconds : (await stat(copyPaths.session(folder))).mtimeMs;
    return {
      projectId,
      name: document.name,
      ...(path === undefined ? {} : { path }),
      edited: new Date(edited).toISOString(),
      isModified,
      thumbnailUrl: `/projects/${projectId}/avatar/thumbnail.png`,
    };
  } catch (error) {
    log.write('warn', 'A working copy cannot be read', { projectId, error: String(error) });
    return undefined;
  }
}

async function glanceAt(folder: string, projectId: ProjectId): Promise<Shown> {
  const { facts, edited } = await loadWorkingCopy(folder, projectId);
  return {
    document: edited.document,
    isModified: !isSameJson(edited.document as Json, facts.savedDocument as Json),
    path: facts.path,
    editedMilliseconds: edited.history.undo.at(-1)?.time,
  };
}
