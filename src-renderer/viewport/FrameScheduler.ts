/** What the scheduler needs of a browser; tests pass their own clock. */
export interface FrameClock {
  requestFrame(callback: () => void): number;
  cancelFrame(handle: number): void;
  /** Milliseconds. */
  now(): number;
  /** Calls back once after some milliseconds; returns what prevents it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** The window's own. */
export const browserClock: FrameClock = {
  requestFrame: (callback) => requestAnimationFrame(callback),
  cancelFrame: (handle) => cancelAnimationFrame(handle),
  now: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** What was drawn so far; times in milliseconds of the page's thread (the GPU works on after them). */
export interface FrameStatistics {
  readonly drawnFrames: number;
  readonly lastDrawMilliseconds: number;
  readonly totalDrawMilliseconds: number;
  /** From the first invalidation to the end of the drawing it caused, of the last frame. */
  readonly lastDelayMilliseconds: number;
}

/**
 * Draws only when something changed: any number of `invalidate` calls before the next animation frame give one
 * drawing, and none give none. See README.md.
 */
export class FrameScheduler {
  readonly #draw: () => void;
  readonly #clock: FrameClock;
  #pending: number | undefined;
  #invalidatedAt = 0;
  #isPaused = false;
  #isWanted = false;
  #statistics = {
    drawnFrames: 0,
    lastDrawMilliseconds: 0,
    totalDrawMilliseconds: 0,
    lastDelayMilliseconds: 0,
  };

  constructor(draw: () => void, clock: FrameClock = browserClock) {
    this.#draw = draw;
    this.#clock = clock;
  }

  /** A copy of the figures. */
  get statistics(): FrameStatistics {
    return { ...this.#statistics };
  }

  /** Something that is seen has changed. */
  invalidate(): void {
    if (this.#isPaused) this.#isWanted = true;
    else if (this.#pending === undefined) {
      this.#invalidatedAt = this.#clock.now();
      this.#pending = this.#clock.requestFrame(() => this.#drawNow());
    }
  }

  /** Draws nothing until `resume`, while there is nothing to draw on (a lost context). */
  pause(): void {
    if (this.#pending !== undefined) this.#isWanted = true;
    this.#isPaused = true;
    this.#cancel();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (this.#isWanted) this.invalidate();
    this.#isWanted = false;
  }

  /** No frame is drawn afterwards. */
  dispose(): void {
    this.#isPaused = true;
    this.#cancel();
  }

  #cancel(): void {
    if (this.#pending !== undefined) this.#clock.cancelFrame(this.#pending);
    this.#pending = undefined;
  }

  #drawNow(): void {
    this.#pending = undefined;
    const start = this.#clock.now();
    this.#draw();
    const end = this.#clock.now();
    this.#statistics = {
      drawnFrames: this.#statistics.drawnFrames + 1,
      lastDrawMilliseconds: end - start,
      totalDrawMilliseconds: this.#statistics.totalDrawMilliseconds + end - start,
      lastDelayMilliseconds: end - this.#invalidatedAt,
    };
  }
}
