import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '#common/contract/errors';
import { followJob } from '#common/contract/followJob';
import { CONTRACT_VERSION } from '#common/contract/hostApi';
import type { HostClient } from '#common/contract/hostClient';
import { createHostClient } from '#common/contract/hostClient';
import type { JobId } from '#common/contract/jobs';
import { createMemoryTransport } from '#common/contract/memoryTransport';
import type { Port } from '#common/contract/port';
import { createPortTransport, serveHost } from '#common/contract/portTransport';
import type { HostDoor, Transport } from '#common/contract/transport';
import type { Host } from '#host/createHost';
import { aHost, fakeTracker } from '#test/helpers/aHost';

function overMessagePort(port: MessagePort): Port {
  return {
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    onMessage(listener) {
      port.on('message', listener);
      return () => port.off('message', listener);
    },
    close: () => port.close(),
  };
}

const carriers: readonly [string, (door: HostDoor) => Transport][] = [
  ['memory', createMemoryTransport],
  [
    'message port',
    (door) => {
      const { port1, port2 } = new MessageChannel();
      serveHost(overMessagePort(port1), door);
      return createPortTransport(overMessagePort(port2));
    },
  ],
];

describe.each(carriers)('the contract over %s', (_, connect) => {
  let folder: string;
  let host: Host;
  let client: HostClient;
  let transport: Transport;

  const start = (options: Parameters<typeof aHost>[0] = {}): void => {
    host = aHost(options);
    transport = connect(host.door);
    client = createHostClient(transport);
  };

  const make = (changes: object = {}) =>
    client.avatars.make({ portrait: join(folder, 'p.png'), outDirectory: join(folder, 'out'), ...changes });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'contract-'));
    await sharp({ create: { width: 100, height: 100, channels: 3, background: '#a87' } })
      .png()
      .toFile(join(folder, 'p.png'));
    start();
  });

  afterEach(async () => {
    client.close();
    await host.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('shakes hands', async () => {
    expect(await client.host.handshake({ contractVersion: CONTRACT_VERSION })).toEqual({
      contractVersion: CONTRACT_VERSION,
      appVersion: '0.0.0-test',
      capabilities: {
        nativeDialogs: false,
        nativeMenu: false,
        revealInFolder: false,
        computeProvider: 'cpu',
      },
    });
    await expect(client.host.handshake({ contractVersion: 99 })).rejects.toMatchObject({
      code: 'contract.versionMismatch',
    });
  });

  it.each([
    ['avatars.make', {}, 'portrait'],
    ['avatars.make', { portrait: 'a', outDirectory: 'b', face: 0 }, 'face'],
    ['avatars.make', { portrait: 'a', outDirectory: 'b', name: 'a/b' }, 'name'],
    ['avatars.make', { portrait: 'a', outDirectory: 'b', surprise: 1 }, 'surprise'],
    ['avatars.export', { avatar: 'a', glb: 'g', size: 33 }, 'size'],
    ['avatars.export', { avatar: 'a' }, 'outputs'],
    ['avatars.export', { avatar: 'a', video: 'x.avi' }, 'video'],
    ['avatars.export', { avatar: 'a', glb: 'g', background: 'red' }, 'background'],
    ['avatars.export', { avatar: 'a', glb: 'g', set: [{ target: 'jawOpen', value: 2 }] }, 'set.0.value'],
    ['avatars.export', { avatar: 'a', glb: 'g', set: [{ target: 'jaw', value: 0 }] }, 'set.0.target'],
    ['jobs.status', 'no object', 'params'],
  ] as const)('%s names the bad field of %j', async (method, params, field) => {
    await expect(transport.invoke(method, params as never)).rejects.toMatchObject({
      name: 'AppError',
      code: 'contract.invalidParams',
      details: { method, field },
    });
  });

  it('knows no other method', async () => {
    const call = transport.invoke('constructor' as never, {} as never);
    await expect(call).rejects.toMatchObject({ code: 'contract.unknownMethod' });
  });

  it('makes an avatar as a job and inspects it', async () => {
    const stages: string[] = [];
    const result = await followJob(client, () => make({ name: 'Ada' }), {
      onProgress: ({ stage }) => stages.at(-1) === stage || stages.push(stage),
    });
    const names = [
      'decode',
      'track',
      'crop',
      'matte',
      'fit',
      'rig',
      'shell',
      'texture',
      'thumbnail',
      'write',
    ];
    expect(stages).toEqual(names);
    expect(result.stages.map((stage) => stage.name)).toEqual(names);
    expect(result).toMatchObject({ name: 'Ada', chosenFace: 1, matte: { coverage: 0.5, origin: 'tracked' } });
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['Ada.avatar', 'Ada.png']);
    const inspected = await client.avatars.inspect({ avatar: join(folder, 'out', 'Ada.avatar') });
    expect(inspected).toMatchObject({ name: 'Ada', formatVersion: 1, geometry: { morphs: 52 } });
  });

  it('exports what it has made', async () => {
    await followJob(client, () => make({ name: 'Ada' }));
    const still = join(folder, 'out', 'ada.still.png');
    const avatar = join(folder, 'out', 'Ada.avatar');
    const result = await followJob(client, () => client.avatars.export({ avatar, still, size: 64 }));
    expect(result).toMatchObject({ name: 'Ada', outputs: [{ kind: 'still', path: still }] });
    expect(await sharp(still).metadata()).toMatchObject({ width: 64, height: 64, hasAlpha: true });
  });

  it('lists the motions that ship', async () => {
    const { motions } = await client.motions.list({});
    expect(motions).toContainEqual({ name: 'idle', title: 'Idle', durationSeconds: 10, loop: true });
  });

  it('reports the end of a job by status too', async () => {
    const ended = new Promise<void>((resolve) => client.subscribe('jobs.didFinish', () => resolve()));
    const { jobId } = await make();
    await ended;
    expect(await client.jobs.status({ jobId })).toMatchObject({ state: 'succeeded', kind: 'makeAvatar' });
    expect(await client.jobs.cancel({ jobId })).toEqual({ cancelling: false });
  });

  it('carries the error of a job with its code, details and cause', async () => {
    await writeFile(join(folder, 'p.png'), 'no picture');
    const error = (await followJob(client, () => make()).catch((thrown: unknown) => thrown)) as AppError;
    expect(error).toMatchObject({ name: 'AppError', code: 'input.notAnImage', family: 'input' });
    expect((error.cause as Error).message).toContain('unsupported image format');
    expect(await readdir(folder)).toEqual(['p.png']);
  });

  it('turns a fault into an internal error and leaves nothing behind', async () => {
    const tracker = { ...fakeTracker(), observe: () => Promise.reject(new TypeError('x is not a function')) };
    start({ openTracker: () => tracker });
    const error = await followJob(client, () => make()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'internal.invariant', cause: { name: 'TypeError' } });
    expect(await readdir(folder)).toEqual(['p.png']);
  });

  it.each([
    [0, {}, 'input.noFaceFound'],
    [2, { face: 3 }, 'input.noSuchFace'],
    [0, { landmarks: { leftEye: [60, 40], rightEye: [40, 40], noseTip: [50, 500], mouthLeft: [60, 70], mouthRight: [40, 70] } }, 'input.badLandmarks'],
  ])('with %i faces and %j it gives %s', async (faces, changes, code) => {
    start({ openTracker: () => fakeTracker(faces) });
    await expect(followJob(client, () => make(changes))).rejects.toMatchObject({ code });
    expect(await readdir(folder)).toEqual(['p.png']);
  }); // prettier-ignore

  it('takes landmarks placed by hand', async () => {
    start({ openTracker: () => fakeTracker(0) });
    const points = { leftEye: [60, 40], rightEye: [40, 40], noseTip: [50, 50], mouthLeft: [60, 70], mouthRight: [40, 70] }; // prettier-ignore
    expect(await followJob(client, () => make({ landmarks: points }))).toMatchObject({ chosenFace: 0 });
  });

  it.each(['decode', 'track', 'crop', 'matte', 'fit', 'rig', 'shell', 'texture', 'thumbnail', 'write'])(
    'cancels in the stage %s and leaves nothing behind',
    async (wanted) => {
      let id: JobId | undefined;
      const cancelled = followJob(client, () => make(), {
        onStarted: (jobId) => (id = jobId),
        onProgress: ({ stage }) => {
          if (stage === wanted) void client.jobs.cancel({ jobId: id! });
        },
      });
      await expect(cancelled).rejects.toMatchObject({ code: 'job.cancelled' });
      expect(await readdir(folder)).toEqual(['p.png']);
      expect(await client.jobs.status({ jobId: id! })).toMatchObject({ state: 'cancelled' });
    },
  );

  it('refuses to speak of jobs it does not know', async () => {
    const jobId = 'job-77' as JobId;
    await expect(client.jobs.cancel({ jobId })).rejects.toMatchObject({ code: 'job.notFound' });
  });

  it('rejects calls after it was closed', async () => {
    client.close();
    const call = client.host.handshake({ contractVersion: CONTRACT_VERSION });
    await expect(call).rejects.toMatchObject({ code: 'engine.crashed' });
  });
});
