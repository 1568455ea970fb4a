/** Frames a second of every motion on screen; what the frame numbers of the transport count. */
export const PLAYBACK_FPS = 30;

/** Seconds over which the speed is measured. */
const SPEED_WINDOW_SECONDS = 1;

/**
 * Where a motion stands, in whole frames, driven by a clock from outside. While it plays, the frame follows from
 * the time since the start and not from the number of ticks, so it neither drifts nor slows with the picture.
 */
export class PlaybackHead {
  /** Frames of one pass of a loop, at least one. */
  #frameCount = 1;
  #durationSeconds = 0;
  #frame = 0;
  #isPlaying = false;
  #isLooping = false;
  /** Clock and frame at which the current run began; undefined until its first tick. */
  #anchor: { readonly milliseconds: number; readonly frame: number } | undefined;
  /** Clock of each frame that was shown lately. */
  readonly #shownAt: number[] = [];

  get frame(): number {
    return this.#frame;
  }

  /** Of the frame; on the last one of a pass without loop, the very end of the motion. */
  get timeSeconds(): number {
    if (!this.#isLooping && this.#frame === this.lastFrame) return this.#durationSeconds;
    return this.#frame / PLAYBACK_FPS;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  /**
   * The last frame of one pass. A loop leaves out its end, which is its beginning; played once, a motion ends on
   * the pose that a longer export holds.
   */
  get lastFrame(): number {
    return this.#isLooping ? this.#frameCount - 1 : Math.round(this.#durationSeconds * PLAYBACK_FPS);
  }

  /** Different frames shown in the last second of playing; undefined until one second has played. */
  get measuredFps(): number | undefined {
    const first = this.#shownAt[0];
    const last = this.#shownAt.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const seconds = (last - first) / 1000;
    return seconds < SPEED_WINDOW_SECONDS / 2 ? undefined : (this.#shownAt.length - 1) / seconds;
  }

  /** Another motion: stands at its first frame; keeps playing where it played. */
  load(durationSeconds: number): void {
    this.#durationSeconds = durationSeconds;
    this.#frameCount = Math.max(1, Math.round(durationSeconds * PLAYBACK_FPS));
    this.#moveTo(0);
  }

  setLooping(isLooping: boolean): void {
    this.#isLooping = isLooping;
    this.#moveTo(this.#frame);
  }

  /** Plays from where it stands, from the beginning where it stands at the end. */
  play(): void {
    if (this.#isPlaying) return;
    if (!this.#isLooping && this.#frame >= this.lastFrame) this.#frame = 0;
    this.#isPlaying = true;
    this.#anchor = undefined;
    this.#shownAt.length = 0;
  }

  pause(): void {
    this.#isPlaying = false;
    this.#anchor = undefined;
    this.#shownAt.length = 0;
  }

  /** The frame nearest to a time; playing goes on from there. */
  seek(timeSeconds: number): void {
    this.#moveTo(Math.round(timeSeconds * PLAYBACK_FPS));
  }

  /** Pauses and moves by whole frames, around the seam of a loop. */
  step(frames: number): void {
    this.pause();
    const wanted = this.#frame + Math.round(frames);
    this.#moveTo(this.#isLooping ? modulo(wanted, this.#frameCount) : wanted);
  }

  /** Moves to the frame of a clock reading, in milliseconds. Returns whether another frame is to be shown. */
  tick(milliseconds: number): boolean {
    if (!this.#isPlaying) return false;
    this.#anchor ??= { milliseconds, frame: this.#frame };
    const elapsed = Math.max(0, milliseconds - this.#anchor.milliseconds) / 1000;
    // The small number keeps a clock of exactly 1/30 s from falling a frame behind through rounding.
    const reached = this.#anchor.frame + Math.floor(elapsed * PLAYBACK_FPS + 1e-6);
    const frame = this.#isLooping ? modulo(reached, this.#frameCount) : Math.min(reached, this.lastFrame);
    const isNew = frame !== this.#frame;
    if (isNew) this.#countShown(milliseconds);
    this.#frame = frame;
    if (!this.#isLooping && reached >= this.lastFrame) {
      this.pause();
      return true;
    }
    return isNew;
  }

  #moveTo(frame: number): void {
    this.#frame = Math.min(this.lastFrame, Math.max(0, frame));
    this.#anchor = undefined;
  }

  #countShown(milliseconds: number): void {
    this.#shownAt.push(milliseconds);
    while (milliseconds - this.#shownAt[0] > SPEED_WINDOW_SECONDS * 1000) this.#shownAt.shift();
  }
}

function modulo(value: number, period: number): number {
  return ((value % period) + period) % period;
}
