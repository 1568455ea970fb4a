import { AppError } from '#common/contract/errors';
import type { ErrorCode } from '#common/contract/errors';
import { toWire } from '#common/contract/wire';
import { parseRange } from '#host/requests/byteRange';
import type { ServedContent } from '#host/requests/servedContent';

/** On every answer: the type is what we say, and no other site may embed or time it. */
const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** For what is no page: opened by itself it may do nothing. */
const INERT_POLICY = { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" };

/** Answers GET or HEAD for content: conditions, one range, all headers. `extra` replaces what it names. */
export async function respondWith(
  request: Request,
  content: ServedContent,
  extra: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const etag = `"${content.sha256}"`;
  const headers: Record<string, string> = {
    ...COMMON_HEADERS,
    ...INERT_POLICY,
    'cache-control': content.cacheControl,
    etag,
    'accept-ranges': 'bytes',
    ...extra,
  };
  if (isUnchanged(request, etag)) return new Response(null, { status: 304, headers });
  headers['content-type'] = content.type;
  const { length } = content;
  const range = rangeOf(request, etag, length);
  if (range === 'unsatisfiable') {
    return plain(416, 'There is no such range.', { 'content-range': `bytes */${length}` });
  }
  const { start, end } = range ?? { start: 0, end: length };
  headers['content-length'] = String(end - start);
  if (range !== undefined) headers['content-range'] = `bytes ${start}-${end - 1}/${length}`;
  const body = request.method === 'HEAD' ? null : await content.open({ start, end });
  return new Response(body, { status: range === undefined ? 200 : 206, headers });
}

export function respondWithJson(status: number, value: unknown): Response {
  return Response.json(value, {
    status,
    headers: { ...COMMON_HEADERS, ...INERT_POLICY, 'cache-control': 'no-store' },
  });
}

/** The wire record of an error under the status that fits it; `headers` are added. */
export function respondWithError(error: unknown): Response {
  const wire = toWire(error);
  const status = error instanceof AppError ? (STATUSES[error.code] ?? 500) : 500;
  return respondWithJson(status, wire);
}

export function notFound(): Response {
  return plain(404, 'There is nothing here.');
}

export function methodNotAllowed(allowed: readonly string[]): Response {
  return plain(405, 'This cannot be done here.', { allow: allowed.join(', ') });
}

const STATUSES: Partial<Record<ErrorCode, number>> = {
  'upload.tooLarge': 413,
  'upload.notFound': 404,
  'library.noSuchAvatar': 404,
  'project.notOpen': 404,
  'capability.missing': 404,
  'input.fileNotFound': 404,
  'input.emptyFile': 400,
  'contract.invalidParams': 400,
  'connection.lost': 400,
  'avatar.notAnAvatar': 422,
  'avatar.damaged': 422,
  'avatar.tooNew': 422,
  'avatar.unsafeArchive': 422,
  'disk.full': 507,
  'disk.notWritable': 507,
};

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: {
      ...COMMON_HEADERS,
      ...INERT_POLICY,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    },
  });
}

function isUnchanged(request: Request, etag: string): boolean {
  const known = request.headers.get('if-none-match');
  if (known === null) return false;
  return known.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}

/** Undefined for the whole body: no range asked for, HEAD, or the copy it continues is another one. */
function rangeOf(request: Request, etag: string, length: number): ReturnType<typeof parseRange> | undefined {
  const header = request.headers.get('range');
  if (header === null || request.method !== 'GET') return undefined;
  const condition = request.headers.get('if-range');
  return condition !== null && condition.trim() !== etag ? undefined : parseRange(header, length);
}
