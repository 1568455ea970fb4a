import type { ShellRequest } from '#common/contract/events';
import { assertNever } from '#common/contract/errors';
import type { Services } from '$services/context';

/**
 * Does what a native shell asks: a menu's command, a file the system wants opened, the window about to close.
 * The shell closes the window once the project has been left, for which the artist may be asked.
 */
export async function handleShellRequest(request: ShellRequest, services: Services): Promise<void> {
  const { commands, project, importPortrait, settings, questions } = services;
  switch (request.kind) {
    case 'command':
      commands.run(request.commandId);
      return;
    case 'openFile':
      if (/\.avatarartist$/i.test(request.path)) {
        await project.open(request.path);
      } else await importPortrait.takePath(request.path, request.path.split(/[/\\]/).at(-1) ?? 'the picture');
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
