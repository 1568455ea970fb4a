import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AvatarId } from '#common/contract/api/libraryApi';
import { DEFAULT_SETTINGS } from '#common/contract/api/settingsApi';
import { followJob } from '#common/contract/followJob';
import { CONTRACT_VERSION } from '#common/contract/hostApi';
import type { HostClient } from '#common/contract/hostClient';
import { createHostClient } from '#common/contract/hostClient';
import type { Transport } from '#common/contract/transport';
import type { Host, HostOptions } from '#host/createHost';
import type { Carrier } from '#test/contract/carriers';
import { CARRIERS } from '#test/contract/carriers';
import { aHost, fakeTracker } from '#test/helpers/aHost';
import { anAvatarFile } from '#test/helpers/anAvatarFile';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const ORIGIN = 'http://127.0.0.1:1';
const folder = temporaryFolder();

describe.each(CARRIERS)('services over %s', (_, connect) => {
  let host: Host;
  let carrier: Carrier;
  let transport: Transport;
  let client: HostClient;

  const home = (...names: string[]): string => join(folder.path, 'home', ...names);

  const start = async (options: Partial<HostOptions> = {}): Promise<void> => {
    host = aHost({
      dataDirectory: join(folder.path, 'data'),
      samplesDirectory: join(folder.path, 'samples'),
      userFolders: { home: home(), workingDirectory: home() },
      confinesPaths: true,
      ...options,
    });
    carrier = await connect(host.door);
    transport = carrier.transport;
    client = createHostClient(transport);
  };

  const stop = async (): Promise<void> => {
    await carrier.close();
    await host.dispose();
  };

  const restart = async (options: Partial<HostOptions>): Promise<void> => {
    await stop();
    await start(options);
  };

  const upload = async (bytes: Uint8Array, name: string): Promise<string> => {
    const headers = { 'x-file-name': encodeURIComponent(name) };
    const request = new Request(`${ORIGIN}/uploads`, {
      method: 'POST',
      headers,
      body: Uint8Array.from(bytes),
    });
    return ((await (await host.handleRequest(request)).json()) as { uploadId: string }).uploadId;
  };

  const fetchOk = async (url: string): Promise<Uint8Array> => {
    const response = await host.handleRequest(new Request(`${ORIGIN}${url}`));
    expect(response.status).toBe(200);
    return new Uint8Array(await response.arrayBuffer());
  };

  beforeEach(async () => {
    await mkdir(home('Pictures'), { recursive: true });
    await sharp({ create: { width: 2000, height: 1000, channels: 3, background: '#a87' } })
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toFile(home('p.jpg'));
    await writeFile(join(folder.path, 'outside.avatar'), await anAvatarFile('Outside'));
    await start();
  });

  afterEach(stop);

  it('makes an avatar of an upload for the library', async () => {
    const changed = new Promise<void>((resolve) => client.subscribe('library.didChange', () => resolve()));
    const uploadId = await upload(await readFile(home('p.jpg')), 'My face.jpg');
    const result = await followJob(client, () => client.avatars.make({ portrait: { uploadId } }));
    await changed;
    const { avatars } = await client.library.list({});
    expect(avatars).toMatchObject([{ avatarId: result.avatarId, name: 'My face' }]);
    expect(result.outputs.map(({ kind }) => kind)).toEqual(['avatar']);
    expect(await sharp(await fetchOk(`${avatars[0].url}thumbnail.png`)).metadata()).toMatchObject({
      format: 'png',
    });
  });

  it('leaves nothing in the library of a job that failed or was cancelled', async () => {
    await client.library.list({});
    await writeFile(home('bad.png'), 'no picture');
    const failed = followJob(client, () => client.avatars.make({ portrait: home('bad.png') }));
    await expect(failed).rejects.toMatchObject({ code: 'input.notAnImage' });
    const cancelled = followJob(client, () => client.avatars.make({ portrait: { path: home('p.jpg') } }), {
      onStarted: (jobId) => void client.jobs.cancel({ jobId }),
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(await readdir(join(folder.path, 'data', 'avatars'))).toEqual([]);
  });

  it('inspects a portrait: upright size, faces in its pixels, a preview to look at', async () => {
    await restart({ openTracker: () => fakeTracker(2) });
    const uploadId = await upload(await readFile(home('p.jpg')), 'p.jpg');
    const facts = await client.portraits.inspect({ portrait: { uploadId } });
    expect(facts).toMatchObject({ name: 'p.jpg', format: 'jpeg', width: 1000, height: 2000 });
    expect(facts.faces.map(({ index }) => index)).toEqual([1, 2]);
    expect(facts.previewUrl).toBe(`/uploads/${uploadId}/preview`);
    expect(await sharp(await fetchOk(facts.previewUrl)).metadata()).toMatchObject({
      format: 'webp',
      width: 800,
      height: 1600,
    });
  });

  it('previews a picture of this machine without an upload', async () => {
    await restart({ openTracker: () => fakeTracker(0) });
    const { faces, previewUrl } = await client.portraits.inspect({ portrait: { path: home('p.jpg') } });
    expect(faces).toEqual([]);
    expect((await fetchOk(previewUrl)).length).toBeGreaterThan(100);
  });

  it('inspects no upload it does not have', async () => {
    const portrait = { uploadId: 'gone' };
    await expect(client.portraits.inspect({ portrait })).rejects.toMatchObject({ code: 'upload.notFound' });
    await expect(client.avatars.make({ portrait })).rejects.toMatchObject({ code: 'upload.notFound' });
  });

  it('has sample portraits that a confined page may use', async () => {
    const { samples } = await client.portraits.samples({});
    expect(samples).toContainEqual(expect.objectContaining({ name: 'ada', previewUrl: '/samples/ada.png' }));
    for (const { path, previewUrl } of samples) {
      expect(await sharp(await fetchOk(previewUrl)).metadata()).toMatchObject({ format: 'png' });
      expect(await client.portraits.inspect({ portrait: { path } })).toMatchObject({ format: 'png' });
    }
  });

  it('keeps the library: import, rename, duplicate, trash, restore, inspect', async () => {
    const uploadId = await upload(await anAvatarFile('Ada'), 'ada.avatar');
    const { avatar } = await client.library.import({ file: { uploadId } });
    const { avatarId } = avatar;
    expect((await client.library.rename({ avatarId, name: 'Countess' })).avatar).toMatchObject({
      name: 'Countess',
    });
    const copy = (await client.library.duplicate({ avatarId })).avatar;
    expect(copy).toMatchObject({ name: 'Countess copy' });
    await client.library.trash({ avatarId });
    expect((await client.library.list({})).avatars).toMatchObject([{ avatarId: copy.avatarId }]);
    expect((await client.library.restore({ avatarId })).avatar).toMatchObject({ avatarId, name: 'Countess' });
    expect(await client.library.inspect({ avatarId })).toMatchObject({ name: 'Countess', formatVersion: 1 });
    const none = { avatarId: 'none' as AvatarId };
    await expect(client.library.inspect(none)).rejects.toMatchObject({ code: 'library.noSuchAvatar' });
  });

  it('remembers settings over a restart', async () => {
    expect(await client.settings.get({})).toEqual({ settings: DEFAULT_SETTINGS });
    await client.settings.update({ changes: { linkLeftRight: false } });
    await restart({});
    expect(await client.settings.get({})).toEqual({
      settings: { ...DEFAULT_SETTINGS, linkLeftRight: false },
    });
  });

  it('lists granted folders and makes new ones', async () => {
    const { roots } = await client.files.roots({});
    expect(roots).toContainEqual({ name: 'Home', path: home() });
    const { path } = await client.files.createFolder({ parent: home('Pictures'), name: 'New' });
    expect((await client.files.list({ path: home('Pictures') })).entries).toMatchObject([
      { name: 'New', path },
    ]);
    const again = client.files.createFolder({ parent: home('Pictures'), name: 'New' });
    await expect(again).rejects.toMatchObject({ code: 'disk.notWritable' });
    for (const name of ['..', '.', '.hidden', 'dot.']) {
      const refused = client.files.createFolder({ parent: home(), name });
      await expect(refused).rejects.toMatchObject({ code: 'input.badOption' });
    }
  });

  it('refuses every path outside the granted folders', async () => {
    const outside = join(folder.path, 'outside.avatar');
    const inside = home('p.jpg');
    await symlink(folder.path, home('way-out'));
    const linked = home('way-out', 'outside.avatar');
    const calls: [string, () => Promise<unknown>][] = [outside, linked].flatMap((path) => [
      ['make', () => client.avatars.make({ portrait: path })],
      ['make by reference', () => client.avatars.make({ portrait: { path } })],
      ['make into', () => client.avatars.make({ portrait: inside, outDirectory: path })],
      ['inspect', () => client.avatars.inspect({ avatar: path })],
      ['export', () => client.avatars.export({ avatar: path, glb: home('a.glb') })],
      ['glb', () => client.avatars.export({ avatar: inside, glb: path })],
      ['video', () => client.avatars.export({ avatar: inside, video: `${path}.mp4` })],
      ['frames', () => client.avatars.export({ avatar: inside, frames: path })],
      ['still', () => client.avatars.export({ avatar: inside, still: `${path}.png` })],
      ['motion', () => client.avatars.export({ avatar: inside, glb: inside, motion: { file: path } })],
      ['import', () => client.library.import({ file: { path } })],
      ['inspect portrait', () => client.portraits.inspect({ portrait: { path } })],
      ['open', () => client.projects.open({ path })],
      ['save', () => client.projects.save({ projectId: 'p' as never, path })],
      ['list', () => client.files.list({ path })],
      ['create', () => client.files.createFolder({ parent: path, name: 'a' })],
    ]);
    for (const [name, call] of calls) {
      const code = await call().then(() => 'allowed', (error: { code: string }) => error.code); // prettier-ignore
      expect([name, code]).toEqual([name, 'files.outsideRoots']);
    }
    expect((await readdir(folder.path)).sort()).toEqual(['home', 'outside.avatar']);
  });

  it('lets a path through that the desktop has opened', async () => {
    const avatar = join(folder.path, 'outside.avatar');
    host.grantPath(avatar);
    expect(await client.avatars.inspect({ avatar })).toMatchObject({ name: 'Outside' });
  });

  it('does not bind the command line to any folder', async () => {
    await restart({ confinesPaths: false });
    const avatar = join(folder.path, 'outside.avatar');
    expect(await client.avatars.inspect({ avatar })).toMatchObject({ name: 'Outside' });
  });

  it('has no dialogs and no file manager unless the shell brings them', async () => {
    const filters = [{ name: 'Pictures', endings: ['png'] }];
    for (const call of [
      client.dialogs.openFile({ title: 'Open', filters }),
      client.dialogs.saveFile({ title: 'Save', filters }),
      client.files.reveal({ path: home('p.jpg') }),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'capability.missing' });
    }
  });

  it('uses what the shell brings, says so, and grants what was chosen', async () => {
    const chosen = join(folder.path, 'outside.avatar');
    const revealed: string[] = [];
    await restart({
      nativeDialogs: {
        openFile: () => Promise.resolve({ path: chosen }),
        saveFile: () => Promise.resolve({}),
      },
      reveal: (path) => void revealed.push(path),
    });
    const { capabilities } = await client.host.handshake({ contractVersion: CONTRACT_VERSION });
    expect(capabilities).toMatchObject({ nativeDialogs: true, revealInFolder: true, nativeMenu: false });
    await expect(client.avatars.inspect({ avatar: chosen })).rejects.toMatchObject({
      code: 'files.outsideRoots',
    });
    expect(await client.dialogs.openFile({ title: 'Open', filters: [] })).toEqual({ path: chosen });
    expect(await client.avatars.inspect({ avatar: chosen })).toMatchObject({ name: 'Outside' });
    expect(await client.dialogs.saveFile({ title: 'Save', filters: [] })).toEqual({});
    await client.files.reveal({ path: home('p.jpg') });
    expect(revealed).toEqual([home('p.jpg')]);
    const elsewhere = client.files.reveal({ path: folder.path });
    await expect(elsewhere).rejects.toMatchObject({ code: 'files.outsideRoots' });
  });

  it.each([
    ['library.rename', { avatarId: '../x', name: 'a' }, 'avatarId'],
    ['library.rename', { avatarId: 'a', name: 'a/b' }, 'name'],
    ['library.import', { file: { uploadId: '../x' } }, 'file'],
    ['portraits.inspect', { portrait: {} }, 'portrait'],
    ['files.list', {}, 'path'],
    ['files.createFolder', { parent: '/a', name: 'a/b' }, 'name'],
    ['dialogs.openFile', { title: 'a', filters: [{ name: 'a', endings: ['*.*'] }] }, 'filters.0.endings.0'],
    ['settings.update', { changes: [] }, 'changes'],
  ] as const)('%s names the bad field of %j', async (method, params, field) => {
    await expect(transport.invoke(method, params as never)).rejects.toMatchObject({
      code: 'contract.invalidParams',
      details: { method, field: expect.stringContaining(field) as string },
    });
  });

  it('touches no data before something needs it', async () => {
    await client.motions.list({});
    await client.portraits.samples({});
    await client.settings.get({});
    expect(await readdir(folder.path)).not.toContain('data');
  });
});
