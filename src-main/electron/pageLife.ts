import type { DialogSlice, WindowSlice } from '#electron/shellApi';
import { asNative } from '#electron/shellApi';
import type { ShellDoor } from '#electron/shellDoor';
import type { Log } from '#host/log';

export interface PageLifeOptions {
  readonly window: WindowSlice;
  readonly dialog: DialogSlice;
  readonly door: Pick<ShellDoor, 'isHeard' | 'closedProjects' | 'request'>;
  readonly log: Log;
  readonly now: () => number;
}

/** A page that has ended this often within a minute is not loaded again by itself. */
const MAXIMUM_ENDS = 3;
const ENDS_WINDOW_MILLISECONDS = 60_000;

/** A page with nothing to ask its user closes itself within this. */
const ANSWER_MILLISECONDS = 3_000;

/**
 * Watches one page from its start to its end. Closing asks the page first, which may have unsaved work: it closes its
 * project and then itself, or stays. One that has ended is offered again, one that hangs can be waited for or left, and
 * edits that are just being written hold the window back for a question. Nothing is lost in any case: every edit is in
 * the host's journal.
 */
export function guardPageLife({ window, dialog, door, log, now }: PageLifeOptions): void {
  const contents = window.webContents;
  let asked: { readonly time: number; readonly closedProjects: number } | undefined;
  let isGone = false;
  let isHanging = false;
  let ends: number[] = [];

  const ask = async (message: string, detail: string, stay: string): Promise<boolean> => {
    const buttons = [stay, 'Close the window'];
    const options = { type: 'warning' as const, message, detail, buttons, defaultId: 0, cancelId: 0 };
    const { response } = await dialog.showMessageBox(asNative(window), options);
    return response === 0;
  };

  const leave = (): void => {
    isGone = true;
    if (!window.isDestroyed()) window.destroy();
  };

  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log.write('error', 'The page has ended', { reason, exitCode });
    isGone = true;
    const time = now();
    ends = [...ends.filter((end) => time - end < ENDS_WINDOW_MILLISECONDS), time];
    const again = ends.length < MAXIMUM_ENDS ? 'Load it again' : 'Try once more';
    void ask(
      `The window's page has ended (${reason}).`,
      'Your work up to the last edit is saved.',
      again,
    ).then((isStaying) => {
      if (!isStaying) return leave();
      isGone = false;
      asked = undefined;
      contents.reload();
    });
  });

  window.on('unresponsive', () => {
    if (isHanging) return;
    isHanging = true;
    void ask(
      'The window does not answer.',
      'It may be busy. Your work up to the last edit is saved.',
      'Wait',
    ).then((isStaying) => {
      if (!isStaying && isHanging) leave();
      isHanging = false;
    });
  });
  window.on('responsive', () => (isHanging = false));

  // The page holds on while an edit is on its way to the disk, a matter of milliseconds.
  contents.on('will-prevent-unload', (event) => {
    const options = {
      type: 'warning' as const,
      message: 'The last edits are still being written.',
      detail: 'Leaving now may lose them.',
      buttons: ['Stay', 'Leave'],
      defaultId: 0,
      cancelId: 0,
    };
    if (dialog.showMessageBoxSync(asNative(window), options) === 1) event.preventDefault();
    else asked = undefined;
  });

  window.on('close', (event) => {
    // Nobody there to ask: still loading, failed to start, or gone.
    if (isGone || !door.isHeard) return;
    const time = now();
    if (asked !== undefined) {
      // The page's own answer looks like any other wish to close. It is one if it has closed its project since, or
      // comes at once; later it is the user again, who has stayed meanwhile.
      if (door.closedProjects > asked.closedProjects || time - asked.time < ANSWER_MILLISECONDS) return;
    }
    event.preventDefault();
    asked = { time, closedProjects: door.closedProjects };
    door.request({ kind: 'close' });
  });
}
