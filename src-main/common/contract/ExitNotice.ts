/** Tells whoever listens, before or after, why something ended; only the first reason counts. */
export class ExitNotice {
  readonly #listeners: ((reason: string) => void)[] = [];
  #reason: string | undefined;

  get hasEnded(): boolean {
    return this.#reason !== undefined;
  }

  end(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const listener of this.#listeners) listener(reason);
  }

  /** Calls at once where it has ended already. */
  onExit(listener: (reason: string) => void): void {
    if (this.#reason !== undefined) listener(this.#reason);
    else this.#listeners.push(listener);
  }
}
