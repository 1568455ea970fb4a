// The desktop program. With preload.ts the only file that loads Electron itself: it hands its parts to the shell,
// which is tested with fakes of the same types. `api` compiles only while Electron has the shapes the shell uses.
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session, shell } from 'electron';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ShellApi } from '#electron/shellApi';
import { startShell } from '#electron/startShell';
import { unpackedUrl } from '#electron/unpackedUrl';
import { defaultDataDirectory } from '#host/data/dataDirectory';
import { createFileLog } from '#server/fileLog';

const api: ShellApi = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  protocol,
  session,
  shell,
};
const distUrl = unpackedUrl(new URL('../', import.meta.url).href);
const dataDirectory = defaultDataDirectory();

void startShell(api, {
  platform: process.platform,
  argv: process.argv,
  workingDirectory: process.cwd(),
  dataDirectory,
  preloadPath: join(import.meta.dirname, 'preload.cjs'),
  iconPath: fileURLToPath(new URL('../assets/icons/icon.png', distUrl)),
  log: createFileLog(join(dataDirectory, 'studio.log')),
  openHost: async (options) =>
    (await import('#host/composeHost')).composeHost(distUrl, app.getVersion(), options),
});
