import { untrack } from 'svelte';
import { AppError } from '#common/contract/errors';
import type { StudioSettings } from '#common/contract/api/settingsApi';
import { portraitCamera } from '#common/camera/portraitCamera';
import type { PoseValues } from '#common/project/studioDocument';
import { newDocument } from '#common/project/studioDocument';
import { orbitOf, shownFrame } from '#common/project/shownFrame';
import type { FrameJob } from '#common/raster/avatarFrameRenderer';
import type { NoticeService } from '$services/notices.svelte';
import type { PlaybackService } from '$services/playback.svelte';
import type { ProjectService } from '$services/project.svelte';
import type { SettingsService } from '$services/settings.svelte';
import { AvatarViewport } from '$viewport/AvatarViewport';
import { loadAvatar } from '$viewport/loadAvatar';
import type { ViewportAvatar } from '$viewport/loadAvatar';
import { backgroundFromDocument, PLAIN_BACKGROUND } from '$viewport/viewportLook';
import type { ViewportLook } from '$viewport/viewportLook';

export type ViewSettings = StudioSettings['viewport'];

export interface ViewServices {
  readonly project: Pick<ProjectService, 'document' | 'isDragging'>;
  readonly playback: Pick<PlaybackService, 'clip' | 'timeSeconds' | 'isPlaying'>;
  readonly settings: Pick<SettingsService, 'current' | 'update'>;
  readonly notices: Pick<NoticeService, 'report'>;
}

/** Thumbnails frame the face, because an expression of a whole bust cannot be told at the size of a stamp. */
const THUMBNAIL_ZOOM = 2.1;

/**
 * How the open project is shown: the kept settings, the momentary solo, the avatar's pictures in the page, and the
 * one viewport. The document says what is shown, this how.
 */
export class ViewService {
  readonly #services: ViewServices;
  #viewport: AvatarViewport | undefined;
  #loading: AbortController | undefined;
  #loadedUrl: string | undefined;
  #avatar = $state.raw<ViewportAvatar>();
  #isLoading = $state(false);
  #problem = $state.raw<unknown>();
  #isContextLost = $state(false);
  #soloTargets = $state.raw<ReadonlySet<string>>(new Set());
  /** Whether to show the avatar as in the portrait; undefined follows the overlay. */
  #asInPortrait = $state.raw<boolean>();
  #waiting: ((avatar: ViewportAvatar) => void)[] = [];

  constructor(services: ViewServices) {
    this.#services = services;
  }

  /** Kept between runs, not part of the document and never undone. */
  get settings(): ViewSettings {
    return this.#services.settings.current.viewport;
  }

  update(changes: Partial<ViewSettings>): void {
    // With the overlay goes what was chosen for comparing with it.
    if (changes.overlay === 0) this.#asInPortrait = undefined;
    this.#services.settings.update({ viewport: { ...this.settings, ...changes } });
  }

  /**
   * The avatar is shown in the portrait's own pose and from the camera that took it, so that the overlay lies on it;
   * momentary. By itself whenever the overlay is seen, until the artist says otherwise or moves something: what is
   * moved must be seen moving.
   */
  get isAsInPortrait(): boolean {
    return this.#asInPortrait ?? this.settings.overlay > 0;
  }

  showAsInPortrait(isShown: boolean): void {
    this.#asInPortrait = isShown;
  }

  /** Where not empty, only these pose targets are shown, all others rest; momentary. */
  get soloTargets(): ReadonlySet<string> {
    return this.#soloTargets;
  }

  setSolo(targets: Iterable<string>): void {
    this.#soloTargets = new Set(targets);
  }

  /** The avatar of the open project, once it is loaded. */
  get avatar(): ViewportAvatar | undefined {
    return this.#avatar;
  }

  get isLoading(): boolean {
    return this.#isLoading;
  }

  /** Why the avatar cannot be shown; also reported as a notice. */
  get problem(): unknown {
    return this.#problem;
  }

  /** The graphics device was lost; the browser gives it back by itself. */
  get isContextLost(): boolean {
    return this.#isContextLost;
  }

  /** What the viewport shows now: the same frame an export renders, but for solo and "as in the portrait". */
  shownFrame(): FrameJob | undefined {
    const { project, playback } = this.#services;
    const avatar = this.#avatar;
    if (avatar === undefined || project.document === undefined) return undefined;
    if (this.isAsInPortrait) return { pose: avatar.source.pose, camera: avatar.source.camera };
    return shownFrame({
      document: project.document,
      clip: playback.clip,
      timeSeconds: playback.timeSeconds,
      sourceCamera: avatar.source.camera,
      soloTargets: this.#soloTargets,
    });
  }

  /** How the viewport shows it now. */
  look(): ViewportLook {
    const { mode, isBackgroundVisible, overlay } = this.settings;
    const background = this.#services.project.document?.background ?? 'photo';
    return {
      mode,
      background: isBackgroundVisible ? backgroundFromDocument(background) : PLAIN_BACKGROUND,
      overlay,
    };
  }

  /**
   * Takes a canvas and shows the project on it from then on; call it in an effect of the component that owns the
   * canvas. Returns what gives the canvas back.
   *
   * @throws AppError `capability.missing` without WebGL 2
   */
  attach(canvas: HTMLCanvasElement): () => void {
    const viewport = new AvatarViewport(canvas, {
      onContextChange: (isLost) => (this.#isContextLost = isLost),
    });
    this.#viewport = viewport;
    viewport.setAvatar(this.#avatar);
    const stop = $effect.root(() => {
      $effect(() => viewport.setAvatar(this.#avatar));
      $effect(() => viewport.setLook(this.look()));
      $effect(() =>
        viewport.setMoving(this.#services.playback.isPlaying || this.#services.project.isDragging),
      );
      this.#leavePortraitOnMove();
      $effect(() => {
        const frame = this.shownFrame();
        if (frame) viewport.setFrame(frame);
      });
    });
    return () => {
      stop();
      if (this.#viewport === viewport) this.#viewport = undefined;
      viewport.dispose();
    };
  }

  /** The canvas's layout size in CSS pixels. */
  resize(size: number, devicePixelRatio: number): void {
    this.#viewport?.resize(size, size, devicePixelRatio);
  }

  /** Loads the avatar at a URL in place of the one shown; undefined shows none. The same URL does nothing. */
  async show(url: string | undefined): Promise<void> {
    if (url === this.#loadedUrl) return;
    this.#loadedUrl = url;
    this.#loading?.abort();
    this.#loading = undefined;
    this.#soloTargets = new Set();
    this.#asInPortrait = undefined;
    this.#take(undefined);
    this.#problem = undefined;
    this.#isLoading = url !== undefined;
    if (url === undefined) return;
    const loading = new AbortController();
    this.#loading = loading;
    try {
      const avatar = await loadAvatar(url, loading.signal);
      if (loading.signal.aborted) avatar.dispose();
      else this.#take(avatar);
    } catch (error) {
      if (loading.signal.aborted) return;
      this.#loadedUrl = undefined;
      this.#problem = error;
      this.#services.notices.report(error, 'Showing the avatar');
    } finally {
      if (this.#loading === loading) this.#isLoading = false;
    }
  }

  /**
   * A PNG of a pose (document units) on the open avatar, square, before its own picture; rendered off screen by
   * the viewport's renderer. Waits for an avatar that is still being loaded.
   */
  async thumbnail(values: PoseValues, size: number): Promise<Blob> {
    const avatar = this.#avatar ?? (await new Promise<ViewportAvatar>((done) => this.#waiting.push(done)));
    const viewport = this.#viewport;
    if (viewport === undefined || avatar !== this.#avatar) {
      throw new AppError('job.cancelled', 'No picture was made: its avatar is not shown any more.');
    }
    const document = { ...newDocument('Thumbnail'), pose: values };
    const { camera: sourceCamera } = avatar.source;
    const frame = shownFrame({ document, clip: undefined, timeSeconds: 0, sourceCamera });
    const orbit = { ...orbitOf(document.camera), zoom: THUMBNAIL_ZOOM };
    const job = { pose: frame.pose, camera: portraitCamera(sourceCamera, orbit) };
    const look: ViewportLook = { mode: 'textured', background: { kind: 'photo' }, overlay: 0 };
    return await viewport.capturePng(size, size, { job, look });
  }

  /** In an effect: a slider, the camera, a motion or solo would else have no effect that can be seen. */
  #leavePortraitOnMove(): void {
    const { project, playback } = this.#services;
    let before: readonly unknown[] | undefined;
    $effect(() => {
      const { pose, camera } = project.document ?? {};
      const now = [pose, camera, playback.timeSeconds, playback.isPlaying, this.#soloTargets];
      const hasMoved = before?.some((value, index) => value !== now[index]) ?? false;
      // Another avatar is no move.
      before = this.#avatar === undefined ? undefined : now;
      if (hasMoved && untrack(() => this.isAsInPortrait)) this.#asInPortrait = false;
    });
  }

  #take(avatar: ViewportAvatar | undefined): void {
    const before = this.#avatar;
    this.#avatar = avatar;
    // The viewport lets go of the old pictures before they are closed.
    this.#viewport?.setAvatar(avatar);
    before?.dispose();
    if (avatar === undefined) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done(avatar);
  }
}
