import type { FoundFace } from '#common/contract/avatarResults';
import type { AvatarId, FileReference } from '#common/contract/api/libraryApi';
import type { PortraitFacts, SamplePortrait } from '#common/contract/api/portraitsApi';
import { AppError } from '#common/contract/errors';
import type { HostClient } from '#common/contract/hostClient';
import type { FacePointName, PicturePoint } from '$services/import/facePoints';
import { FACE_POINTS } from '$services/import/facePoints';
import { uploadFile } from '$services/import/uploadFile';
import { isAvatarFile } from '$services/import/isAvatarFile';
import type { JobService, RunningJob } from '$services/jobs.svelte';
import type { LibraryService } from '$services/library.svelte';
import type { NoticeService } from '$services/notices.svelte';

/** Where the way from a picture to an avatar stands. */
export type ImportStep =
  | { readonly kind: 'choose' }
  | { readonly kind: 'reading'; readonly name: string }
  | { readonly kind: 'pickFace'; readonly facts: PortraitFacts }
  | { readonly kind: 'placePoints'; readonly facts: PortraitFacts }
  | { readonly kind: 'making'; readonly facts: PortraitFacts };

export interface ImportServices {
  readonly client: Pick<HostClient, 'portraits' | 'avatars'>;
  readonly notices: Pick<NoticeService, 'report' | 'info'>;
  readonly jobs: Pick<JobService, 'follow' | 'cancel' | 'labelled'>;
  readonly library: Pick<LibraryService, 'refresh' | 'importAvatar'>;
  /** Opens the finished avatar as a new project. */
  readonly openAvatar: (avatarId: AvatarId) => Promise<unknown>;
  /** Opens a dropped or chosen project file. */
  readonly uploadUrl?: string;
}

/** From a dropped picture to an open avatar; what the import dialog shows and does. */
export class ImportPortraitService {
  readonly #services: ImportServices;
  #isOpen = $state(false);
  #step = $state.raw<ImportStep>({ kind: 'choose' });
  #samples = $state.raw<readonly SamplePortrait[]>([]);
  #face = $state<FoundFace>();
  #points = $state.raw<Partial<Record<FacePointName, PicturePoint>>>({});
  #portrait: FileReference | undefined;
  #label = $state('');
  #name = $state('');
  /** What a step that was left still answers is dropped. */
  #turn = 0;

  constructor(services: ImportServices) {
    this.#services = services;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get step(): ImportStep {
    return this.#step;
  }

  get samples(): readonly SamplePortrait[] {
    return this.#samples;
  }

  /** The face the avatar will show. */
  get face(): FoundFace | undefined {
    return this.#face;
  }

  /** Points placed by hand so far, pixels of the upright picture. */
  get points(): Partial<Record<FacePointName, PicturePoint>> {
    return this.#points;
  }

  /** What the avatar will be called; the picture's name to begin with. */
  get name(): string {
    return this.#name;
  }

  setName(name: string): void {
    this.#name = name;
  }

  get hasAllPoints(): boolean {
    return FACE_POINTS.every(({ name }) => this.#points[name] !== undefined);
  }

  /** The job under way, while the step is `making`. */
  get job(): RunningJob | undefined {
    return this.#services.jobs.labelled(this.#label);
  }

  /** Opens the dialog at its first step. */
  async begin(): Promise<void> {
    this.#isOpen = true;
    if (this.#step.kind === 'making') return;
    this.#go({ kind: 'choose' });
    await this.loadSamples();
  }

  /** Reads the portraits that ship with the studio, once. */
  async loadSamples(): Promise<void> {
    if (this.#samples.length > 0) return;
    try {
      this.#samples = (await this.#services.client.portraits.samples({})).samples;
    } catch (error) {
      this.#services.notices.report(error, 'Reading the sample portraits');
    }
  }

  /** Closes the dialog. A job goes on in the status line until it is cancelled. */
  close(): void {
    this.#isOpen = false;
    if (this.#step.kind !== 'making') this.#go({ kind: 'choose' });
  }

  /** Takes a file dropped on the window or chosen with the browser's own dialog. */
  async takeFile(file: File): Promise<void> {
    if (isAvatarFile(file.name)) return this.#takeAvatar(file);
    await this.#read(file.name, () => uploadFile(file, this.#services.uploadUrl));
  }

  /** Takes a picture of the host's machine, such as one the system wants opened. */
  async takePath(path: string, name: string): Promise<void> {
    await this.#read(name, () => Promise.resolve({ path }));
  }

  /** Takes one of the portraits that ship with the studio. */
  async takeSample({ path, title }: SamplePortrait): Promise<void> {
    await this.#read(title, () => Promise.resolve({ path }), title.split(',')[0]);
  }

  chooseFace(face: FoundFace): void {
    this.#face = face;
  }

  placePoint(name: FacePointName, point: PicturePoint): void {
    this.#points = { ...this.#points, [name]: point };
  }

  clearPoints(): void {
    this.#points = {};
  }

  /** Goes on by hand although faces were found. */
  placeByHand(): void {
    const { step } = this;
    if (step.kind === 'pickFace') this.#go({ kind: 'placePoints', facts: step.facts });
  }

  /** Goes back to the found faces. */
  backToFaces(): void {
    const { step } = this;
    if (step.kind === 'placePoints') this.#go({ kind: 'pickFace', facts: step.facts });
  }

  /** Makes the avatar and opens it. Stays on the step before where it failed. */
  async make(): Promise<void> {
    const before = this.#step;
    const portrait = this.#portrait;
    if ((before.kind !== 'pickFace' && before.kind !== 'placePoints') || portrait === undefined) return;
    const { facts } = before;
    const name = this.#name.trim();
    this.#label = `Making ${name}`;
    const turn = this.#go({ kind: 'making', facts });
    try {
      const { avatarId } = await this.#services.jobs.follow(this.#label, () =>
        this.#services.client.avatars.make({ portrait, name, ...this.#choice(before) }),
      );
      await this.#services.library.refresh();
      if (turn === this.#turn) this.#go({ kind: 'choose' });
      this.#isOpen = false;
      if (avatarId !== undefined) await this.#services.openAvatar(avatarId);
    } catch (error) {
      this.#services.notices.report(error, this.#label);
      if (turn === this.#turn) this.#go(stepAfterFailure(error, before));
    }
  }

  async cancel(): Promise<void> {
    const { job } = this;
    if (job !== undefined) await this.#services.jobs.cancel(job.jobId);
  }

  #choice(step: ImportStep) {
    if (step.kind === 'placePoints')
      return { landmarks: this.#points as Record<FacePointName, PicturePoint> };
    return this.#face === undefined ? {} : { face: this.#face.index };
  }

  async #read(name: string, send: () => Promise<FileReference>, suggestedName?: string): Promise<void> {
    if (this.#step.kind === 'making') {
      this.#services.notices.info('One avatar at a time: this one is nearly done.');
      return;
    }
    this.#isOpen = true;
    const turn = this.#go({ kind: 'reading', name });
    try {
      const portrait = await send();
      const facts = await this.#services.client.portraits.inspect({ portrait });
      if (turn !== this.#turn) return;
      this.#portrait = portrait;
      this.#face = facts.faces[0];
      this.#points = {};
      this.#name = suggestedName ?? facts.name.replace(/\.[a-z0-9]{1,5}$/i, '');
      this.#go({ kind: facts.faces.length === 0 ? 'placePoints' : 'pickFace', facts });
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#go({ kind: 'choose' });
      this.#services.notices.report(error, `Reading ${name}`);
      // A dropped picture comes here without `begin`.
      await this.loadSamples();
    }
  }

  async #takeAvatar(file: File): Promise<void> {
    try {
      const taken = await this.#services.library.importAvatar(
        await uploadFile(file, this.#services.uploadUrl),
      );
      if (taken === undefined) return;
      this.close();
      await this.#services.openAvatar(taken.avatarId);
    } catch (error) {
      this.#services.notices.report(error, `Reading ${file.name}`);
    }
  }

  #go(step: ImportStep): number {
    this.#step = step;
    return ++this.#turn;
  }
}

/** Where no face was found after all, the points are the next step. */
function stepAfterFailure(error: unknown, before: ImportStep): ImportStep {
  const isFaceless = error instanceof AppError && error.code === 'input.noFaceFound';
  return isFaceless && before.kind === 'pickFace' ? { kind: 'placePoints', facts: before.facts } : before;
}
