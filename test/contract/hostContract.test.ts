import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '#common/contract/errors';
import { followJob } from '#common/contract/followJob';
import { CONTRACT_VERSION } from '#common/contract/hostApi';
import type { HostClient } from '#common/contract/hostClient';
import { createHostClient } from '#common/contract/hostClient';
import type { JobId } from '#common/contract/jobs';
import type { Transport } from '#common/contract/transport';
import type { Host } from '#host/createHost';
import type { Carrier } from '#test/contract/carriers';
import { CARRIERS } from '#test/contract/carriers';
import { aHost, fakeTracker } from '#test/helpers/aHost';

describe.each(CARRIERS)('the contract over %s', (_, connect) => {
  let folder: string;
  let host: Host;
  let client: HostClient;
  let carrier: Carrier;
  let transport: Transport;

  const start = async (options: Parameters<typeof aHost>[0] = {}): Promise<void> => {
    host = aHost(options);
    carrier = await connect(host.door);
    transport = carrier.transport;
    client = createHostClient(transport);
  };

  /** The host of `beforeEach` again, with other parts. */
  const restart = async (options: Parameters<typeof aHost>[0]): Promise<void> => {
    await stop();
    await start(options);
  };

  const stop = async (): Promise<void> => {
    await carrier.close();
    await host.dispose();
  };

  const make = (changes: object = {}) =>
    client.avatars.make({ portrait: join(folder, 'p.png'), outDirectory: join(folder, 'out'), ...changes });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'contract-'));
    await sharp({ create: { width: 100, height: 100, channels: 3, background: '#a87' } })
      .png()
      .toFile(join(folder, 'p.png'));
    await start();
  });

  afterEach(async () => {
    await stop();
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
    await restart({ openTracker: () => tracker });
    const error = await followJob(client, () => make()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'internal.invariant', cause: { name: 'TypeError' } });
    expect(await readdir(folder)).toEqual(['p.png']);
  });

  it.each([
    [0, {}, 'input.noFaceFound'],
    [2, { face: 3 }, 'input.noSuchFace'],
    [0, { landmarks: { leftEye: [60, 40], rightEye: [40, 40], noseTip: [50, 500], mouthLeft: [60, 70], mouthRight: [40, 70] } }, 'input.badLandmarks'],
  ])('with %i faces and %j it gives %s', async (faces, changes, code) => {
    await restart({ openTracker: () => fakeTracker(faces) });
    await expect(followJob(client, () => make(changes))).rejects.toMatchObject({ code });
    expect(await readdir(folder)).toEqual(['p.png']);
  }); // prettier-ignore

  it('takes landmarks placed by hand', async () => {
    await restart({ openTracker: () => fakeTracker(0) });
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
    await expect(call).rejects.toMatchObject({ code: 'connection.lost' });
  });
});
