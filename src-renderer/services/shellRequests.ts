import type { ShellRequest } from '#common/contract/events';
import type { LibraryAvatar } from '#common/contract/api/libraryApi';
import { assertNever } from '#common/contract/errors';
import type { Services } from '$services/context';
import { nameOf } from '$services/files/filePaths';
import { isAvatarFile } from '$services/import/isAvatarFile';

/**
 * Does what a native shell asks: a menu's command, a file the system wants opened, the window about to close.
 * The shell closes the window once the project has been left, for which the artist may be asked.
 */
export async function handleShellRequest(request: ShellRequest, services: Services): Promise<void> {
  const { commands, project, settings, questions } = services;
  switch (request.kind) {
    case 'command':
      commands.run(request.commandId);
      return;
    case 'openFiles':
      await openFiles(request.paths, services);
      return;
    case 'close':
      // Asked already, or asked something else first: the answer to that comes before another question.
      if (questions.open !== undefined) return;
      await settings.flush();
      if (await project.close()) window.close();
      return;
    default:
      assertNever(request, 'request of the shell');
  }
}

/**
 * Avatars all go to the gallery. One thing is then opened: the first project, else a project with the first avatar,
 * else the first picture, to make an avatar from. What is left is named.
 */
async function openFiles(paths: readonly string[], services: Services): Promise<void> {
  const { project, importPortrait, library, notices } = services;
  const [projects, rest] = divide(paths, (path) => /\.avatarartist$/i.test(path));
  const [avatars, pictures] = divide(rest, isAvatarFile);
  const taken: LibraryAvatar[] = [];
  for (const path of avatars) {
    const avatar = await library.importAvatar({ path });
    if (avatar !== undefined) taken.push(avatar);
  }
  const isPictureTurn = projects.length === 0 && taken.length === 0;
  const left = [...projects.slice(1), ...pictures.slice(isPictureTurn ? 1 : 0)];
  if (left.length > 0) notices.info(`One at a time; not opened: ${left.map(nameOf).join(', ')}`);
  if (projects.length > 0) await project.open(projects[0]);
  else if (taken.length > 0) await project.create(taken[0].avatarId);
  else if (pictures.length > 0) await importPortrait.takePath(pictures[0], nameOf(pictures[0]));
}

function divide<T>(all: readonly T[], test: (one: T) => boolean): [T[], T[]] {
  return [all.filter(test), all.filter((one) => !test(one))];
}
