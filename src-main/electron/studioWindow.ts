import type { ShellRequest } from '#common/contract/events';
import { serveHost } from '#common/contract/serveHost';
import type { HostDoor } from '#common/contract/transport';
import { createIpcPort } from '#electron/ipcPort';
import { guardPageLife } from '#electron/pageLife';
import { isPageUrl, PAGE_URL } from '#electron/protocol';
import type { ShellApi, WindowSlice } from '#electron/shellApi';
import { createShellDoor } from '#electron/shellDoor';
import { windowOptions } from '#electron/windowOptions';
import type { Log } from '#host/log';

export interface StudioWindowOptions {
  readonly api: Pick<ShellApi, 'BrowserWindow' | 'ipcMain' | 'dialog' | 'app'>;
  readonly door: HostDoor;
  readonly preloadPath: string;
  readonly iconPath: string | undefined;
  readonly log: Log;
  readonly onClosed: () => void;
  /** Milliseconds; tests bring their own. */
  readonly now?: () => number;
}

export interface StudioWindow {
  readonly slice: WindowSlice;
  /** Asks the page for something, now or once it is there. */
  request(request: ShellRequest): void;
  /** Brings the window to the front. */
  reveal(): void;
  close(): void;
}

/** One window with its page, and the page's way to the host. */
export function openStudioWindow(options: StudioWindowOptions): StudioWindow {
  const { api, log } = options;
  const window = new api.BrowserWindow(windowOptions(options.preloadPath, options.iconPath));
  const contents = window.webContents;
  const door = createShellDoor(options.door, (path) => api.app.addRecentDocument(path));
  const port = createIpcPort({ ipcMain: api.ipcMain, contents, isPageUrl });
  const onRefused = (reason: string): void => log.write('warn', `A message of the page ${reason}`);
  let endService = serveHost(port, door, { onRefused });
  guardPageLife({ window, dialog: api.dialog, door, log, now: options.now ?? Date.now });

  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (!isMainFrame || isSameDocument) return;
    // A new page counts its calls from one again: nothing of the last one may answer it.
    endService();
    door.forgetPage();
    endService = serveHost(port, door, { onRefused });
  });
  window.on('closed', () => {
    endService();
    port.close();
    options.onClosed();
  });
  window.once('ready-to-show', () => window.show());
  window.loadURL(PAGE_URL).catch((error: unknown) => {
    log.write('error', 'The page could not be loaded', { error: String(error) });
    window.show();
  });

  return {
    slice: window,
    request: (request) => door.request(request),
    reveal() {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    close: () => window.close(),
  };
}
