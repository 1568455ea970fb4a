import { AppError } from '#common/contract/errors';
import { toWire } from '#common/contract/wire';
import type { NoticeSeverity } from '$services/notices/errorAdvice';
import { adviceFor } from '$services/notices/errorAdvice';

/** A button of a notice. */
export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** One message to the artist. */
export interface Notice {
  readonly id: number;
  readonly severity: NoticeSeverity;
  readonly title: string;
  /** What failed, on what, and the next step. */
  readonly text?: string;
  /** For a report: code, message and causes as JSON. Only errors have it. */
  readonly details?: string;
  readonly action?: NoticeAction;
}

const MAXIMUM_SHOWN = 4;
/** Milliseconds until a notice leaves; long enough to read and to reach its button. Errors stay. */
const LIFETIME = { info: 7000, warning: 12_000, error: undefined } as const;

export interface NoticeOptions {
  /** Runs the command behind an error's remedy. Set by `createServices` once commands exist. */
  readonly runCommand?: (commandId: string) => void;
}

/** What the studio tells the artist: short messages at the edge of the window, newest last. */
export class NoticeService {
  #notices = $state.raw<readonly Notice[]>([]);
  #nextId = 1;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  readonly #runCommand: (commandId: string) => void;

  constructor(options: NoticeOptions = {}) {
    this.#runCommand = options.runCommand ?? (() => undefined);
  }

  get shown(): readonly Notice[] {
    return this.#notices;
  }

  /**
   * Shows a failure the way the table in `errorAdvice` says. Cancelling shows nothing. `during` is what was
   * being done, as a gerund: "Opening the project".
   */
  report(error: unknown, during?: string): void {
    const advice = adviceFor(error);
    if (advice === undefined) return;
    const message = error instanceof AppError ? error.message : 'An unexpected error was met.';
    const { action } = advice;
    this.#show({
      severity: advice.severity,
      title: during === undefined ? advice.title : `${during}: ${lowerFirst(advice.title)}`,
      // The host's own words often name the next step already.
      text:
        advice.advice === undefined || message.includes(advice.advice)
          ? message
          : `${message} ${advice.advice}`,
      details: JSON.stringify(toWire(error), undefined, 2),
      ...(action === undefined
        ? {}
        : { action: { label: action.label, run: () => this.#runCommand(action.commandId) } }),
    });
  }

  /** Something went as asked and deserves a word, or a way back ("Undo"). */
  info(text: string, action?: NoticeAction): void {
    this.#show({ severity: 'info', title: text, ...(action === undefined ? {} : { action }) });
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
  }

  /** Keeps a notice while the pointer or the focus is on it. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Starts the notice's time again. */
  release(id: number): void {
    const notice = this.#notices.find((one) => one.id === id);
    const lifetime = notice && LIFETIME[notice.severity];
    if (lifetime === undefined) return;
    this.hold(id);
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), lifetime),
    );
  }

  #show(notice: Omit<Notice, 'id'>): void {
    // The same message again replaces the first, so that a repeated failure does not fill the window.
    const repeated = this.#notices.find((one) => one.title === notice.title && one.text === notice.text);
    if (repeated !== undefined) this.dismiss(repeated.id);
    const id = this.#nextId++;
    const kept = this.#notices.slice(-(MAXIMUM_SHOWN - 1));
    for (const dropped of this.#notices) if (!kept.includes(dropped)) this.hold(dropped.id);
    this.#notices = [...kept, { ...notice, id }];
    this.release(id);
  }
}

/** First letter small, unless the word is an abbreviation. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z’]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
