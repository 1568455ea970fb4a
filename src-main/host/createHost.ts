import { basename, join } from 'node:path';
import type { Capabilities } from '#common/contract/capabilities';
import { HEADLESS_CAPABILITIES } from '#common/contract/capabilities';
import { dispatchCall } from '#common/contract/dispatchCall';
import { AppError } from '#common/contract/errors';
import type { CheckedParams, HostHandlers, HostMethod } from '#common/contract/hostApi';
import { CONTRACT_VERSION } from '#common/contract/hostApi';
import type { HostDoor } from '#common/contract/transport';
import type { FaceTracker } from '#common/tracking/faceObservation';
import { inspectAvatar } from '#host/avatars/inspectAvatar';
import type { MakeAvatarRequest } from '#host/avatars/makeAvatar';
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
  /** Library, working copies, uploads and settings; made when first needed. By default `defaultDataDirectory()`. */
  readonly dataDirectory?: string;
  /** The built page; without it `/` answers 404. */
  readonly pageDirectory?: string;
  /** Finished avatars that a first run finds in its library. */
  readonly samplesDirectory?: string;
  /** Refuses paths outside the granted roots, which a page must be and a command line must not. */
  readonly confinesPaths?: boolean;
  /** Only where the shell has them; the page has its own dialogs otherwise. */
  readonly nativeDialogs?: NativeDialogs;
  /** Shows a file in the desktop's file manager. */
  readonly reveal?: (path: string) => void | Promise<void>;
  /** What the shell adds to what the host finds out itself (native dialogs, reveal). */
  readonly capabilities?: Partial<Capabilities>;
  readonly clock?: Clock;
  readonly log?: Log;
}

/** File dialogs of the desktop; a cancelled one gives no path. */
export interface NativeDialogs {
  openFile(params: CheckedParams<'dialogs.openFile'>): Promise<{ readonly path?: string }>;
  saveFile(params: CheckedParams<'dialogs.saveFile'>): Promise<{ readonly path?: string }>;
}

/**
 * The studio without a face: everything a window, a server or the command line can ask for. `door` is what
 * carriers connect to (`createMemoryTransport`, `serveHost`). Dispose it: it holds threads.
 */
export interface Host {
  readonly door: HostDoor;
  /** Bytes: the page itself, pictures, avatars, motions, uploads. The shell checks who asks before it calls this. */
  handleRequest(request: Request): Promise<Response>;
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
      const capabilities = { ...HEADLESS_CAPABILITIES, ...options.capabilities };
      return { contractVersion: CONTRACT_VERSION, appVersion, capabilities };
    },
    'avatars.make': (params) =>
      jobs.start('makeAvatar', (context) =>
        makeAvatar(makeRequest(params), context, {
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
    'library.list': missing('library.list'),
    'library.rename': missing('library.rename'),
    'library.duplicate': missing('library.duplicate'),
    'library.trash': missing('library.trash'),
    'library.restore': missing('library.restore'),
    'library.import': missing('library.import'),
    'library.inspect': missing('library.inspect'),
    'portraits.inspect': missing('portraits.inspect'),
    'portraits.samples': missing('portraits.samples'),
    'projects.list': missing('projects.list'),
    'projects.create': missing('projects.create'),
    'projects.open': missing('projects.open'),
    'projects.resume': missing('projects.resume'),
    'projects.append': missing('projects.append'),
    'projects.save': missing('projects.save'),
    'projects.close': missing('projects.close'),
    'projects.forgetRecent': missing('projects.forgetRecent'),
    'files.roots': missing('files.roots'),
    'files.list': missing('files.list'),
    'files.createFolder': missing('files.createFolder'),
    'files.reveal': missing('files.reveal'),
    'dialogs.openFile': missing('dialogs.openFile'),
    'dialogs.saveFile': missing('dialogs.saveFile'),
    'settings.get': missing('settings.get'),
    'settings.update': missing('settings.update'),
  };

  return {
    door: {
      dispatch: (method, params) => dispatchCall(handlers, method, params),
      subscribe: (event, listener) => events.subscribe(event, listener),
    },
    handleRequest: () => Promise.resolve(new Response('Not found.', { status: 404 })),
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

function missing(method: HostMethod): () => never {
  return () => {
    throw new AppError('capability.missing', `This host does not offer ${method}.`, { details: { method } });
  };
}

function makeRequest({ portrait, outDirectory, ...rest }: CheckedParams<'avatars.make'>): MakeAvatarRequest {
  if (typeof portrait !== 'string' || outDirectory === undefined) return missing('avatars.make')();
  return {
    ...rest,
    portrait: { path: portrait, fileName: basename(portrait) },
    destination: { kind: 'folder', path: outDirectory },
  };
}
