/**
 * What the page may do. Code and style sheets come from us alone; WebAssembly may be compiled, text may not be
 * evaluated. `style` attributes are allowed, for components that place floating parts with them: they can select
 * nothing, and what they could fetch is ours too.
 *
 * @param page where the page is served from; its WebSocket lies beside it in browser mode
 */
export function contentSecurityPolicy(page: URL): string {
  const socket = SOCKETS[page.protocol];
  const directives: Readonly<Record<string, readonly string[]>> = {
    'default-src': ["'self'"],
    'script-src': ["'self'", "'wasm-unsafe-eval'"],
    'style-src': ["'self'"],
    'style-src-attr': ["'unsafe-inline'"],
    'img-src': ["'self'", 'blob:', 'data:'],
    'media-src': ["'self'", 'blob:'],
    'connect-src': ["'self'", ...(socket === undefined ? [] : [`${socket}//${page.host}`])],
    'worker-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives).map(([name, values]) => `${name} ${values.join(' ')}`).join('; '); // prettier-ignore
}

const SOCKETS: Readonly<Record<string, string>> = { 'http:': 'ws:', 'https:': 'wss:' };

/** Headers of everything the page is made of; its workers obey the policy of their own file. */
export function pageHeaders(page: URL): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(page),
    // Together they isolate the page, so that it may use shared memory and precise time.
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  };
}
