import { filesInMessage } from '#electron/filesToOpen';
import { guardNavigation } from '#electron/navigationGuard';
import type { ShellApi } from '#electron/shellApi';
import type { Log } from '#host/log';

/** What the application's events are turned into. */
export interface ShellActions {
  openFiles(paths: readonly string[]): void;
  show(): void;
  /** Ends host and lock; the program waits for it. */
  end(): Promise<void>;
}

/** Connects the application's events: further starts, files, windows, processes that end, quitting. */
export function listenToApp(
  { app, shell }: Pick<ShellApi, 'app' | 'shell'>,
  { platform, log }: { readonly platform: NodeJS.Platform; readonly log: Log },
  actions: ShellActions,
): void {
  let isQuitting = false;
  let isEnded = false;

  app.on('web-contents-created', (_event, contents) =>
    guardNavigation(contents, (url) => {
      shell
        .openExternal(url)
        .catch((error: unknown) => log.write('warn', 'A link could not be opened', { error: String(error) }));
    }),
  );
  app.on('second-instance', (_event, _argv, _workingDirectory, message) => {
    actions.openFiles(filesInMessage(message));
    actions.show();
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    actions.openFiles([path]);
    actions.show();
  });
  app.on('activate', () => actions.show());
  app.on('child-process-gone', (_event, { type, reason, exitCode }) =>
    log.write('error', 'A process of the window has ended', { type, reason, exitCode }),
  );
  app.on('before-quit', () => (isQuitting = true));
  app.on('window-all-closed', () => {
    // On macOS a program lives without windows until it is told to quit.
    if (platform !== 'darwin' || isQuitting) app.quit();
  });
  app.on('will-quit', (event) => {
    if (isEnded) return;
    event.preventDefault();
    void actions
      .end()
      .catch((error: unknown) => log.write('error', 'Ending failed', { error: String(error) }))
      .then(() => {
        isEnded = true;
        app.quit();
      });
  });
}
