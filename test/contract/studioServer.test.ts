import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { HostDoor } from '#common/contract/transport';
import type { StudioServer } from '#server/startStudioServer';
import { createHandoverDoor, handFilesOver, HANDOVER_PATH } from '#server/handoverDoor';
import { startStudioServer } from '#server/startStudioServer';
import { rawRequest, sendRaw } from '#test/helpers/rawHttp';

const door: HostDoor = {
  dispatch: (method) => Promise.resolve({ method }),
  subscribe: () => () => undefined,
};

/** Echoes what arrives; `/slow` never ends, `/large` is 64 MiB made while it is read. */
function fakeHost() {
  const seen: { method: string; url: string; signal: AbortSignal }[] = [];
  const made = { chunks: 0, isCancelled: false };
  const handleRequest = async (request: Request): Promise<Response> => {
    const { method, url, signal } = request;
    seen.push({ method, url, signal });
    const path = new URL(url).pathname;
    if (path === '/throws') throw new Error('secret path');
    if (path === '/slow') return new Promise(() => undefined);
    if (path === '/unread') return new Response('too large', { status: 413 });
    if (path === '/large') return new Response(largeBody(made));
    const bytes = method === 'POST' ? (await request.arrayBuffer()).byteLength : 0;
    return new Response(`${method} ${path} ${bytes}`, { headers: { 'x-answer': 'yes' } });
  };
  return { door, handleRequest, seen, made };
}

function largeBody(made: { chunks: number; isCancelled: boolean }): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(65536));
      if (++made.chunks === 1024) controller.close();
    },
    cancel() {
      made.isCancelled = true;
    },
  });
}

let host: ReturnType<typeof fakeHost>;
let server: StudioServer;
let cookie: string;
let ours: { Host: string; Cookie: string };

beforeEach(async () => {
  host = fakeHost();
  server = await startStudioServer({ host });
  const entered = await fetch(server.url, { redirect: 'manual' });
  cookie = entered.headers.get('set-cookie')!.split(';')[0];
  ours = { Host: `127.0.0.1:${server.port}`, Cookie: cookie };
});

afterEach(() => server.close());

describe('the way in', () => {
  it('swaps the token for a cookie that scripts and other sites cannot use', async () => {
    const answer = await fetch(server.url, { redirect: 'manual' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('set-cookie')).toMatch(
      /^avatarartist-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(host.seen).toEqual([]);
  });

  it('lets a visitor from another page in by a page of its own, which keeps the strict cookie', async () => {
    const headers = { Host: ours.Host, 'Sec-Fetch-Site': 'cross-site' };
    const answer = await sendRaw(server.port, rawRequest(`GET /?token=${tokenOf(server)}`, headers));
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.headers.get('refresh')).toBe('0; url=/');
    expect(answer.headers.get('set-cookie')).toContain(cookie);
  });

  it('serves whoever has the cookie', async () => {
    const answer = await fetch(`${server.origin}/a%20b?q=1`, { headers: { cookie } });
    expect(await answer.text()).toBe('GET /a%20b 0');
    expect(answer.headers.get('x-answer')).toBe('yes');
  });
});

describe('refuses, without asking the host', () => {
  afterEach(() => expect(host.seen).toEqual([]));

  const cases: [string, (ours: { Host: string; Cookie: string }) => Record<string, string>, number][] = [
    ['no cookie', ({ Host }) => ({ Host }), 403],
    ['an empty cookie', ({ Host }) => ({ Host, Cookie: `avatarartist-${server.port}=` }), 403],
    [
      'a wrong cookie',
      ({ Host }) => ({ Host, Cookie: `avatarartist-${server.port}=${'A'.repeat(43)}` }),
      403,
    ],
    [
      'the cookie of another port',
      ({ Host, Cookie }) => ({ Host, Cookie: Cookie.replace(/\d+=/, '1=') }),
      403,
    ],
    ['a rebound name', ({ Cookie }) => ({ Host: `evil.example:${server.port}`, Cookie }), 421],
    ['another port', ({ Cookie }) => ({ Host: '127.0.0.1:1', Cookie }), 421],
    ['no port', ({ Cookie }) => ({ Host: '127.0.0.1', Cookie }), 421],
    ['a foreign origin', (ours) => ({ ...ours, Origin: 'https://evil.example' }), 403],
    ['the origin of another server here', (ours) => ({ ...ours, Origin: 'http://127.0.0.1:1' }), 403],
    ['an opaque origin', (ours) => ({ ...ours, Origin: 'null' }), 403],
    ['https of the same host', (ours) => ({ ...ours, Origin: `https://${ours.Host}` }), 403],
    ['another site', (ours) => ({ ...ours, 'Sec-Fetch-Site': 'cross-site' }), 403],
    ['another port of this site', (ours) => ({ ...ours, 'Sec-Fetch-Site': 'same-site' }), 403],
  ];
  it.each(cases)('%s', async (_, headers, status) => {
    expect(await sendRaw(server.port, rawRequest('GET /', headers(ours)))).toMatchObject({ status });
    const upgrade = { ...headers(ours), ...UPGRADE };
    expect(await sendRaw(server.port, rawRequest('GET /socket', upgrade))).toMatchObject({ status });
  });

  it.each(['/?token=', '/?token=wrong', '/index.html?token=TOKEN', '/socket?token=TOKEN'])(
    'the token in %s',
    async (path) => {
      const target = path.replace('TOKEN', tokenOf(server));
      const request = rawRequest(`GET ${target}`, { Host: ours.Host });
      expect(await sendRaw(server.port, request)).toMatchObject({ status: 403 });
    },
  );

  it('a token in anything but a visit', async () => {
    const request = rawRequest(`POST /?token=${tokenOf(server)}`, { Host: ours.Host, 'Content-Length': '0' });
    expect(await sendRaw(server.port, request)).toMatchObject({ status: 403 });
  });

  it.each([
    ['GET http://evil.example/ HTTP/1.1', 400],
    ['GET * HTTP/1.1', 400],
    ['TRACE / HTTP/1.1', 405],
    ['GET', 400],
    ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['NONSENSE / HTTP/1.1', 400],
  ])('%s', async (line, status) => {
    const request = `${line}\r\nHost: ${ours.Host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`;
    expect(await sendRaw(server.port, request)).toMatchObject({ status });
  });

  it('headers without an end', async () => {
    const huge = rawRequest('GET /', { ...ours, 'X-Large': 'x'.repeat(100_000) });
    expect((await sendRaw(server.port, huge)).status).toBe(400);
  });
});

it('never lets the address name another host or climb out of its own', async () => {
  for (const path of [
    '//evil.example/x',
    '/\\evil.example/x',
    '/../../etc/passwd',
    '/a/%2e%2e/%2e%2e/etc/passwd',
  ]) {
    expect(await sendRaw(server.port, rawRequest(`GET ${path}`, ours))).toMatchObject({ status: 200 });
  }
  const urls = host.seen.map(({ url }) => new URL(url));
  expect(new Set(urls.map(({ origin }) => origin))).toEqual(new Set([server.origin]));
  expect(urls.every(({ pathname }) => !pathname.includes('..'))).toBe(true);
});

it('is not reachable from the network', async () => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  for (const { address, internal, family } of addresses) {
    if (internal || family !== 'IPv4') continue;
    const socket = connect(server.port, address);
    await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  }
});

describe('bytes', () => {
  it('passes uploads on and answers them', async () => {
    const body = new Uint8Array(3_000_000);
    const answer = await fetch(`${server.origin}/uploads`, { method: 'POST', body, headers: { cookie } });
    expect(await answer.text()).toBe('POST /uploads 3000000');
  });

  it('answers an upload that the host does not read', async () => {
    const body = new Uint8Array(8_000_000);
    const answer = await fetch(`${server.origin}/unread`, { method: 'POST', body, headers: { cookie } });
    expect([answer.status, await answer.text()]).toEqual([413, 'too large']);
  });

  it('makes a large answer only as fast as it is read, and stops when the reader goes', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(rawRequest('GET /large', ours));
    await once(socket, 'data');
    socket.pause();
    await quiet(() => host.made.chunks);
    expect(host.made.chunks).toBeLessThan(512);
    socket.destroy();
    await until(() => host.made.isCancelled);
  });

  it('sends a large answer whole', async () => {
    const answer = await fetch(`${server.origin}/large`, { headers: { cookie } });
    expect((await answer.arrayBuffer()).byteLength).toBe(64 * 1024 * 1024);
  });

  it('tells the handler when the caller has gone', async () => {
    const abort = new AbortController();
    const gone = fetch(`${server.origin}/slow`, { headers: { cookie }, signal: abort.signal });
    await until(() => host.seen.length === 1);
    abort.abort();
    await expect(gone).rejects.toThrow();
    await until(() => host.seen[0].signal.aborted);
  });

  it('answers 500 without details where the handler throws', async () => {
    const answer = await fetch(`${server.origin}/throws`, { headers: { cookie } });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect((await fetch(`${server.origin}/after`, { headers: { cookie } })).status).toBe(200);
  });
});

it('says that a port is taken', async () => {
  await expect(startStudioServer({ host, port: server.port })).rejects.toMatchObject({
    code: 'input.badOption',
    message: `Port ${server.port} is taken by another program. Choose another with --port.`,
  });
});

it('closes its sockets with a goodbye and cuts requests that never end', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/socket`, { headers: { cookie } });
  await once(socket, 'open');
  const slow = fetch(`${server.origin}/slow`, { headers: { cookie } });
  const failed = expect(slow).rejects.toThrow();
  await until(() => host.seen.length === 1);
  const goodbye = once(socket, 'close');
  await server.close();
  expect((await goodbye)[0]).toBe(1001);
  await failed;
  await expect(fetch(server.origin)).rejects.toThrow();
});

const UPGRADE = {
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

function tokenOf({ url }: StudioServer): string {
  return new URL(url).searchParams.get('token')!;
}

async function until(isTrue: () => boolean): Promise<void> {
  await expect.poll(isTrue, { interval: 5, timeout: 5000 }).toBe(true);
}

/** Waits until a number stays the same through several turns of the loop. */
async function quiet(read: () => number): Promise<void> {
  let last = -1;
  await expect
    .poll(
      () => {
        const isSame = read() === last;
        last = read();
        return isSame;
      },
      { interval: 50, timeout: 5000 },
    )
    .toBe(true);
}

describe('files of a second start', () => {
  let taken: (readonly string[])[];
  let isPageThere: boolean;
  let studio: StudioServer;
  let key: string;

  beforeEach(async () => {
    taken = [];
    isPageThere = true;
    const handover = createHandoverDoor((paths) => {
      taken.push(paths);
      return isPageThere;
    });
    ({ key } = handover);
    studio = await startStudioServer({ host, handover });
  });

  afterEach(() => studio.close());

  it('reach the page that is open, or wait for the next one', async () => {
    expect(await handFilesOver(studio.url, key, ['/a b.avatar', '/ü.png'])).toEqual({ kind: 'taken' });
    isPageThere = false;
    expect(await handFilesOver(studio.url, key, ['/c.png'])).toEqual({ kind: 'waiting' });
    expect(taken).toEqual([['/a b.avatar', '/ü.png'], ['/c.png']]);
    expect(host.seen).toEqual([]);
  });

  it('are not taken from a page, which has the token but not the key', async () => {
    const entered = await fetch(studio.url, { redirect: 'manual' });
    const headers = { cookie: entered.headers.get('set-cookie')!.split(';')[0] };
    const body = JSON.stringify({ files: ['/etc/passwd'] });
    const post = async (more: Record<string, string>) =>
      (await fetch(studio.origin + HANDOVER_PATH, { method: 'POST', headers: { ...headers, ...more }, body })).status; // prettier-ignore
    expect(await post({})).toBe(403);
    expect(await post({ 'x-avatarartist-key': 'x'.repeat(43) })).toBe(403);
    expect(await post({ 'x-avatarartist-key': key, origin: studio.origin })).toBe(403);
    expect(taken).toEqual([]);
  });

  it('are not asked for under a foreign name', async () => {
    const head = rawRequest(`POST ${HANDOVER_PATH}`, { Host: 'evil.example', 'x-avatarartist-key': key });
    const answer = await sendRaw(studio.port, head);
    expect(answer.status).toBe(421);
    expect(taken).toEqual([]);
  });

  it.each([[[]], [['relative.png']], [['/a'.repeat(3000)]], [Array.from({ length: 17 }, () => '/a.png')]])(
    'are refused with a reason where they are %j',
    async (files) => {
      const outcome = await handFilesOver(studio.url, key, files);
      expect(outcome).toEqual({ kind: 'refused', reason: 'Files are 1 to 16 absolute paths.' });
      expect(taken).toEqual([]);
    },
  );

  it('are refused where nobody answers', async () => {
    const { url } = studio;
    await studio.close();
    expect((await handFilesOver(url, key, ['/a.png'])).kind).toBe('refused');
    studio = await startStudioServer({ host });
  });
});
