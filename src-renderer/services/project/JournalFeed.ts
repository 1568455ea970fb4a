import { AppError } from '#common/contract/errors';
import type { JournalRecord } from '#common/project/documentHistory';

/** `saved`: every record is on the host's disk. `saving`: some are under way. `offline`: they wait for the host. */
export type FeedState = 'saved' | 'saving' | 'offline';

export interface JournalFeedOptions {
  /** Number of the last record the host has. */
  readonly sequence: number;
  /** Writes one record; it is durable when the promise resolves. */
  readonly append: (sequence: number, record: JournalRecord) => Promise<unknown>;
  /** Asks the host for the number of the last record it has, after a failure. */
  readonly recover: () => Promise<number>;
  readonly onStateChange?: (state: FeedState) => void;
  /** Called once per outage with what went wrong, never for a lost connection (the status line shows that). */
  readonly onProblem?: (error: unknown) => void;
  /** Calls back after some milliseconds; returns what prevents it. The default is the platform's timer. */
  readonly schedule?: (callback: () => void, milliseconds: number) => () => void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Milliseconds between attempts while the host cannot be reached; the last one repeats. */
const RETRY_DELAYS = [250, 500, 1000, 2000, 5000];

/**
 * Carries the records of one project to the host, one at a time and in order. After a failure it asks what has
 * arrived and sends the rest with their own numbers, so nothing is lost, doubled or reordered.
 */
export class JournalFeed {
  readonly #options: JournalFeedOptions;
  /** Records not yet acknowledged; the first has number `#acknowledged + 1`. */
  readonly #waiting: JournalRecord[] = [];
  readonly #waiters: Waiter[] = [];
  #acknowledged: number;
  #isSending = false;
  #failures = 0;
  #lastError: unknown;
  #cancelRetry: (() => void) | undefined;
  #isDisposed = false;

  constructor(options: JournalFeedOptions) {
    this.#options = options;
    this.#acknowledged = options.sequence;
  }

  get state(): FeedState {
    if (this.#waiting.length === 0) return 'saved';
    return this.#failures > 0 ? 'offline' : 'saving';
  }

  /** Number of records that are not on the disk yet. */
  get pending(): number {
    return this.#waiting.length;
  }

  push(record: JournalRecord): void {
    this.#waiting.push(record);
    this.#announce();
    if (this.#failures === 0) void this.#send();
  }

  /**
   * Resolves when every record given so far is on the disk. Rejects with the error of the attempt where the
   * host cannot take them; they stay queued all the same.
   */
  async settled(): Promise<void> {
    if (this.#waiting.length === 0) return;
    await new Promise<void>((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.retryNow();
    });
  }

  /** Tries again at once instead of waiting; call it when the connection is back. */
  retryNow(): void {
    if (this.#isSending || this.#isDisposed || this.#waiting.length === 0) return;
    this.#cancelRetry?.();
    void this.#send();
  }

  /** Stops sending; what is still queued is dropped, so await `settled` first. */
  dispose(): void {
    this.#isDisposed = true;
    this.#cancelRetry?.();
    this.#waiting.length = 0;
    this.#settle();
  }

  async #send(): Promise<void> {
    if (this.#isSending || this.#isDisposed) return;
    this.#isSending = true;
    try {
      if (this.#failures > 0) this.#acknowledge(await this.#options.recover());
      while (this.#waiting.length > 0) {
        await this.#options.append(this.#acknowledged + 1, this.#waiting[0]);
        if (this.#isDisposed) return;
        this.#acknowledge(this.#acknowledged + 1);
        this.#failures = 0;
      }
      this.#failures = 0;
      this.#settle();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isSending = false;
      this.#announce();
    }
    // Pushed between the last acknowledgement and here: nobody else would start the next round.
    if (this.#waiting.length > 0 && this.#failures === 0) void this.#send();
  }

  /** Forgets the records up to a number, which the host has. */
  #acknowledge(sequence: number): void {
    const arrived = sequence - this.#acknowledged;
    if (arrived < 0 || arrived > this.#waiting.length) {
      throw new AppError(
        'project.outOfSequence',
        `The journal on the disk ends at edit ${sequence}; this window knows edits ` +
          `${this.#acknowledged} to ${this.#acknowledged + this.#waiting.length}. Another window may have ` +
          `gone on with the project: close one of them.`,
        { details: { sequence, acknowledged: this.#acknowledged, waiting: this.#waiting.length } },
      );
    }
    this.#waiting.splice(0, arrived);
    this.#acknowledged = sequence;
  }

  #fail(error: unknown): void {
    if (this.#isDisposed) return;
    const delay = RETRY_DELAYS[Math.min(this.#failures, RETRY_DELAYS.length - 1)];
    const isNews = codeOf(error) !== codeOf(this.#lastError) || this.#failures === 0;
    this.#failures++;
    this.#lastError = error;
    if (isNews && codeOf(error) !== 'connection.lost') this.#options.onProblem?.(error);
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
    const schedule = this.#options.schedule ?? scheduleTimer;
    this.#cancelRetry = schedule(() => void this.#send(), delay);
  }

  #settle(): void {
    for (const waiter of this.#waiters.splice(0)) waiter.resolve();
  }

  #announce(): void {
    this.#options.onStateChange?.(this.state);
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof AppError ? error.code : undefined;
}

function scheduleTimer(callback: () => void, milliseconds: number): () => void {
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout(timer);
}
