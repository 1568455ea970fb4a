import type { Services } from '$services/context';

/**
 * What the window shows first: the gallery, and on a machine where nothing was made yet a finished avatar, so
 * that there is a face to move before the artist has to choose anything.
 */
export async function startStudio({ library, project, notices }: Services): Promise<void> {
  await library.refresh();
  const isFirstRun = library.recent.length === 0 && library.unclosed.length === 0;
  const sample = library.avatars.findLast((avatar) => avatar.problem === undefined);
  if (!isFirstRun || sample === undefined || project.current !== undefined) return;
  try {
    await project.create(sample.avatarId);
  } catch (error) {
    notices.report(error, 'Opening the sample');
  }
}
