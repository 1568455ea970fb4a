import { beforeEach, describe, expect, it } from 'vitest';
import type { ShellRequest } from '#common/contract/events';
import type { HostClient } from '#common/contract/hostClient';
import type { HostDoor } from '#common/contract/transport';
import type { StudioWindow } from '#electron/studioWindow';
import { openStudioWindow } from '#electron/studioWindow';
import { silentLog } from '#host/log';
import { anEvent, FakeElectron } from '#test/helpers/fakeElectron';

let electron: FakeElectron;
let studio: StudioWindow;
let closed: number;
let subscriptions: number;
let time: number;

const door: HostDoor = {
  dispatch: (method, params) => Promise.resolve(method === 'projects.open' ? params : { method }),
  subscribe() {
    subscriptions++;
    return () => subscriptions--;
  },
};

beforeEach(() => {
  electron = new FakeElectron();
  closed = 0;
  subscriptions = 0;
  time = 1000;
  studio = openStudioWindow({
    api: electron.api,
    door,
    preloadPath: '/preload.cjs',
    iconPath: undefined,
    log: silentLog,
    onClosed: () => closed++,
    now: () => time,
  });
});

const contents = () => electron.onlyWindow.webContents;

async function openPage(): Promise<{ client: HostClient; requests: ShellRequest[] }> {
  const client = contents().openPage();
  const requests: ShellRequest[] = [];
  client.subscribe('shell.didRequest', (request) => requests.push(request));
  await settled(client);
  return { client, requests };
}

const settled = (client: HostClient): Promise<unknown> => client.motions.list({});

describe('closing', () => {
  it('is at once while no page listens', () => {
    studio.close();
    expect(closed).toBe(1);
  });

  it('asks the page first, and goes when the page goes', async () => {
    const { client, requests } = await openPage();
    studio.close();
    await settled(client);
    expect([requests, closed]).toEqual([[{ kind: 'close' }], 0]);
    studio.close();
    expect(closed).toBe(1);
  });

  it('asks again once the user has stayed and worked on', async () => {
    const { client, requests } = await openPage();
    studio.close();
    await settled(client);
    time += 10_000;
    studio.close();
    await settled(client);
    expect([requests.length, closed]).toEqual([2, 0]);
  });

  it('goes as soon as the page has closed its project, however long that took', async () => {
    const { client } = await openPage();
    studio.close();
    await client.projects.close({ projectId: 'a' as never });
    time += 60_000;
    studio.close();
    expect(closed).toBe(1);
  });

  it('holds on while edits are being written, unless the user insists', () => {
    const event = anEvent();
    contents().events.emit('will-prevent-unload', event);
    expect(event.isPrevented).toBe(false);
    electron.dialog.button = 1;
    contents().events.emit('will-prevent-unload', event);
    expect(event.isPrevented).toBe(true);
  });

  it('leaves nothing listening', async () => {
    const { client } = await openPage();
    client.subscribe('jobs.didFinish', () => undefined);
    await settled(client);
    expect(subscriptions).toBe(1);
    electron.onlyWindow.destroy();
    expect([subscriptions, electron.main.listenerCount('avatarartist.bridge')]).toEqual([0, 0]);
  });
});

describe('a page that ends', () => {
  it('is loaded again when the user wants it, with its requests kept', async () => {
    await openPage();
    contents().events.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    await expect.poll(() => contents().reloads).toBe(1);
    studio.request({ kind: 'command', commandId: 'project.save' });
    expect((await openPage()).requests).toEqual([{ kind: 'command', commandId: 'project.save' }]);
  });

  it('closes the window when the user does not', async () => {
    await openPage();
    electron.dialog.button = 1;
    contents().events.emit('render-process-gone', {}, { reason: 'oom', exitCode: 5 });
    await expect.poll(() => closed).toBe(1);
  });

  it('says nothing about an end in order', () => {
    contents().events.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    expect(electron.dialog.shown).toEqual([]);
  });

  it('can be left while it hangs, and is not while it only was busy', async () => {
    electron.dialog.button = 1;
    electron.onlyWindow.events.emit('unresponsive');
    electron.onlyWindow.events.emit('responsive');
    await new Promise(setImmediate);
    expect(closed).toBe(0);
    electron.onlyWindow.events.emit('unresponsive');
    await expect.poll(() => closed).toBe(1);
  });
});

describe('the way to the host', () => {
  it('is new with every page: nothing of the last one is answered to it', async () => {
    const { client } = await openPage();
    client.subscribe('jobs.didFinish', () => undefined);
    await settled(client);
    await contents().navigate(true);
    expect(subscriptions).toBe(1);
    await contents().navigate();
    expect(subscriptions).toBe(0);
    await openPage();
  });

  it.each([
    { sender: { id: 99 }, senderFrame: { url: 'studio://app/', parent: null } },
    { sender: { id: 1 }, senderFrame: null },
    { sender: { id: 1 }, senderFrame: { url: 'studio://app/', parent: {} } },
    { sender: { id: 1 }, senderFrame: { url: 'https://evil.example/', parent: null } },
    { sender: { id: 1 }, senderFrame: { url: 'studio://other/', parent: null } },
    { sender: { id: 1 }, senderFrame: { url: 'about:blank', parent: null } },
  ])('is closed to %j', async (sender) => {
    const { client, requests } = await openPage();
    contents().ipc.sender = sender;
    let isAnswered = false;
    void client.motions.list({}).then(() => (isAnswered = true));
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    expect([isAnswered, requests]).toEqual([false, []]);
  });

  it('remembers projects in the list of recent documents', async () => {
    const { client } = await openPage();
    await client.projects.open({ path: '/p/a.avatarartist' });
    expect(electron.app.recent).toEqual(['/p/a.avatarartist']);
  });
});
