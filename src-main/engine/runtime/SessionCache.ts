import { createHash } from 'node:crypto';
import type { InferenceSession } from 'onnxruntime-node';

interface Entry {
  readonly key: string;
  readonly session: Promise<InferenceSession>;
  users: number;
}

/** A borrowed session; `release` gives it back. */
export interface SharedSession {
  readonly session: InferenceSession;
  release(): Promise<void>;
}

/**
 * Sessions by what they were made of: equal graphs share one, and the last few that nobody uses stay loaded, since
 * making one costs a tenth of a second and up. What idles holds memory, so there are few of them.
 */
export class SessionCache {
  readonly #idleLimit: number;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();

  constructor(idleLimit: number) {
    this.#idleLimit = idleLimit;
  }

  /** @param key everything that shapes the session besides its bytes */
  async borrow(
    bytes: Uint8Array,
    key: string,
    create: () => Promise<InferenceSession>,
  ): Promise<SharedSession> {
    const full = `${createHash('sha256').update(bytes).digest('hex')} ${key}`;
    const entry = this.#entries.get(full) ?? { key: full, session: create(), users: 0 };
    this.#touch(entry);
    entry.users++;
    try {
      return { session: await entry.session, release: releaseOnce(() => this.#giveBack(entry)) };
    } catch (error) {
      // What could not be made is tried anew next time.
      this.#entries.delete(full);
      throw error;
    }
  }

  /** Releases what nobody uses; sessions still borrowed end when they are given back. */
  async dispose(): Promise<void> {
    await this.#evict(0);
  }

  async #giveBack(entry: Entry): Promise<void> {
    entry.users--;
    this.#touch(entry);
    await this.#evict(this.#idleLimit);
  }

  #touch(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.#entries.set(entry.key, entry);
  }

  async #evict(limit: number): Promise<void> {
    const idle = [...this.#entries.values()].filter(({ users }) => users === 0);
    const surplus = idle.slice(0, Math.max(0, idle.length - limit));
    for (const { key } of surplus) this.#entries.delete(key);
    for (const { session } of surplus) await (await session).release();
  }
}

function releaseOnce(release: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= release());
}
