import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { throwIfCancelled } from '#common/contract/errors';
import { createFloatImage, createRgbaImage } from '#common/image/rasterImage';
import type { FaceObservation } from '#common/tracking/faceObservation';
import type { Reconstructor } from '#host/avatars/reconstructor';
import type { Host, HostOptions, OwnedFaceTracker } from '#host/createHost';
import { createHost } from '#host/createHost';
import { startEngineProcess } from '#host/engine/startEngineProcess';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

/** A tracker that sees what it is told to see. */
export function fakeTracker(faces = 1): OwnedFaceTracker {
  const observation: FaceObservation = tinyAvatar().source.observation;
  return {
    observe: () => Promise.resolve(Array.from({ length: faces }, () => observation)),
    observeManual: () => Promise.resolve({ ...observation, origin: 'manual' }),
    matte: ({ width, height }) => {
      const matte = createFloatImage(width, height);
      matte.data.fill(0.5);
      return Promise.resolve(matte);
    },
    startVideo: () => ({ next: () => Promise.resolve(undefined) }),
    dispose: () => Promise.resolve(),
  };
}

/** A reconstruction that always gives `tinyAvatar`, through the stages of the real one. */
export function fakeReconstructor(): Reconstructor {
  return {
    cutCrop: (image, observation) =>
      Promise.resolve({
        crop: createRgbaImage(32, 32),
        toCrop: { scale: 32 / image.width, offsetX: 0, offsetY: 0 },
        observation,
        validMask: createFloatImage(32, 32),
      }),
    async reconstruct({ name }, { onProgress, onStage, signal }) {
      for (const stage of ['fit', 'rig', 'shell', 'texture', 'thumbnail']) {
        onProgress?.({ stage, fraction: 0.5 });
        // One turn of the loop, as a worker would take, so that a cancel can arrive.
        await new Promise((resolve) => setImmediate(resolve));
        throwIfCancelled(signal);
        onStage?.(stage, 1);
      }
      return { avatar: tinyAvatar(name), thumbnail: createRgbaImage(8, 8) };
    },
    dispose: () => Promise.resolve(),
  };
}

/**
 * A host with the real everything but tracker and reconstruction. A test that touches library, projects, uploads or
 * settings gives a `dataDirectory` of its own; the one here is never the user's.
 */
export function aHost(options: Partial<HostOptions> = {}): Host {
  return createHost({
    appVersion: '0.0.0-test',
    assetsDirectory: 'assets',
    dataDirectory: join(tmpdir(), `avatarartist-test-${randomUUID()}`),
    workerUrls: {
      frameRender: bundled('frameRender'),
      videoEncode: bundled('videoEncode'),
      restyle: bundled('restyle'),
      syntheticHeads: bundled('syntheticHeads'),
    },
    startModelProcess: () => startEngineProcess(bundled('modelMain')),
    openTracker: () => fakeTracker(),
    openReconstructor: fakeReconstructor,
    ...options,
  });
}

/** A worker entry as `buildOnce` has bundled it. */
function bundled(name: string): URL {
  return new URL(`../../dist/${name}.worker.js`, import.meta.url);
}
