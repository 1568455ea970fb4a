import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { HostMessage } from '#common/contract/portMessages';
import { CONTRACT_VERSION } from '#common/contract/hostApi';
import { createSeededRandom } from '#common/math/seededRandom';
import { brokenFrame, sendBrokenFrame } from '#test/helpers/brokenFrames';
import { malformedMessage } from '#test/helpers/malformedMessages';

export interface FuzzOptions {
  /** `http://127.0.0.1:port/?token=...` of a running studio. */
  readonly url: string;
  readonly messages: number;
  readonly brokenFrames: number;
  readonly seed: number;
  /** Called after every batch with the number of messages so far. */
  readonly onBatch?: (sent: number) => void | Promise<void>;
}

export interface FuzzReport {
  readonly sent: number;
  readonly brokenFrames: number;
  /** Error code -> how often a malformed message got it. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Malformed messages that were answered with a result, or not at all where an error was due. */
  readonly faults: readonly string[];
}

const BATCH = 250;

/**
 * Throws malformed messages at a studio over its real socket. After every batch a proper call must be answered, so
 * a host that has died, stalled or lost its order is noticed there and then.
 *
 * @throws Error where the connection is lost or the proper call fails
 */
export async function fuzzSocket(options: FuzzOptions): Promise<FuzzReport> {
  const random = createSeededRandom(options.seed);
  const { cookie, port } = await enter(options.url);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { headers: { cookie } });
  await once(socket, 'open');
  const refusals: Record<string, number> = {};
  const faults: string[] = [];
  const due = new Map<number, string>();
  let settle: (message: HostMessage) => void = () => undefined;
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as HostMessage;
    if (message.kind === 'event') return;
    if (message.id === PROPER_ID) return settle(message);
    const name = due.get(message.id) ?? 'a message without a usable id';
    if (message.kind === 'result') faults.push(`${name} was answered with a result`);
    else refusals[message.error.code] = (refusals[message.error.code] ?? 0) + 1;
    if (!due.delete(message.id)) faults.push(`${name} was answered`);
  });

  let sent = 0;
  while (sent < options.messages) {
    const end = Math.min(options.messages, sent + BATCH);
    for (; sent < end; sent++) {
      const { name, data, id } = malformedMessage(random, sent);
      if (id !== undefined) due.set(id, name);
      socket.send(data);
    }
    await new Promise<void>((resolve, reject) => {
      socket.once('close', (code) =>
        reject(new Error(`The host closed the socket (${code}) after ${sent} messages.`)),
      );
      settle = (message) =>
        message.kind === 'result'
          ? resolve()
          : reject(new Error(`The proper call failed: ${JSON.stringify(message)}`));
      const params = { contractVersion: CONTRACT_VERSION };
      socket.send(JSON.stringify({ kind: 'invoke', id: PROPER_ID, method: 'host.handshake', params }));
    });
    socket.removeAllListeners('close');
    // Refusals that take a turn longer than the handshake's answer.
    for (let turns = 0; due.size > 0 && turns < 1000; turns++) await new Promise(setImmediate);
    for (const name of due.values()) faults.push(`${name} was not answered`);
    due.clear();
    await options.onBatch?.(sent);
  }
  for (let index = 0; index < options.brokenFrames; index++) {
    const { bytes, endsEarly } = brokenFrame(random, index);
    await sendBrokenFrame(port, { Host: `127.0.0.1:${port}`, Cookie: cookie }, bytes, endsEarly);
  }
  socket.terminate();
  return { sent, brokenFrames: options.brokenFrames, refusals, faults };
}

const PROPER_ID = 1;

/** Enters like a browser: the token once, the cookie from then on. */
export async function enter(url: string): Promise<{ readonly cookie: string; readonly port: number }> {
  const answer = await fetch(url, { redirect: 'manual' });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (answer.status !== 303 || cookie === undefined)
    throw new Error(`The studio said ${answer.status} to its token.`);
  return { cookie, port: Number(new URL(url).port) };
}
