import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { secretTest } from '#server/secretTest';

/** What a request is worth. `enter` is a first visit with the token in its URL; `reason` is for people. */
export type Access =
  | { readonly kind: 'granted' }
  | { readonly kind: 'enter'; readonly cookie: string; readonly isFromElsewhere: boolean }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 421; readonly reason: string };

export interface AccessGuard {
  /** The secret of this run, part of the printed address. */
  readonly token: string;
  /** Judges a request or a WebSocket's upgrade. `port` is the one the server listens on. */
  judge(request: Pick<IncomingMessage, 'headers' | 'method' | 'url'>, port: number): Access;
}

/**
 * Who may talk to the host: nobody without the token of this run. It comes once in the printed URL and from then on
 * in a cookie that scripts cannot read.
 *
 * Beyond the token: the Host header must be ours, or a foreign name resolving to 127.0.0.1 could read answers (DNS
 * rebinding); the Origin must be ours where one is sent, because cookies know no ports and any other server of this
 * machine is the same site; and the browser's own word on where a request comes from must not be another site.
 */
export function createAccessGuard(token: string = randomBytes(32).toString('base64url')): AccessGuard {
  const isToken = secretTest(token);

  return {
    token,
    judge({ headers, method, url = '' }, port) {
      const { host, origin, cookie } = headers;
      if (!isOwnHost(host, port)) {
        return refused(421, 'This host is not the one that was asked for.');
      }
      if (!url.startsWith('/')) return refused(400, 'The address is not one of this host.');
      if (origin !== undefined && origin !== `http://${host}`) {
        return refused(403, 'Pages of other origins may not use this host.');
      }
      const site = headers['sec-fetch-site'];
      const isFromElsewhere = site !== undefined && site !== 'same-origin' && site !== 'none';
      const offered = method === 'GET' ? queryToken(url) : undefined;
      if (offered !== undefined && isToken(offered)) {
        return { kind: 'enter', cookie: enteringCookie(token, port), isFromElsewhere };
      }
      if (isFromElsewhere) return refused(403, 'Pages of other sites may not use this host.');
      if (isToken(cookieValue(cookie, cookieName(port)))) return { kind: 'granted' };
      return refused(403, 'Open the address that the studio printed in its terminal.');
    },
  };
}

/** Whether the Host header is ours: a foreign name resolving to 127.0.0.1 could read answers (DNS rebinding). */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

function refused(status: 400 | 403 | 421, reason: string): Access {
  return { kind: 'refused', status, reason };
}

/** The port is in the name because cookies are not kept apart by port: two studios would overwrite each other's. */
function cookieName(port: number): string {
  return `avatarartist-${port}`;
}

function enteringCookie(token: string, port: number): string {
  return `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict`;
}

/** The token of `/?token=...`; no other path takes one. */
function queryToken(url: string): string | undefined {
  if (!url.startsWith('/?')) return undefined;
  return new URLSearchParams(url.slice(2)).get('token') ?? undefined;
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, ...value] = pair.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}
