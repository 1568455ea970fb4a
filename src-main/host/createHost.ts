import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Capabilities } from '#common/contract/capabilities';
import { HEADLESS_CAPABILITIES } from '#common/contract/capabilities';
import { dispatchCall } from '#common/contract/dispatchCall';
import { AppError } from '#common/contract/errors';
import type { HostHandlers } from '#common/contract/hostApi';
import { CONTRACT_VERSION } from '#common/contract/hostApi';
import type { HostDoor } from '#common/contract/transport';
import type { EngineProcess } from '#common/contract/engineProcess';
import type { FaceTracker } from '#common/tracking/faceObservation';
import { createRestyler } from '#host/avatars/restyleInThread';
import { inspectAvatar } from '#host/avatars/inspectAvatar';
import { startMakingAvatar } from '#host/avatars/startMakingAvatar';
import type { Reconstructor } from '#host/avatars/reconstructor';
import type { Clock } from '#host/clock';
import { systemClock } from '#host/clock';
import { dataFolders, defaultDataDirectory } from '#host/data/dataDirectory';
import { exportAvatar } from '#host/export/exportAvatar';
import { confineCalls } from '#host/files/confineCalls';
import type { NativeDialogs } from '#host/files/createFilesHandlers';
import { createFilesHandlers } from '#host/files/createFilesHandlers';
import { createFileAccess } from '#host/files/fileAccess';
import { createHostEventHub } from '#host/hostEventHub';
import { createJobRunner } from '#host/jobs/jobRunner';
import { lazily } from '#host/lazily';
import { createAvatarLibrary } from '#host/library/avatarLibrary';
import { createLookHandlers } from '#host/library/createLookHandlers';
import { createLibraryHandlers } from '#host/library/createLibraryHandlers';
import { createModelsHandlers } from '#host/models/createModelsHandlers';
import { createModelStore } from '#host/models/modelStore';
import type { Log } from '#host/log';
import { silentLog } from '#host/log';
import { createMotionLibrary } from '#host/motions/motionLibrary';
import { inspectPortrait } from '#host/portraits/inspectPortrait';
import { listSamplePortraits, samplePortraitsFolder } from '#host/portraits/samplePortraits';
import { createProjects } from '#host/projects/createProjects';
import { createRequestHandler } from '#host/requests/handleRequest';
import { createSettingsStore } from '#host/settings/settingsStore';
import { createSyntheticHandlers } from '#host/synthetic/createSyntheticHandlers';
import { createUploadStore } from '#host/uploads/uploadStore';

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
  /** Starts `modelMain.worker`, which reads weights and runs networks; once for each task. */
  readonly startModelProcess: () => EngineProcess;
  /** Bundled worker entries. */
  readonly workerUrls: {
    readonly frameRender: URL;
    readonly videoEncode: URL;
    readonly restyle: URL;
    readonly syntheticHeads: URL;
  };
  /** Library, working copies, uploads and settings; made when first needed. By default `defaultDataDirectory()`. */
  readonly dataDirectory?: string;
  /** The built page; without it `/` answers 404. */
  readonly pageDirectory?: string;
  /** Finished avatars that a first run finds in its library. */
  readonly samplesDirectory?: string;
  /** Model packs of the installation, `<pack>/manifest.json`. */
  readonly packsDirectory?: string;
  /** Refuses paths outside the granted roots, which a page must be and a command line must not. */
  readonly confinesPaths?: boolean;
  /** Where the granted roots begin; by default those of the process. */
  readonly userFolders?: { readonly home: string; readonly workingDirectory: string };
  /** Only where the shell has them; the page has its own dialogs otherwise. */
  readonly nativeDialogs?: NativeDialogs;
  /** Shows a file in the desktop's file manager. */
  readonly reveal?: (path: string) => void | Promise<void>;
  /** What the shell adds to what the host finds out itself (native dialogs, reveal). */
  readonly capabilities?: Partial<Capabilities>;
  readonly clock?: Clock;
  readonly log?: Log;
}

/**
 * The studio without a face: everything a window, a server or the command line can ask for. `door` is what
 * carriers connect to (`createMemoryTransport`, `serveHost`). Dispose it: it holds threads.
 */
export interface Host {
  readonly door: HostDoor;
  /** Bytes: the page itself, pictures, avatars, motions, uploads. The shell checks who asks before it calls this. */
  handleRequest(request: Request): Promise<Response>;
  /** Lets a confined host use one path: the desktop asked to open it. Native dialogs grant theirs themselves. */
  grantPath(path: string): void;
  /** Cancels running jobs, waits for them, ends all threads, removes uploads. */
  dispose(): Promise<void>;
}

export function createHost(options: HostOptions): Host {
  const services = createServices(options);
  const { access, events, jobs, projects, tracker, reconstructor, uploads, library, log } = services;
  const handlers = confineCalls(createHandlers(options, services), (path) => access.authorise(path));
  const { assetsDirectory, pageDirectory } = options;
  return {
    door: {
      dispatch: (method, params) => dispatchCall(handlers, method, params),
      subscribe: (event, listener) => events.subscribe(event, listener),
    },
    handleRequest: createRequestHandler({
      uploads,
      avatarFileOf: (avatarId) => library.avatarFileOf(avatarId),
      projectAvatarFileOf: (projectId) => projects.avatarFileOf(projectId),
      pageDirectory,
      motionsDirectory: motionsFolder(assetsDirectory),
      samplesDirectory: samplePortraitsFolder(assetsDirectory),
      looksDirectory: join(assetsDirectory, 'domains', 'thumbnails'),
      log,
    }),
    grantPath: (path) => access.grant(path),
    async dispose() {
      await jobs.dispose();
      await Promise.all([tracker, reconstructor, uploads, projects].map((service) => service.dispose()));
      events.clear();
    },
  };
}

type Services = ReturnType<typeof createServices>;

function createServices(options: HostOptions) {
  const { assetsDirectory, samplesDirectory, clock = systemClock, log = silentLog } = options;
  const folders = dataFolders(options.dataDirectory ?? defaultDataDirectory());
  const events = createHostEventHub(log);
  const library = createAvatarLibrary({ folders, samplesDirectory, events, clock, log });
  return {
    clock,
    log,
    events,
    jobs: createJobRunner({ events, clock, log }),
    motions: createMotionLibrary(motionsFolder(assetsDirectory)),
    tracker: lazily(options.openTracker),
    reconstructor: lazily(options.openReconstructor),
    uploads: createUploadStore({ directory: folders.uploads, log }),
    library,
    projects: createProjects({
      dataDirectory: folders.root,
      appVersion: options.appVersion,
      clock,
      log,
      readLibraryAvatar: (avatarId) => library.read(avatarId),
    }),
    settings: createSettingsStore(folders.settings, log),
    modelsFolder: folders.models,
    cacheFolder: folders.cache,
    modelStore: createModelStore({ folder: folders.models, packsFolder: options.packsDirectory, log }),
    access: createFileAccess({
      ...(options.userFolders ?? { home: homedir(), workingDirectory: process.cwd() }),
      dataDirectory: folders.root,
      readableFolders: [samplePortraitsFolder(assetsDirectory)],
      isConfined: options.confinesPaths ?? false,
    }),
  };
}

function createHandlers(options: HostOptions, services: Services): HostHandlers {
  const { appVersion, assetsDirectory, nativeDialogs, reveal } = options;
  const { access, clock, jobs, library, log, motions, settings, tracker, uploads } = services;
  const capabilities: Capabilities = {
    ...HEADLESS_CAPABILITIES,
    nativeDialogs: nativeDialogs !== undefined,
    revealInFolder: reveal !== undefined,
    ...options.capabilities,
  };
  const restyler = createRestyler(assetsDirectory, options.workerUrls.restyle);
  return {
    'host.handshake': ({ contractVersion }) => {
      refuseVersion(contractVersion);
      return { contractVersion: CONTRACT_VERSION, appVersion, capabilities };
    },
    'avatars.make': (params) => startMakingAvatar(params, { ...services, appVersion }),
    'avatars.inspect': ({ avatar }) => inspectAvatar(avatar),
    'avatars.export': (params) =>
      jobs.start('exportAvatar', (context) =>
        exportAvatar(params, context, {
          motions,
          clock,
          frameWorkerUrl: options.workerUrls.frameRender,
          videoWorkerUrl: options.workerUrls.videoEncode,
          restyler,
        }),
      ),
    'motions.list': async () => ({ motions: await motions.list() }),
    'jobs.cancel': ({ jobId }) => ({ cancelling: jobs.cancel(jobId) }),
    'jobs.status': ({ jobId }) => jobs.status(jobId),
    'portraits.inspect': ({ portrait }) => inspectPortrait(portrait, { tracker: tracker.get(), uploads }),
    'portraits.samples': async () => ({
      samples: await listSamplePortraits(samplePortraitsFolder(assetsDirectory), log),
    }),
    'settings.get': async () => ({ settings: await settings.get() }),
    'settings.update': async ({ changes }) => ({ settings: await settings.update(changes) }),
    ...createLibraryHandlers(library, uploads),
    ...createLookHandlers({ assetsDirectory, library, jobs, restyler, clock, appVersion }),
    ...createModelsHandlers({
      store: services.modelStore,
      modelsFolder: services.modelsFolder,
      startProcess: options.startModelProcess,
      jobs,
      clock,
    }),
    ...createSyntheticHandlers({
      jobs,
      clock,
      assetsDirectory,
      cacheFolder: services.cacheFolder,
      workerUrl: options.workerUrls.syntheticHeads,
    }),
    ...createFilesHandlers({ access, nativeDialogs, reveal }),
    ...services.projects.handlers,
    ...grantRecent(services),
  };
}

/** What the user has opened before may be opened again, wherever a native dialog let them choose it. */
function grantRecent({ projects, access }: Services): Pick<HostHandlers, 'projects.list'> {
  return {
    'projects.list': async (params) => {
      const listed = await projects.handlers['projects.list'](params);
      for (const { path } of listed.recent) access.grant(path);
      return listed;
    },
  };
}

function motionsFolder(assetsDirectory: string): string {
  return join(assetsDirectory, 'motions');
}

function refuseVersion(contractVersion: number): void {
  if (contractVersion === CONTRACT_VERSION) return;
  throw new AppError(
    'contract.versionMismatch',
    `The caller speaks contract version ${contractVersion}, this host ${CONTRACT_VERSION}. Reload the page or restart the program.`,
    { details: { caller: contractVersion, host: CONTRACT_VERSION } },
  );
}
