import type { ShellRequest } from '#common/contract/events';
import { assertNever } from '#common/contract/errors';
import type { Services } from '$services/context';
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
    case 'openFile':
      await openFile(request.path, services);
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

/** A project opens; an avatar goes to the library first; anything else is a picture to make one from. */
async function openFile(path: string, { project, importPortrait, library }: Services): Promise<void> {
  if (/\.avatarartist$/i.test(path)) {
    await project.open(path);
  } else if (isAvatarFile(path)) {
    const taken = await library.importAvatar({ path });
    if (taken !== undefined) await project.create(taken.avatarId);
  } else await importPortrait.takePath(path, path.split(/[/\\]/).at(-1) ?? 'the picture');
}
