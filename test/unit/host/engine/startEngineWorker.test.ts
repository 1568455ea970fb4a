import type { EngineProcess } from '#common/contract/engineProcess';
import { AppError } from '#common/contract/errors';
import type { Port } from '#common/contract/port';
import type { FaceObservation, FaceTracker } from '#common/tracking/faceObservation';
import { RemoteFaceTracker } from '#common/tracking/RemoteFaceTracker';
import { serveFaceTracker } from '#engine/tracking/serveFaceTracker';
import { startEngineWorker } from '#host/engine/startEngineWorker';
import { drawFaces } from '#test/helpers/drawFaces';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';

const observation = (x: number): FaceObservation => ({
  imageWidth: 8,
  imageHeight: 8,
  landmarks: Float32Array.of(x, 2, 3),
  confidence: 1,
  box: { x, y: 0, width: 1, height: 1 },
  headRotation: new Float32Array(9),
  origin: 'tracked',
});

const fakeTracker: FaceTracker = {
  observe: (image) => Promise.resolve([observation(image.data[0])]),
  observeManual: () =>
    Promise.reject(new AppError('input.badLandmarks', 'Mirrored.', { details: { point: 'leftEye' } })),
  matte: (image) =>
    Promise.resolve({
      width: image.width,
      height: image.height,
      data: new Float32Array(image.width * image.height).fill(0.5),
    }),
  startVideo: () => {
    let count = 0;
    return { next: () => Promise.resolve(observation(++count)) };
  },
};

function portOf(end: MessagePort): Port {
  return {
    post: (message, transfer = []) => end.postMessage(message, [...transfer]),
    onMessage(listener) {
      end.on('message', listener);
      return () => end.off('message', listener);
    },
    close: () => end.close(),
  };
}

/** An engine in this thread behind a real message channel; `crash` makes it exit. */
function fakeEngine(tracker: FaceTracker): EngineProcess & { crash(reason: string): void } {
  const { port1, port2 } = new MessageChannel();
  serveFaceTracker(portOf(port2), tracker);
  const listeners: ((reason: string) => void)[] = [];
  const end = (reason: string): void => {
    port1.close();
    for (const listener of listeners.splice(0)) listener(reason);
  };
  return {
    port: portOf(port1),
    onExit: (listener) => void listeners.push(listener),
    terminate: () => Promise.resolve(end('stopped')),
    crash: end,
  };
}

const image = { width: 2, height: 2, data: new Uint8Array(16).fill(9) };

describe('RemoteFaceTracker', () => {
  it('carries calls and results over a port and leaves the picture to the caller', async () => {
    const remote = new RemoteFaceTracker(() => fakeEngine(fakeTracker));
    const [face] = await remote.observe(image);
    expect(face).toEqual(observation(9));
    expect(image.data).toHaveLength(16);
    expect((await remote.matte(image)).data).toEqual(new Float32Array(4).fill(0.5));
    await remote.dispose();
  });

  it('keeps videos apart', async () => {
    const remote = new RemoteFaceTracker(() => fakeEngine(fakeTracker));
    const [one, two] = [remote.startVideo(), remote.startVideo()];
    await one.next(image, 0);
    const seen = [await one.next(image, 1), await two.next(image, 1)];
    expect(seen.map((face) => face?.box.x)).toEqual([2, 1]);
    await remote.dispose();
  });

  it('rejects with the engine error, code and details intact', async () => {
    const remote = new RemoteFaceTracker(() => fakeEngine(fakeTracker));
    const points = {
      leftEye: [0, 0],
      rightEye: [0, 0],
      noseTip: [0, 0],
      mouthLeft: [0, 0],
      mouthRight: [0, 0],
    } as const;
    const error: unknown = await remote.observeManual(image, points).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'input.badLandmarks', details: { point: 'leftEye' } });
    await remote.dispose();
  });

  it('fails open calls when the engine dies and starts a new one for the next', async () => {
    const engines: ReturnType<typeof fakeEngine>[] = [];
    const stuck: FaceTracker = { ...fakeTracker, matte: () => new Promise(() => {}) };
    const remote = new RemoteFaceTracker(() => {
      const engine = fakeEngine(stuck);
      engines.push(engine);
      return engine;
    });
    const open = remote.matte(image);
    engines[0].crash('it ran out of memory');
    await expect(open).rejects.toMatchObject({
      code: 'engine.crashed',
      message: expect.stringMatching(/out of memory/) as string,
    });
    expect(await remote.observe(image)).toHaveLength(1);
    expect(engines).toHaveLength(2);
    await remote.dispose();
    await expect(remote.observe(image)).rejects.toMatchObject({ code: 'engine.crashed' });
  });
});

describe('startEngineWorker', () => {
  const workerUrl = new URL('../../../../dist/engineMain.worker.js', import.meta.url);

  it('tracks a face in its own thread while this one stays free', async () => {
    const remote = new RemoteFaceTracker(() => startEngineWorker(workerUrl));
    const faces = await remote.observe(
      drawFaces({ width: 320, height: 320 }, [{ x: 160, y: 150, radius: 60 }]),
    );
    expect(faces).toHaveLength(1);
    expect(faces[0].landmarks).toHaveLength(478 * 3);
    await remote.dispose();
  });

  it('reports a worker that cannot start', async () => {
    const remote = new RemoteFaceTracker(() => startEngineWorker(new URL('./missing.js', workerUrl)));
    await expect(remote.observe(image)).rejects.toMatchObject({ code: 'engine.crashed' });
    await remote.dispose();
  });
});
