import type { SchemePrivileges } from '#electron/shellApi';

/** The page's own origin: neither http (no port anybody else could reach) nor file (no access to the disk). */
export const PAGE_ORIGIN = 'studio://app';
export const PAGE_URL = `${PAGE_ORIGIN}/`;
const SCHEME = 'studio';

/** Registered before the app is ready. Standard and secure: workers, WebAssembly and modules as from https. */
export const SCHEMES: SchemePrivileges[] = [
  {
    scheme: SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
  },
];

/** Whether a URL is of our page: what a window may show and whose messages the host hears. */
export function isPageUrl(url: string): boolean {
  try {
    const { protocol, host, username, password } = new URL(url);
    return protocol === `${SCHEME}:` && host === 'app' && username === '' && password === '';
  } catch {
    // No URL at all is not ours.
    return false;
  }
}

/**
 * Serves `studio://app/...` from the host, the same handler that the browser shell mounts. Other hosts of the scheme
 * and requests that another origin has started get nothing.
 */
export function createProtocolHandler(
  handleRequest: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const origin = request.headers.get('origin');
    if (!isPageUrl(request.url)) return refusal(404, 'There is nothing here.');
    if (origin !== null && origin !== PAGE_ORIGIN)
      return refusal(403, 'Other origins may not use this host.');
    return await handleRequest(request);
  };
}

function refusal(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' },
  });
}
