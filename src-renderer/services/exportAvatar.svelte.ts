import type { LookListing } from '#common/contract/api/libraryApi';
import type { ExportAvatarResult } from '#common/contract/avatarResults';
import type { Capabilities } from '#common/contract/capabilities';
import { AppError } from '#common/contract/errors';
import type { HostClient } from '#common/contract/hostClient';
import { exportRequest } from '#common/project/exportRequest';
import type { ExportKind, ExportOptions } from '$services/export/exportOptions';
import {
  DEFAULT_EXPORT,
  filtersOf,
  fitsPath,
  outputsOf,
  problemOfOptions,
  suggestedFileName,
} from '$services/export/exportOptions';
import type { OutputReport } from '$services/export/exportReport';
import { describeExport, formatDuration } from '$services/export/exportReport';
import { frozenDocument } from '$services/export/frozenDocument';
import type { FileService } from '$services/files.svelte';
import { folderOf, joinPath } from '$services/files/filePaths';
import type { JobService, RunningJob } from '$services/jobs.svelte';
import type { ErrorAdvice } from '$services/notices/errorAdvice';
import { adviceFor } from '$services/notices/errorAdvice';
import type { PlaybackService } from '$services/playback.svelte';
import type { ProjectService } from '$services/project.svelte';
import type { SettingsService } from '$services/settings.svelte';

export interface ExportServices {
  readonly client: Pick<HostClient, 'avatars' | 'library'>;
  readonly capabilities: Capabilities;
  readonly project: Pick<ProjectService, 'document' | 'avatarFile' | 'name'>;
  readonly playback: Pick<PlaybackService, 'clip' | 'timeSeconds' | 'durationSeconds'>;
  readonly files: Pick<FileService, 'pickSave' | 'reveal'>;
  readonly jobs: Pick<JobService, 'follow' | 'labelled' | 'cancel'>;
  readonly settings: Pick<SettingsService, 'current' | 'update'>;
}

/** An export that is done, in words. */
export interface ExportDone {
  readonly outputs: readonly OutputReport[];
  /** "took 1.2 s". */
  readonly took: string;
}

/** Why an export failed and what to do. */
export interface ExportFailure {
  readonly title: string;
  readonly text: string;
}

/** Seconds of a video of a pose that does not move; what the host takes where none are given. */
const STILL_SECONDS = 2;

/** The export dialog's state: options, one export at a time, and what came of it. */
export class ExportAvatarService {
  readonly #services: ExportServices;
  #isOpen = $state(false);
  #options = $state.raw<ExportOptions>(DEFAULT_EXPORT);
  /** Where the artist wants it; undefined until chosen. */
  #path = $state<string>();
  #label = $state<string>();
  #done = $state.raw<ExportDone>();
  #failure = $state.raw<ExportFailure>();
  #looks = $state.raw<readonly LookListing[]>([]);

  constructor(services: ExportServices) {
    this.#services = services;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get options(): ExportOptions {
    return this.#options;
  }

  get path(): string | undefined {
    return this.#path;
  }

  get isRunning(): boolean {
    return this.#label !== undefined;
  }

  /** The export under way, once the host has begun. */
  get job(): RunningJob | undefined {
    return this.#services.jobs.labelled(this.#label);
  }

  get done(): ExportDone | undefined {
    return this.#done;
  }

  get failure(): ExportFailure | undefined {
    return this.#failure;
  }

  /** Looks to choose from; empty until the host has listed them. */
  get looks(): readonly LookListing[] {
    return this.#looks;
  }

  /** The look that is chosen, if any. */
  get look(): LookListing | undefined {
    return this.#looks.find(({ domain }) => domain === this.#options.look);
  }

  /** Why the options cannot be exported; undefined where they can. */
  get problem(): string | undefined {
    const { document } = this.#services.project;
    if (document === undefined) return 'Open a project first.';
    return problemOfOptions(this.#options, document);
  }

  /** Seconds the video will last. */
  get durationSeconds(): number {
    const pass = this.#services.playback.durationSeconds;
    return this.#options.durationSeconds ?? (pass > 0 ? pass : STILL_SECONDS);
  }

  get canReveal(): boolean {
    return this.#services.capabilities.revealInFolder;
  }

  /** Shows the dialog, where given for one kind of output. */
  open(kind?: ExportKind): void {
    if (this.#services.project.document === undefined) return;
    if (!this.isRunning) {
      this.#done = undefined;
      this.#failure = undefined;
      if (kind !== undefined) this.choose({ kind });
    }
    this.#isOpen = true;
    if (this.#looks.length === 0) void this.#readLooks();
  }

  /** Hides the dialog; an export under way goes on. */
  close(): void {
    this.#isOpen = false;
  }

  choose(changes: Partial<ExportOptions>): void {
    this.#options = { ...this.#options, ...changes };
    this.#failure = undefined;
    this.#done = undefined;
    if (this.#path !== undefined && !fitsPath(this.#options, this.#path)) this.#path = undefined;
  }

  /** Asks where to write. Returns whether a place was chosen. */
  async pickPath(): Promise<boolean> {
    const { files, project, settings } = this.#services;
    const name = suggestedFileName(this.#options, project.name);
    const folder = settings.current.exportFolder;
    const path = await files.pickSave({
      title: 'Export',
      filters: filtersOf(this.#options),
      suggestedPath: this.#path ?? (folder === undefined ? name : joinPath(folder, name)),
    });
    if (path === undefined) return false;
    const exportFolder = folderOf(path);
    if (exportFolder !== undefined) settings.update({ exportFolder });
    this.#path = path;
    return true;
  }

  /** Exports what the viewport shows; asks where to write if nobody has said. Failures stay in `failure`. */
  async run(): Promise<void> {
    if (this.isRunning || this.problem !== undefined) return;
    if (this.#path === undefined && !(await this.pickPath())) return;
    const { client, project, jobs } = this.#services;
    const { document, avatarFile } = project;
    const path = this.#path;
    if (document === undefined || avatarFile === undefined || path === undefined) return;
    this.#done = undefined;
    this.#failure = undefined;
    const params = exportRequest(avatarFile, this.#moment(document), outputsOf(this.#options, path));
    const label = `Exporting ${project.name}`;
    this.#label = label;
    try {
      this.#finish(await jobs.follow(label, () => client.avatars.export(params)));
    } catch (error) {
      this.#failure = failureOf(error);
    } finally {
      this.#label = undefined;
    }
  }

  async cancel(): Promise<void> {
    const { job } = this;
    if (job !== undefined) await this.#services.jobs.cancel(job.jobId);
  }

  async reveal(path: string): Promise<void> {
    await this.#services.files.reveal(path);
  }

  /** Goes from the result back to the options. */
  again(): void {
    this.#done = undefined;
    this.#failure = undefined;
  }

  /** A still shows the playhead; everything else runs the motion from its start. */
  #moment(document: NonNullable<ProjectService['document']>): NonNullable<ProjectService['document']> {
    const { clip, timeSeconds } = this.#services.playback;
    return this.#options.kind === 'still' ? frozenDocument(document, clip, timeSeconds) : document;
  }

  /** Where the host cannot list looks there is none to choose, and all else works. */
  async #readLooks(): Promise<void> {
    try {
      this.#looks = (await this.#services.client.library.looks({})).looks;
    } catch {
      this.#looks = [];
    }
  }

  #finish(result: ExportAvatarResult): void {
    this.#done = { outputs: describeExport(result), took: formatDuration(result.milliseconds) };
  }
}

/** Undefined for a cancelled export, which needs no words. */
function failureOf(error: unknown): ExportFailure | undefined {
  if (error instanceof AppError && error.family === 'cancelled') return undefined;
  const advice: ErrorAdvice | undefined = adviceFor(error);
  const message = error instanceof AppError ? error.message : 'An unexpected error was met.';
  const text = advice?.advice === undefined ? message : `${message} ${advice.advice}`;
  return { title: advice?.title ?? 'The export failed', text };
}
