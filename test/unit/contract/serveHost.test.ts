import { beforeEach, describe, expect, it } from 'vitest';
import type { HostMessage } from '#common/contract/portMessages';
import { serveHost } from '#common/contract/serveHost';
import type { HostDoor } from '#common/contract/transport';

type Emit = (payload: unknown) => void;

/** A port under the test's hands, and a door that answers when told to. */
function aService(options: Parameters<typeof serveHost>[2] = {}) {
  const posted: HostMessage[] = [];
  const calls: { method: string; resolve: (result: unknown) => void; reject: (error: unknown) => void }[] =
    [];
  const subscribed = new Map<string, Emit>();
  const refused: string[] = [];
  let receive: (message: unknown) => void = () => undefined;
  let failure: ((message: HostMessage) => void) | undefined;
  const door: HostDoor = {
    dispatch: (method) => new Promise((resolve, reject) => calls.push({ method, resolve, reject })),
    subscribe(event, listener) {
      subscribed.set(event, listener as Emit);
      return () => subscribed.delete(event);
    },
  };
  const end = serveHost(
    {
      post(message) {
        failure?.(message as HostMessage);
        posted.push(message as HostMessage);
      },
      onMessage(listener) {
        receive = listener;
        return () => (receive = () => undefined);
      },
      close: () => undefined,
    },
    door,
    { onRefused: (reason) => refused.push(reason), ...options },
  );
  return {
    posted,
    calls,
    subscribed,
    refused,
    end,
    send: (message: unknown) => receive(message),
    failWith: (thrower: (message: HostMessage) => void) => (failure = thrower),
    settle: () => new Promise(setImmediate),
  };
}

let service: ReturnType<typeof aService>;
beforeEach(() => (service = aService()));

const invoke = (id: number, method = 'motions.list') => ({ kind: 'invoke', id, method, params: {} });

describe('refusing', () => {
  class Foreign {
    kind = 'invoke';
  }
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;

  it.each([
    [undefined, /bad "params"/],
    [null, /bad "params"/],
    ['invoke', /bad "params"/],
    [new Foreign(), /not plain data/],
    [{ kind: 'invoke', method: 'x' }, /bad "id"/],
    [{ kind: 'subscribe', event: 7 }, /bad "event"/],
    [{ kind: 'unknown' }, /bad "kind"/],
    [{ kind: 'subscribe', event: 'jobs.didStart', more: 1 }, /not known here/],
    [cyclic, /nested deeper than 100/],
    [{ ...invoke(1), params: () => 1 }, /holds a function/],
    [{ ...invoke(1), params: 1n }, /holds a bigint/],
    [{ ...invoke(1), params: new Uint8Array(4) }, /not plain data/],
    [JSON.parse('{"kind":"invoke","id":1,"method":"x","params":{"__proto__":{}}}'), /__proto__/],
  ])('%o', (message, reason) => {
    service.send(message);
    expect(service.refused).toEqual([expect.stringMatching(reason)]);
    expect(service.calls).toEqual([]);
  });

  it('answers where there is an id to answer, and drops the rest', () => {
    service.send({ kind: 'nonsense', id: 7 });
    for (const id of [-1, 0.5, Infinity, '7', null]) service.send({ kind: 'nonsense', id });
    expect(service.posted).toEqual([
      { kind: 'error', id: 7, error: expect.objectContaining({ code: 'contract.invalidParams' }) as unknown },
    ]);
    expect(service.refused).toHaveLength(6);
  });

  it('looks no further than its budget allows', () => {
    service = aService({ budget: { values: 10, characters: 100, depth: 5 } });
    service.send({ ...invoke(1), params: Array.from({ length: 1000 }, () => 0) });
    service.send({ ...invoke(2), params: 'x'.repeat(101) });
    service.send({ ...invoke(3), params: { ['k'.repeat(101)]: 1 } });
    expect(service.refused).toEqual([
      'has more than 10 values',
      'has more than 100 characters',
      'has more than 100 characters',
    ]);
    expect(service.calls).toEqual([]);
  });

  it('bounds the calls that are open at a time', async () => {
    service = aService({ maximumOpenCalls: 2 });
    for (const id of [1, 2, 3]) service.send(invoke(id));
    expect(service.posted).toMatchObject([{ kind: 'error', id: 3, error: { code: 'contract.overloaded' } }]);
    service.calls[0].resolve('done');
    await service.settle();
    service.send(invoke(4));
    expect(service.calls).toHaveLength(3);
  });

  it('lets no id stand for two calls, and answers the first one', async () => {
    service.send(invoke(1));
    service.send(invoke(1));
    expect(service.posted).toEqual([]);
    service.calls[0].resolve('first');
    await service.settle();
    expect(service.posted).toEqual([{ kind: 'result', id: 1, result: 'first' }]);
  });
});

describe('a port that fails', () => {
  it('gets an error in the place of a result it cannot carry', async () => {
    service.failWith(({ kind }) => {
      if (kind === 'result') throw new TypeError('cannot be cloned');
    });
    service.send(invoke(1));
    service.calls[0].resolve({});
    await service.settle();
    expect(service.posted).toMatchObject([{ kind: 'error', id: 1, error: { code: 'internal.invariant' } }]);
  });

  it('ends its own service and nothing else', async () => {
    service.send({ kind: 'subscribe', event: 'jobs.didStart' });
    service.send(invoke(1));
    const emit = service.subscribed.get('jobs.didStart')!;
    service.failWith(() => {
      throw new Error('gone');
    });
    expect(() => emit({})).not.toThrow();
    expect(service.subscribed.size).toBe(0);
    service.calls[0].resolve({});
    service.send(invoke(2));
    await service.settle();
    expect([service.posted, service.calls.length]).toEqual([[], 1]);
  });
});

describe('subscriptions', () => {
  it('are one per event, end on request and with the service', () => {
    service.send({ kind: 'subscribe', event: 'jobs.didStart' });
    service.send({ kind: 'subscribe', event: 'jobs.didStart' });
    service.send({ kind: 'subscribe', event: 'jobs.didFinish' });
    service.send({ kind: 'subscribe', event: 'of.aNewerCaller' });
    expect([...service.subscribed.keys()]).toEqual(['jobs.didStart', 'jobs.didFinish']);
    service.subscribed.get('jobs.didStart')!({ jobId: '1' });
    expect(service.posted).toEqual([{ kind: 'event', event: 'jobs.didStart', payload: { jobId: '1' } }]);
    service.send({ kind: 'unsubscribe', event: 'jobs.didStart' });
    expect([...service.subscribed.keys()]).toEqual(['jobs.didFinish']);
    service.end();
    expect(service.subscribed.size).toBe(0);
  });

  it('keep the answers of calls that end after the service to themselves', async () => {
    service.send(invoke(1));
    service.end();
    service.calls[0].resolve({});
    await service.settle();
    expect(service.posted).toEqual([]);
  });
});
