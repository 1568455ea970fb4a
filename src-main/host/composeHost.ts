import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RemoteFaceTracker } from '#common/tracking/RemoteFaceTracker';
import { WorkerReconstructor } from '#host/avatars/WorkerReconstructor';
import type { Host, HostOptions } from '#host/createHost';
import { createHost } from '#host/createHost';
import { startEngineProcess } from '#host/engine/startEngineProcess';
import { startEngineWorker } from '#host/engine/startEngineWorker';

/** What a shell may add to the host it composes; everything else follows from where the bundle lies. */
export type ShellOptions = Pick<
  HostOptions,
  'dataDirectory' | 'confinesPaths' | 'nativeDialogs' | 'reveal' | 'capabilities' | 'log'
>;

/**
 * Wires the host for this process. Called from the bundle in `dist/`, where the worker bundles, the page and
 * the sample avatars lie beside it and `assets/` one folder up.
 *
 * @param bundleUrl URL of a file in `dist/` (`import.meta.url` of the bundle)
 */
export function composeHost(bundleUrl: string, appVersion: string, shell: ShellOptions = {}): Host {
  const worker = (name: string): URL => new URL(`./${name}.worker.js`, bundleUrl);
  const assetsDirectory = fileURLToPath(new URL('../assets/', bundleUrl));
  return createHost({
    ...shell,
    appVersion,
    assetsDirectory,
    pageDirectory: fileURLToPath(new URL('./page/', bundleUrl)),
    samplesDirectory: fileURLToPath(new URL('./samples/', bundleUrl)),
    workerUrls: {
      frameRender: worker('frameRender'),
      videoEncode: worker('videoEncode'),
      restyle: worker('restyle'),
      syntheticHeads: worker('syntheticHeads'),
    },
    packsDirectory: fileURLToPath(new URL('../native-models/', bundleUrl)),
    startModelProcess: () => startEngineProcess(worker('modelMain')),
    openTracker: () => new RemoteFaceTracker(() => startEngineWorker(worker('engineMain'))),
    openReconstructor: () =>
      new WorkerReconstructor(
        () => startEngineWorker(worker('reconstruct')),
        join(assetsDirectory, 'head', 'head-v1.bin'),
      ),
  });
}
