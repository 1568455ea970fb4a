import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RemoteFaceTracker } from '#common/tracking/RemoteFaceTracker';
import { WorkerReconstructor } from '#host/avatars/WorkerReconstructor';
import type { Host } from '#host/createHost';
import { createHost } from '#host/createHost';
import { startEngineWorker } from '#host/engine/startEngineWorker';

/**
 * Wires the host for this process. Called from the bundle in `dist/`, where the worker bundles lie beside it
 * and `assets/` one folder up.
 *
 * @param bundleUrl `import.meta.url` of the bundle
 */
export function composeHost(bundleUrl: string, appVersion: string): Host {
  const worker = (name: string): URL => new URL(`./${name}.worker.js`, bundleUrl);
  const assetsDirectory = fileURLToPath(new URL('../assets/', bundleUrl));
  return createHost({
    appVersion,
    assetsDirectory,
    workerUrls: { frameRender: worker('frameRender'), videoEncode: worker('videoEncode') },
    openTracker: () => new RemoteFaceTracker(() => startEngineWorker(worker('engineMain'))),
    openReconstructor: () =>
      new WorkerReconstructor(
        () => startEngineWorker(worker('reconstruct')),
        join(assetsDirectory, 'head', 'head-v1.bin'),
      ),
  });
}
