import { beforeEach, describe, expect, it } from 'vitest';
import type { JobId } from '#common/contract/jobs';
import type { ConnectionState } from '$platform/watchedTransport';
import type { SocketLike } from '$platform/webSocketTransport';
import { createWebSocketTransport } from '$platform/webSocketTransport';

/** A socket the test opens, answers and closes. */
class FakeSocket implements SocketLike {
  readonly sent: { kind: string; id?: number; event?: string }[] = [];
  isClosedByUs = false;
  private readonly listeners = new Map<string, ((event: { data: unknown }) => void)[]>();

  send(text: string): void {
    this.sent.push(JSON.parse(text) as { kind: string });
  }
  close(): void {
    this.isClosedByUs = true;
  }
  addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }
  emit(type: string, data?: unknown): void {
    for (const listener of this.listeners.get(type) ?? []) listener({ data });
  }
  answer(message: object): void {
    this.emit('message', JSON.stringify(message));
  }
}

let sockets: FakeSocket[];
let retries: { retry: () => void; milliseconds: number }[];
let states: ConnectionState[];
let transport: ReturnType<typeof createWebSocketTransport>;

beforeEach(() => {
  [sockets, retries, states] = [[], [], []];
  transport = createWebSocketTransport({
    open: () => sockets[sockets.push(new FakeSocket()) - 1],
    schedule(retry, milliseconds) {
      const entry = { retry, milliseconds };
      retries.push(entry);
      return () => retries.splice(retries.indexOf(entry), 1);
    },
  });
  transport.onStateChange((state) => states.push(state));
});

const turn = (): Promise<void> => new Promise(setImmediate);
const reconnect = (): void => retries.splice(0)[0].retry();

describe('calls', () => {
  it('wait for the first connection', async () => {
    const call = transport.invoke('motions.list', {});
    expect(transport.state).toBe('connecting');
    sockets[0].emit('open');
    await turn();
    sockets[0].answer({ kind: 'result', id: 1, result: { motions: [] } });
    expect(await call).toEqual({ motions: [] });
    expect(states).toEqual(['open']);
  });

  it('that are open when the connection goes are lost, and are not sent again', async () => {
    sockets[0].emit('open');
    const call = transport.invoke('motions.list', {});
    await turn();
    sockets[0].emit('close');
    await expect(call).rejects.toMatchObject({ code: 'connection.lost' });
    reconnect();
    sockets[1].emit('open');
    expect(sockets[1].sent).toEqual([]);
    expect(states).toEqual(['open', 'lost', 'open']);
  });

  it('fail at once while the connection is lost, and work again after it', async () => {
    sockets[0].emit('open');
    sockets[0].emit('close');
    await expect(transport.invoke('motions.list', {})).rejects.toMatchObject({ code: 'connection.lost' });
    reconnect();
    sockets[1].emit('open');
    const call = transport.invoke('motions.list', {});
    await turn();
    sockets[1].answer({ kind: 'result', id: 1, result: 'again' });
    expect(await call).toBe('again');
  });

  it('stop waiting for a host that never comes', async () => {
    const call = transport.invoke('motions.list', {});
    const failed = expect(call).rejects.toMatchObject({ code: 'connection.lost' });
    for (let attempt = 0; attempt < 6; attempt++) {
      sockets[attempt].emit('error');
      sockets[attempt].emit('close');
      reconnect();
    }
    await failed;
    expect(states).toEqual(['lost']);
  });
});

it('tries again after growing pauses, and from the start once it was there', () => {
  const pauses: number[] = [];
  const fail = (): void => {
    sockets.at(-1)?.emit('close');
    pauses.push(retries[0].milliseconds);
    reconnect();
  };
  for (let attempt = 0; attempt < 7; attempt++) fail();
  sockets.at(-1)?.emit('open');
  fail();
  expect(pauses).toEqual([100, 250, 500, 1000, 2000, 5000, 5000, 100]);
});

describe('subscriptions', () => {
  it('live through a lost connection', () => {
    const heard: unknown[] = [];
    transport.subscribe('jobs.didStart', (payload) => heard.push(payload));
    sockets[0].emit('open');
    expect(sockets[0].sent).toEqual([{ kind: 'subscribe', event: 'jobs.didStart' }]);
    sockets[0].emit('close');
    const remove = transport.subscribe('library.didChange', () => undefined);
    remove();
    reconnect();
    sockets[1].emit('open');
    expect(sockets[1].sent).toEqual([{ kind: 'subscribe', event: 'jobs.didStart' }]);
    const payload = { jobId: 'job-1' as JobId, kind: 'makeAvatar' };
    sockets[1].answer({ kind: 'event', event: 'jobs.didStart', payload });
    sockets[0].answer({ kind: 'event', event: 'jobs.didStart', payload: 'of the dead' });
    expect(heard).toEqual([payload]);
  });

  it('end once, on the connection that there is', () => {
    sockets[0].emit('open');
    const remove = transport.subscribe('jobs.didStart', () => undefined);
    sockets[0].emit('close');
    reconnect();
    sockets[1].emit('open');
    remove();
    remove();
    expect(sockets[1].sent.map(({ kind }) => kind)).toEqual(['subscribe', 'unsubscribe']);
  });
});

describe('closing', () => {
  it('rejects what is open, and never comes back', async () => {
    sockets[0].emit('open');
    const call = transport.invoke('motions.list', {});
    await turn();
    transport.close();
    transport.close();
    sockets[0].emit('close');
    await expect(call).rejects.toMatchObject({ code: 'connection.lost' });
    await expect(transport.invoke('motions.list', {})).rejects.toMatchObject({ code: 'connection.lost' });
    expect([sockets.length, retries.length, sockets[0].isClosedByUs]).toEqual([1, 0, true]);
    expect(states).toEqual(['open', 'closed']);
  });

  it('forgets the next attempt, and closes one that is under way', () => {
    sockets[0].emit('close');
    transport.close();
    expect(retries).toEqual([]);
    expect(states).toEqual(['closed']);
  });
});

it('is not troubled by messages it does not understand', async () => {
  sockets[0].emit('open');
  const call = transport.invoke('motions.list', {});
  await turn();
  for (const message of [
    null,
    1,
    'x',
    [],
    {},
    { kind: 'event' },
    { kind: 'error', id: 1 },
    { kind: 'result' },
  ]) {
    sockets[0].answer(message as object);
  }
  sockets[0].emit('message', new ArrayBuffer(4));
  sockets[0].answer({ kind: 'result', id: 1, result: 'right' });
  expect(await call).toBe('right');
});
