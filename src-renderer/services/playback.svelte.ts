import { AppError } from '#common/contract/errors';
import type { HostClient } from '#common/contract/hostClient';
import type { MotionListing } from '#common/contract/hostApi';
import { setMotion } from '#common/project/documentEdits';
import type { StudioDocument } from '#common/project/studioDocument';
import type { MotionClip } from '#common/timeline/motionClip';
import { parseMotion } from '#common/timeline/motionClip';
import { withLoop } from '#common/timeline/sampleMotion';
import type { NoticeService } from '$services/notices.svelte';
import { PlaybackHead } from '$services/playback/PlaybackHead';
import type { ProjectService } from '$services/project.svelte';

/** Calls back at the next picture with a clock in milliseconds; returns what prevents it. */
export type FrameClock = (callback: (milliseconds: number) => void) => () => void;

export interface PlaybackServices {
  readonly client: Pick<HostClient, 'motions'>;
  readonly notices: Pick<NoticeService, 'report'>;
  readonly project: Pick<ProjectService, 'document' | 'edit' | 'onDocument'>;
  /** The parsed JSON of a preset motion; by default fetched from `motions/<name>.json` of the page's host. */
  readonly fetchMotion?: (name: string) => Promise<unknown>;
  /** By default the window's animation frames. */
  readonly clock?: FrameClock;
}

/**
 * The motion under the pose. Which one, and whether it loops, belongs to the document and can be undone; where
 * it stands is momentary. Frames follow the picture's clock, 30 a second.
 */
export class PlaybackService {
  readonly #services: PlaybackServices;
  readonly #head = new PlaybackHead();
  readonly #clips = new Map<string, Promise<MotionClip>>();
  #motions = $state.raw<readonly MotionListing[]>([]);
  #loaded = $state.raw<MotionClip>();
  readonly #isLooping = $derived.by(() => this.#services.project.document?.motion?.loop ?? false);
  readonly #clip = $derived(this.#loaded && withLoop(this.#loaded, this.#isLooping));
  #frame = $state(0);
  #timeSeconds = $state(0);
  #lastFrame = $state(0);
  #isPlaying = $state(false);
  #isLoading = $state(false);
  #measuredFps = $state<number>();
  #playsOnLoad = false;
  #shownMotion: StudioDocument['motion'];
  #cancelTick: (() => void) | undefined;

  constructor(services: PlaybackServices) {
    this.#services = services;
    services.project.onDocument((document) => this.#follow(document?.motion));
  }

  /** Presets to choose from; filled by `refresh`. */
  get motions(): readonly MotionListing[] {
    return this.#motions;
  }

  /** Name of the document's motion, loaded or not. */
  get preset(): string | undefined {
    return this.#services.project.document?.motion?.preset;
  }

  /** The document's motion, once it is loaded; repeats or holds its end as the document says. */
  get clip(): MotionClip | undefined {
    return this.#clip;
  }

  get isLoading(): boolean {
    return this.#isLoading;
  }

  /** Of the current frame. */
  get timeSeconds(): number {
    return this.#timeSeconds;
  }

  /** Counted from 0. */
  get frame(): number {
    return this.#frame;
  }

  /** The last frame of one pass; a motion played once has one more than its loop, its end. */
  get lastFrame(): number {
    return this.#lastFrame;
  }

  get durationSeconds(): number {
    return this.#loaded?.durationSeconds ?? 0;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  get isLooping(): boolean {
    return this.#isLooping;
  }

  /** Frames really shown in the last second of playing. */
  get measuredFps(): number | undefined {
    return this.#measuredFps;
  }

  /** Asks the host for its presets. */
  async refresh(): Promise<void> {
    try {
      this.#motions = (await this.#services.client.motions.list({})).motions;
    } catch (error) {
      this.#services.notices.report(error, 'Listing the motions');
    }
  }

  /** Puts a preset under the pose, or none; a step of the history. */
  choose(preset: string | undefined): void {
    const listed = this.#motions.find((motion) => motion.name === preset);
    const label = preset === undefined ? 'Remove motion' : `Choose motion ${listed?.title ?? preset}`;
    const motion = preset === undefined ? undefined : { preset, loop: listed?.loop ?? true };
    this.#services.project.edit(label, (document) => setMotion(document, motion));
  }

  setLooping(loop: boolean): void {
    this.#services.project.edit(loop ? 'Loop motion' : 'Play motion once', (document) =>
      document.motion === undefined ? document : setMotion(document, { ...document.motion, loop }),
    );
  }

  /** Plays; a motion that is still being loaded plays as soon as it is there. */
  play(): void {
    this.#playsOnLoad = this.#isLoading;
    if (this.#loaded === undefined || this.#isLoading) return;
    this.#head.play();
    this.#show();
    this.#requestTick();
  }

  pause(): void {
    this.#playsOnLoad = false;
    this.#head.pause();
    this.#show();
  }

  toggle(): void {
    if (this.#isPlaying) this.pause();
    else this.play();
  }

  seek(timeSeconds: number): void {
    this.#head.seek(timeSeconds);
    this.#show();
  }

  stepFrames(frames: number): void {
    this.#head.step(frames);
    this.#show();
  }

  /** The last frame of the pass, paused. */
  seekEnd(): void {
    this.#head.pause();
    this.seek(this.durationSeconds);
  }

  #follow(motion: StudioDocument['motion']): void {
    const shown = this.#shownMotion;
    if (motion === shown) return;
    this.#shownMotion = motion;
    if (motion !== undefined) {
      this.#head.setLooping(motion.loop);
      this.#show();
    }
    if (motion?.preset !== shown?.preset) void this.#load(motion?.preset);
  }

  async #load(preset: string | undefined): Promise<void> {
    if (preset === undefined) {
      this.#take(undefined);
      return;
    }
    this.#isLoading = true;
    try {
      const clip = await this.#clipOf(preset);
      if (this.#shownMotion?.preset === preset) this.#take(clip);
    } catch (error) {
      this.#clips.delete(preset);
      if (this.#shownMotion?.preset !== preset) return;
      this.#take(undefined);
      this.#services.notices.report(error, `Loading the motion "${preset}"`);
    }
  }

  #take(clip: MotionClip | undefined): void {
    this.#isLoading = false;
    this.#loaded = clip;
    if (clip === undefined) this.#head.pause();
    this.#head.load(clip?.durationSeconds ?? 0);
    this.#show();
    if (this.#playsOnLoad) this.play();
  }

  #clipOf(preset: string): Promise<MotionClip> {
    const known = this.#clips.get(preset);
    if (known !== undefined) return known;
    const fetchMotion = this.#services.fetchMotion ?? fetchPreset;
    const loading = fetchMotion(preset).then(parseMotion);
    this.#clips.set(preset, loading);
    return loading;
  }

  #requestTick(): void {
    if (this.#cancelTick !== undefined) return;
    const clock = this.#services.clock ?? animationFrames;
    this.#cancelTick = clock((milliseconds) => {
      this.#cancelTick = undefined;
      if (this.#head.tick(milliseconds)) this.#show();
      if (this.#head.isPlaying) this.#requestTick();
    });
  }

  #show(): void {
    this.#frame = this.#head.frame;
    this.#timeSeconds = this.#head.timeSeconds;
    this.#lastFrame = this.#head.lastFrame;
    this.#isPlaying = this.#head.isPlaying;
    this.#measuredFps = this.#head.measuredFps;
    if (this.#isPlaying) return;
    this.#cancelTick?.();
    this.#cancelTick = undefined;
  }
}

const animationFrames: FrameClock = (callback) => {
  const handle = requestAnimationFrame(callback);
  return () => cancelAnimationFrame(handle);
};

async function fetchPreset(name: string): Promise<unknown> {
  const response = await fetch(new URL(`motions/${encodeURIComponent(name)}.json`, document.baseURI));
  if (!response.ok) {
    throw new AppError('input.badMotion', `The host has no motion "${name}" (${response.status}).`, {
      details: { name, status: response.status },
    });
  }
  return response.json();
}
