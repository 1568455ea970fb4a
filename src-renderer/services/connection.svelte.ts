import type { Capabilities } from '#common/contract/capabilities';
import type { HandshakeResult } from '#common/contract/hostApi';
import { CONTRACT_VERSION } from '#common/contract/hostApi';
import type { HostClient } from '#common/contract/hostClient';
import type { ConnectionState, WatchedTransport } from '$platform/watchedTransport';

/**
 * Whether the host can be reached and speaks our contract. After an outage it shakes hands again: a host of
 * another version may have taken the place, and what was shown may be out of date.
 */
export class ConnectionService {
  readonly #client: Pick<HostClient, 'host'>;
  readonly #listeners = new Set<() => void>();
  #state = $state<ConnectionState>('connecting');
  #handshake = $state.raw<HandshakeResult>();
  #isMismatched = $state(false);

  constructor(transport: WatchedTransport, client: Pick<HostClient, 'host'>) {
    this.#client = client;
    this.#state = transport.state;
    transport.onStateChange((state) => {
      const wasLost = this.#state === 'lost';
      this.#state = state;
      if (wasLost && state === 'open') void this.#greetAgain();
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The host speaks another version of the contract: only reloading the window helps. */
  get isMismatched(): boolean {
    return this.#isMismatched;
  }

  get appVersion(): string {
    return this.#handshake?.appVersion ?? '';
  }

  get capabilities(): Capabilities | undefined {
    return this.#handshake?.capabilities;
  }

  /**
   * The first call of the page.
   *
   * @throws AppError `contract.versionMismatch`, `connection.lost`
   */
  async greet(): Promise<Capabilities> {
    const answer = await this.#client.host.handshake({ contractVersion: CONTRACT_VERSION });
    this.#handshake = answer;
    this.#isMismatched = answer.contractVersion !== CONTRACT_VERSION;
    return answer.capabilities;
  }

  /** Called whenever the connection is back, with the host greeted: read again what you show. */
  onReconnect(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #greetAgain(): Promise<void> {
    try {
      await this.greet();
    } catch (error) {
      // Lost again before the answer: the next time it opens starts over. Anything else means two halves that disagree.
      this.#isMismatched = this.#state === 'open' && codeOf(error) !== 'connection.lost';
      return;
    }
    if (!this.#isMismatched) for (const listener of this.#listeners) listener();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
