import { join } from 'node:path';
import type { Capabilities } from '#common/contract/capabilities';
import { HEADLESS_CAPABILITIES } from '#common/contract/capabilities';
import { dispatchCall } from '#common/contract/dispatchCall';
import { AppError } from '#common/contract/errors';
import type { HostHandlers } from '#common/contract/hostApi';
import { CONTRACT_VERSION } from '#common/contract/hostApi';
import type { HostDoor } from '#common/contract/transport';
import type { FaceTracker } from '#common/tracking/faceObservation';
import { inspectAvatar } from '#host/avatars/inspectAvatar';
import { makeAvatar } from '#host/avatars/makeAvatar';
import type { Reconstructor } from '#host/avatars/reconstructor';
import type { Clock } from '#host/clock';
import { systemClock } from '#host/clock';
import { exportAvatar } from '#host/export/exportAvatar';
import { createHostEventHub } from '#host/hostEventHub';
import { createJobRunner } from '#host/jobs/jobRunner';
import { lazily } from '#host/lazily';
import type { Log } from '#host/log';
import { silentLog } from '#host/log';
import { createMotionLibrary } from '#host/motions/motionLibrary';

/** The tracker with the resources it holds (a worker, native sessions). */
export interface OwnedFaceTracker extends FaceTracker {
  dispose(): Promise<void>;
}

export interface HostOptions {
  readonly appVersion: string;
  /** The project's `assets` folder. */
  readonly assetsDirectory: string;
  /** Starts the engine's tracker; called once, when the first job needs it. */
  readonly openTracker: () => OwnedFaceTracker;
  /** Starts the reconstruction; called once, when the first job needs it. */
  readonly openReconstructor: () => Reconstructor;
  /** Bundled worker entries. */
  readonly workerUrls: { readonly frameRender: URL; readonly videoEncode: URL };
  readonly capabilities?: Capabilities;
  readonly clock?: Clock;
  readonly log?: Log;
}

/**
 * The studio without a face: everything a window, a server or the command line can ask for. `door` is what
 * carriers connect to (`createMemoryTransport`, `serveHost`). Dispose it: it holds threads.
 */
export interface Host {
  readonly door: HostDoor;
  /** Cancels running jobs, waits for them, ends all threads. */
  dispose(): Promise<void>;
}

export function createHost(options: HostOptions): Host {
  const { appVersion, assetsDirectory, clock = systemClock, log = silentLog } = options;
  const events = createHostEventHub(log);
  const jobs = createJobRunner({ events, clock, log });
  const motions = createMotionLibrary(join(assetsDirectory, 'motions'));
  const tracker = lazily(options.openTracker);
  const reconstructor = lazily(options.openReconstructor);

  const handlers: HostHandlers = {
    'host.handshake': ({ contractVersion }) => {
      refuseVersion(contractVersion);
      const capabilities = options.capabilities ?? HEADLESS_CAPABILITIES;
      return { contractVersion: CONTRACT_VERSION, appVersion, capabilities };
    },
    'avatars.make': (params) =>
      jobs.start('makeAvatar', (context) =>
        makeAvatar(params, context, {
          tracker: tracker.get(),
          reconstructor: reconstructor.get(),
          clock,
          appVersion,
        }),
      ),
    'avatars.inspect': ({ avatar }) => inspectAvatar(avatar),
    'avatars.export': (params) =>
      jobs.start('exportAvatar', (context) =>
        exportAvatar(params, context, {
          motions,
          clock,
          frameWorkerUrl: options.workerUrls.frameRender,
          videoWorkerUrl: options.workerUrls.videoEncode,
        }),
      ),
    'motions.list': async () => ({ motions: await motions.list() }),
    'jobs.cancel': ({ jobId }) => ({ cancelling: jobs.cancel(jobId) }),
    'jobs.status': ({ jobId }) => jobs.status(jobId),
  };

  return {
    door: {
      dispatch: (method, params) => dispatchCall(handlers, method, params),
      subscribe: (event, listener) => events.subscribe(event, listener),
    },
    async dispose() {
      await jobs.dispose();
      await Promise.all([tracker.dispose(), reconstructor.dispose()]);
      events.clear();
    },
  };
}

function refuseVersion(contractVersion: number): void {
  if (contractVersion === CONTRACT_VERSION) return;
  throw new AppError(
    'contract.versionMismatch',
    `The caller speaks contract version ${contractVersion}, this host ${CONTRACT_VERSION}. Reload the page or restart the program.`,
    { details: { caller: contractVersion, host: CONTRACT_VERSION } },
  );
}
