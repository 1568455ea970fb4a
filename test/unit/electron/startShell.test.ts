import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTRACT_VERSION } from '#common/contract/hostApi';
import type { HostClient } from '#common/contract/hostClient';
import type { ShellRequest } from '#common/contract/events';
import type { ShellEnvironment } from '#electron/startShell';
import { startShell } from '#electron/startShell';
import type { ShellOptions } from '#host/composeHost';
import type { Host } from '#host/createHost';
import { silentLog } from '#host/log';
import { aHost } from '#test/helpers/aHost';
import { anEvent, FakeElectron } from '#test/helpers/fakeElectron';

let folder: string;
let electron: FakeElectron;
let host: Host | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shell-'));
  electron = new FakeElectron();
});

afterEach(async () => {
  await host?.dispose();
  host = undefined;
  await rm(folder, { recursive: true, force: true });
});

const openHost = (options: ShellOptions): Promise<Host> => {
  host = aHost({ ...options, assetsDirectory: 'assets' });
  return Promise.resolve(host);
};

async function start(changes: Partial<ShellEnvironment> = {}): Promise<void> {
  const started = startShell(electron.api, {
    platform: 'linux',
    argv: ['/opt/studio', '--no-zygote'],
    workingDirectory: folder,
    dataDirectory: folder,
    preloadPath: '/dist/electron/preload.cjs',
    iconPath: '/icon.png',
    log: silentLog,
    openHost,
    ...changes,
  });
  electron.app.becomeReady();
  await started;
}

/** Opens the page's bridge and collects what the shell asks of it. */
async function openPage(): Promise<{ client: HostClient; requests: ShellRequest[] }> {
  const client = electron.onlyWindow.webContents.openPage();
  const requests: ShellRequest[] = [];
  client.subscribe('shell.didRequest', (request) => requests.push(request));
  // An answer comes after whatever the subscription has brought.
  await client.host.handshake({ contractVersion: CONTRACT_VERSION });
  return { client, requests };
}

const turns = async (client: HostClient): Promise<unknown> => client.settings.get({});

describe('starting', () => {
  it('opens one window on the scheme, with the host behind it', async () => {
    await start();
    const { client } = await openPage();
    expect(electron.onlyWindow.loaded).toEqual(['studio://app/']);
    expect(electron.onlyWindow.calls).toEqual(['show']);
    expect(await client.host.handshake({ contractVersion: CONTRACT_VERSION })).toMatchObject({
      capabilities: { nativeDialogs: true, nativeMenu: true, revealInFolder: true },
    });
    expect((await electron.request('studio://app/motions/idle.json')).status).toBe(200);
  });

  it('makes windows that are web pages and nothing more', async () => {
    await start();
    expect(electron.onlyWindow.options.webPreferences).toEqual({
      preload: '/dist/electron/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    });
    expect(electron.app.isSandboxed).toBe(true);
    expect(electron.schemes).toEqual([
      {
        scheme: 'studio',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
      },
    ]);
    expect(electron.app.paths.get('userData')).toBe(join(folder, 'desktop'));
  });

  it('grants the page nothing but copying text, and no network', async () => {
    await start();
    const { session } = electron;
    const asked = [
      'media',
      'geolocation',
      'notifications',
      'midi',
      'fullscreen',
      'openExternal',
      'clipboard-read',
      'hid',
    ];
    expect(asked.filter((permission) => session.grants(permission))).toEqual([]);
    expect(session.grants('clipboard-sanitized-write')).toBe(true);
    expect(session.grantsDevices()).toBe(false);
    expect(['https://a.example/', 'http://127.0.0.1/', 'ws://a.example/', 'file:///etc/passwd', '::'].filter((url) => session.lets(url))).toEqual([]); // prettier-ignore
    expect(session.lets('studio://app/index.html')).toBe(true);
    expect(session.lets('blob:studio://app/1')).toBe(true);
  });

  it('says what failed and ends, leaving no lock behind', async () => {
    await start({ openHost: () => Promise.reject(new Error('no host today')) });
    expect(electron.dialog.errors).toEqual(['AvatarArtist Studio could not start']);
    expect(electron.app.exitCode).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('one studio per data folder', () => {
  it('ends at once as the second of two, handing its files over', async () => {
    electron.app.isFirstInstance = false;
    const file = join(folder, 'a.avatarartist');
    await start({ argv: ['/opt/studio', '--flag', 'a.avatarartist', 'notes.txt'] });
    expect(electron.app.lockData).toEqual({ files: [file] });
    expect(electron.app.exitCode).toBe(0);
    expect(electron.windows).toEqual([]);
  });

  it('opens the browser studio that has the folder, and ends', async () => {
    const url = 'http://127.0.0.1:8000/?token=x';
    const record = { processId: 1, shell: 'browser' as const, url };
    await start({ claim: () => Promise.resolve({ kind: 'running', record }) });
    expect(electron.opened).toEqual([url]);
    await expect.poll(() => electron.app.exitCode).toBe(0);
  });

  it('comes to the front with the files of a further start', async () => {
    await start();
    const { client, requests } = await openPage();
    electron.onlyWindow.isSmall = true;
    const files = ['/p/b.avatarartist', 'relative.avatarartist'];
    electron.app.events.emit('second-instance', {}, [], '/', { files });
    await turns(client);
    expect(requests).toEqual([{ kind: 'openFiles', paths: ['/p/b.avatarartist'] }]);
    expect(electron.onlyWindow.calls.slice(-3)).toEqual(['restore', 'show', 'focus']);
  });

  it.each([
    undefined,
    null,
    'x',
    { files: 'x' },
    { files: ['/etc/passwd'] },
    { files: Array.from({ length: 17 }, () => '/a.avatarartist') },
  ])('does not believe a further start that sends %o', async (message) => {
    await start();
    const { client, requests } = await openPage();
    electron.app.events.emit('second-instance', {}, [], '/', message);
    await turns(client);
    expect(requests).toEqual([]);
  });
});

describe('files to open', () => {
  it('come from the command line and wait for the page', async () => {
    await start({ argv: ['/opt/studio', join(folder, 'a.avatarartist')] });
    expect((await openPage()).requests).toEqual([
      { kind: 'openFiles', paths: [join(folder, 'a.avatarartist')] },
    ]);
  });

  it('come from the system before there is a window', async () => {
    const starting = start();
    const event = anEvent();
    electron.app.events.emit('open-file', event, '/p/c.avatarartist');
    expect(event.isPrevented).toBe(true);
    await starting;
    expect((await openPage()).requests).toEqual([{ kind: 'openFiles', paths: ['/p/c.avatarartist'] }]);
  });

  it('may lie outside the folders that the page may name', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    const path = join(outside, 'x.avatarartist');
    await writeFile(path, 'no project');
    await start();
    const { client } = await openPage();
    const refused = client.projects.open({ path: join(outside, 'other.avatarartist') });
    await expect(refused).rejects.toMatchObject({ code: 'files.outsideRoots' });
    electron.app.events.emit('open-file', anEvent(), path);
    await expect(client.projects.open({ path })).rejects.toMatchObject({ code: 'project.notAProject' });
    await rm(outside, { recursive: true });
  });
});

describe('quitting', () => {
  it('ends the host and lets go of the folder', async () => {
    await start();
    expect(await readdir(folder)).toContain('studio.lock');
    electron.app.quit();
    await expect.poll(() => electron.app.exitCode).toBe(0);
    expect(await readdir(folder)).not.toContain('studio.lock');
  });

  it('waits for the page, which may have unsaved work', async () => {
    await start();
    const { client, requests } = await openPage();
    electron.app.quit();
    await turns(client);
    expect(requests).toEqual([{ kind: 'close' }]);
    expect(electron.app.exitCode).toBeUndefined();
    electron.onlyWindow.close();
    await expect.poll(() => electron.app.exitCode).toBe(0);
  });

  it('keeps the program without a window on macOS, and opens one again', async () => {
    await start({ platform: 'darwin' });
    electron.onlyWindow.close();
    expect([electron.windows.length, electron.app.exitCode]).toEqual([0, undefined]);
    electron.app.events.emit('activate');
    expect(electron.windows).toHaveLength(1);
    await openPage();
  });
});
