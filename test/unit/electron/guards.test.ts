import { describe, expect, it } from 'vitest';
import type { MenuItemConstructorOptions } from 'electron';
import { filesInArguments } from '#electron/filesToOpen';
import { menuTemplate } from '#electron/menu';
import { createNativeDialogs } from '#electron/nativeDialogs';
import { guardNavigation } from '#electron/navigationGuard';
import { createProtocolHandler, isPageUrl } from '#electron/protocol';
import { unpackedUrl } from '#electron/unpackedUrl';
import type { FakeContents } from '#test/helpers/fakeElectron';
import { anEvent, FakeElectron, FakeWindow } from '#test/helpers/fakeElectron';
import { windowOptions } from '#electron/windowOptions';

function aWindow(): FakeWindow {
  return new FakeWindow(new FakeElectron(), windowOptions('/p.cjs', undefined));
}

describe('guardNavigation', () => {
  const opened: string[] = [];
  const contents: FakeContents = aWindow().webContents;
  guardNavigation(contents, (url) => opened.push(url));

  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('%s goes nowhere else', (name) => {
    const outcomes = [
      'studio://app/',
      'studio://evil/',
      'https://a.example/',
      'file:///etc/passwd',
      'javascript:1',
      '',
    ].map((url) => {
      const event = anEvent({ url });
      contents.events.emit(name, event);
      return event.isPrevented;
    });
    expect(outcomes).toEqual([false, true, true, true, true, true]);
  });

  it('attaches no webview', () => {
    const event = anEvent();
    contents.events.emit('will-attach-webview', event);
    expect(event.isPrevented).toBe(true);
  });

  it('opens no window, and hands only https to the browser', () => {
    const urls = [
      'https://docs.example/',
      'http://a.example/',
      'file:///x',
      'smb://x',
      'https://user:pw@a.example/',
      'x',
    ];
    for (const url of urls) expect(contents.openWindow({ url })).toEqual({ action: 'deny' });
    expect(opened).toEqual(['https://docs.example/']);
  });
});

describe('the scheme', () => {
  const seen: string[] = [];
  const handler = createProtocolHandler((request) => {
    seen.push(request.url);
    return Promise.resolve(new Response('ok'));
  });

  it('serves its one host to its own page', async () => {
    const own = new Request('studio://app/avatars/a/atlas.png', { headers: { origin: 'studio://app' } });
    expect((await handler(own)).status).toBe(200);
    expect((await handler(new Request('studio://other/'))).status).toBe(404);
    const foreign = new Request('studio://app/', { headers: { origin: 'https://evil.example' } });
    expect((await handler(foreign)).status).toBe(403);
    expect(seen).toEqual(['studio://app/avatars/a/atlas.png']);
  });

  it.each([
    ['studio://app/', true],
    ['studio://app/index.html#x', true],
    ['studio://APP.evil/', false],
    ['studio://user@app/', false],
    ['studio:app', false],
    ['http://app/', false],
    ['', false],
  ])('%s is the page: %s', (url, expected) => {
    expect(isPageUrl(url)).toBe(expected);
  });
});

describe('menuTemplate', () => {
  const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);

  it('runs the commands of the page by their ids, and shows their keys without taking them', () => {
    const ran: string[] = [];
    const items = flat(menuTemplate('linux', (id) => ran.push(id), false));
    const commands = items.filter(({ id }) => id !== undefined);
    for (const item of commands) (item.click as () => void)();
    expect(ran).toEqual(commands.map(({ id }) => id));
    expect(ran).toEqual(
      expect.arrayContaining(['avatar.make', 'project.save', 'edit.undo', 'export.glb', 'playback.toggle']),
    );
    expect(commands.filter(({ accelerator, registerAccelerator }) => accelerator !== undefined && registerAccelerator !== false)).toEqual([]); // prettier-ignore
  });

  it('keeps developer tools to developers', () => {
    const roles = (isDeveloper: boolean) =>
      flat(menuTemplate('win32', () => undefined, isDeveloper)).map(({ role }) => role);
    expect(roles(false)).not.toContain('toggleDevTools');
    expect(roles(true)).toContain('toggleDevTools');
  });

  it('has what macOS expects, and only there', () => {
    const roles = (platform: NodeJS.Platform) =>
      flat(menuTemplate(platform, () => undefined, false)).map(({ role }) => role);
    expect(roles('darwin')).toEqual(expect.arrayContaining(['appMenu', 'recentDocuments', 'close']));
    expect(roles('linux')).not.toContain('appMenu');
    expect(roles('linux')).toContain('quit');
  });
});

describe('createNativeDialogs', () => {
  const electron = new FakeElectron();
  const dialogs = createNativeDialogs(electron.api.dialog, () => aWindow());
  const filters = [{ name: 'Video', endings: ['webm', 'mp4'] }];

  it('maps what the contract asks and what the user chose', async () => {
    electron.dialog.answer = '/p/a.webm';
    expect(await dialogs.openFile({ title: 'Open', filters, directory: '/p' })).toEqual({
      path: '/p/a.webm',
    });
    expect(await dialogs.saveFile({ title: 'Save', filters, suggestedPath: '/p/b.mp4' })).toEqual({
      path: '/p/a.webm',
    });
    expect(electron.dialog.shown.map(({ options }) => options)).toEqual([
      {
        title: 'Open',
        defaultPath: '/p',
        filters: [{ name: 'Video', extensions: ['webm', 'mp4'] }],
        properties: ['openFile'],
      },
      { title: 'Save', defaultPath: '/p/b.mp4', filters: [{ name: 'Video', extensions: ['webm', 'mp4'] }] },
    ]);
  });

  it('gives no path where the user cancelled or no window is left', async () => {
    electron.dialog.answer = undefined;
    expect(await dialogs.openFile({ title: 'Open', filters })).toEqual({});
    expect(await dialogs.saveFile({ title: 'Save', filters })).toEqual({});
    const without = createNativeDialogs(electron.api.dialog, () => undefined);
    expect(await without.openFile({ title: 'Open', filters })).toEqual({});
  });
});

it('finds the files to open among the words of a command line', () => {
  const argv = [
    '/opt/a.avatarartist',
    '--open=x.avatarartist',
    '.',
    'a.AvatarArtist',
    '/p/b.avatarartist',
    'c.png',
    'notes.txt',
    '/p/d.avatar',
  ];
  expect(filesInArguments(argv, '/home/ann')).toEqual([
    '/home/ann/a.AvatarArtist',
    '/p/b.avatarartist',
    '/home/ann/c.png',
    '/p/d.avatar',
  ]);
});

it('reads beside the archive what cannot be read out of it', () => {
  expect(unpackedUrl('file:///opt/s/resources/app.asar/dist/')).toBe(
    'file:///opt/s/resources/app.asar.unpacked/dist/',
  );
  expect(unpackedUrl('file:///home/ann/studio/dist/')).toBe('file:///home/ann/studio/dist/');
});
