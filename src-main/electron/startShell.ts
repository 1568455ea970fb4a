import { join } from 'node:path';
import { filesInArguments } from '#electron/filesToOpen';
import { listenToApp } from '#electron/listenToApp';
import { menuTemplate } from '#electron/menu';
import { createNativeDialogs } from '#electron/nativeDialogs';
import { guardPermissions } from '#electron/permissionGuard';
import { createProtocolHandler, SCHEMES } from '#electron/protocol';
import type { ShellApi } from '#electron/shellApi';
import { asNative } from '#electron/shellApi';
import type { StudioWindow } from '#electron/studioWindow';
import { openStudioWindow } from '#electron/studioWindow';
import type { ShellOptions } from '#host/composeHost';
import type { Host } from '#host/createHost';
import type { Log } from '#host/log';
import type { InstanceClaim } from '#server/instanceLock';
import { claimInstance } from '#server/instanceLock';

export interface ShellEnvironment {
  readonly platform: NodeJS.Platform;
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  readonly dataDirectory: string;
  readonly preloadPath: string;
  /** Absent on macOS, where the bundle has the icon. */
  readonly iconPath?: string;
  readonly log: Log;
  readonly openHost: (options: ShellOptions) => Promise<Host>;
  readonly claim?: typeof claimInstance;
}

/**
 * The desktop shell: one window on a host of this process. Must be called before the app is ready, in the same turn
 * as the program starts, because schemes can only be registered then.
 *
 * @returns when the window is open, or when it is clear that another studio has this data folder
 */
export async function startShell(api: ShellApi, environment: ShellEnvironment): Promise<void> {
  const { app, protocol } = api;
  const { dataDirectory, log } = environment;
  protocol.registerSchemesAsPrivileged(SCHEMES);
  app.enableSandbox();
  // WebGL without a GPU; only our own page ever runs here.
  app.commandLine.appendSwitch('enable-unsafe-swiftshader');
  app.setAppUserModelId('org.avatarartist.studio');
  // Electron's own files, and with them its lock, belong to this data folder.
  app.setPath('userData', join(dataDirectory, 'desktop'));

  const files = filesInArguments(environment.argv, environment.workingDirectory);
  if (!app.requestSingleInstanceLock({ files })) return app.quit();
  const shell = createShell(api, environment, files);
  listenToApp(api, environment, shell);
  try {
    await app.whenReady();
    await shell.start();
  } catch (error) {
    log.write('error', 'The studio could not start', { error: String(error) });
    api.dialog.showErrorBox('AvatarArtist Studio could not start', describe(error));
    await shell.end().catch(() => undefined);
    app.exit(1);
  }
}

/**
 * The running shell: its host, its window, the files to open. macOS closes the window and keeps the program, so the
 * window comes and goes while the host stays.
 *
 * @param files to open first; more come from the system while it runs
 */
function createShell(api: ShellApi, environment: ShellEnvironment, files: readonly string[]) {
  const { app } = api;
  const { log, dataDirectory, platform } = environment;
  let host: Host | undefined;
  let claim: InstanceClaim | undefined;
  let window: StudioWindow | undefined;
  const waiting = [...files];

  const openFiles = (paths: readonly string[]): void => {
    waiting.push(...paths);
    if (host === undefined || window === undefined) return;
    const ready = waiting.splice(0);
    if (ready.length === 0) return;
    for (const path of ready) host.grantPath(path);
    window.request({ kind: 'openFiles', paths: ready });
  };

  const openWindow = (): void => {
    if (host === undefined || window !== undefined) return;
    const { preloadPath, iconPath } = environment;
    const onClosed = (): void => (window = undefined);
    window = openStudioWindow({ api, door: host.door, preloadPath, iconPath, log, onClosed });
    openFiles([]);
  };

  return {
    openFiles,
    /** Brings the window to the front, or back where it was closed. */
    show() {
      window?.reveal();
      openWindow();
    },
    async end() {
      await host?.dispose();
      await claim?.release();
    },
    async start() {
      const claimed = await (environment.claim ?? claimInstance)(dataDirectory, 'desktop');
      if (claimed.kind === 'running') {
        const { url, processId } = claimed.record;
        if (url !== undefined) await api.shell.openExternal(url);
        else api.dialog.showErrorBox('The studio is open already', `Process ${processId} has it open.`);
        return app.quit();
      }
      claim = claimed;
      guardPermissions(api.session.defaultSession);
      host = await environment.openHost({
        dataDirectory,
        confinesPaths: true,
        log,
        nativeDialogs: createNativeDialogs(api.dialog, () => window?.slice),
        reveal: (path) => api.shell.showItemInFolder(path),
        capabilities: { nativeMenu: true },
      });
      const opened = host;
      api.protocol.handle(
        'studio',
        createProtocolHandler((request) => opened.handleRequest(request)),
      );
      const runCommand = (commandId: string): void => window?.request({ kind: 'command', commandId });
      const template = menuTemplate(platform, runCommand, !app.isPackaged);
      api.Menu.setApplicationMenu(asNative(api.Menu.buildFromTemplate(template) as object));
      openWindow();
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
