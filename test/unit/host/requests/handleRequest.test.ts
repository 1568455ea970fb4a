import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#common/contract/errors';
import type { WireError } from '#common/contract/wire';
import { silentLog } from '#host/log';
import { createRequestHandler } from '#host/requests/handleRequest';
import type { UploadStore } from '#host/uploads/uploadStore';
import { createUploadStore } from '#host/uploads/uploadStore';
import { anAvatarFile } from '#test/helpers/anAvatarFile';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const ORIGIN = 'http://127.0.0.1:4321';
const SECRET = 'nobody may read this';
const folder = temporaryFolder();
let uploads: UploadStore;
let handle: (request: Request) => Promise<Response>;

beforeEach(async () => {
  const at = (...names: string[]): string => join(folder.path, ...names);
  for (const name of ['page/assets', 'motions', 'samples', 'avatars'])
    await mkdir(at(name), { recursive: true });
  await writeFile(at('secret.txt'), SECRET);
  await writeFile(at('page', 'index.html'), '<!doctype html>');
  await writeFile(at('page', 'assets', 'index-a1.js'), 'export {};');
  await writeFile(at('page', 'empty.txt'), '');
  await symlink(at('secret.txt'), at('page', 'assets', 'link.txt'));
  await writeFile(at('motions', 'idle.json'), '{}');
  await writeFile(at('samples', 'ada.png'), 'png');
  await writeFile(at('samples', 'samples.json'), SECRET);
  await writeFile(at('avatars', 'a1.avatar'), await anAvatarFile('Ada'));
  await writeFile(at('avatars', 'broken.avatar'), 'no zip');
  uploads = createUploadStore({ directory: at('uploads'), log: silentLog, largest: 1000 });
  const known = (id: string, code: 'library.noSuchAvatar' | 'project.notOpen'): string => {
    if (id === 'nobody') throw new AppError(code, 'There is no such thing.');
    return at('avatars', `${id}.avatar`);
  };
  handle = createRequestHandler({
    uploads,
    avatarFileOf: (id) => known(id, 'library.noSuchAvatar'),
    projectAvatarFileOf: (id) => known(id, 'project.notOpen'),
    pageDirectory: at('page'),
    motionsDirectory: at('motions'),
    samplesDirectory: at('samples'),
    looksDirectory: at('looks'),
    log: silentLog,
  });
});

afterEach(async () => {
  await uploads.dispose();
});

const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  handle(new Request(ORIGIN + path, { method, headers }));

const send = (
  body: string,
  headers: Record<string, string> = { 'x-file-name': 'a.png' },
): Promise<Response> => handle(new Request(`${ORIGIN}/uploads`, { method: 'POST', headers, body }));

describe('reading', () => {
  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/index.html', 'text/html; charset=utf-8'],
    ['/assets/index-a1.js', 'text/javascript; charset=utf-8'],
    ['/empty.txt', 'text/plain; charset=utf-8'],
    ['/motions/idle.json', 'application/json; charset=utf-8'],
    ['/samples/ada.png', 'image/png'],
    ['/avatars/a1/thumbnail.png', 'image/png'],
    ['/avatars/a1/geometry.bin', 'application/octet-stream'],
    ['/avatars/a1/manifest.json', 'application/json; charset=utf-8'],
    ['/avatars/a1/RIGHTS.txt', 'text/plain; charset=utf-8'],
    ['/projects/a1/avatar/atlas.png', 'image/png'],
  ])('%s gives %s with what a browser must be told', async (path, type) => {
    const response = await get(path);
    const body = Buffer.from(await response.arrayBuffer());
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': type,
      'content-length': String(body.length),
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'accept-ranges': 'bytes',
      etag: `"${createHash('sha256').update(body).digest('hex')}"`,
    });
  });

  it('lets the page load code, pictures and its socket from us and nothing else', async () => {
    const { headers } = await get('/');
    const policy = new Map(headers.get('content-security-policy')?.split('; ').map((directive) => {
      const [name, ...values] = directive.split(' ');
      return [name, values.join(' ')];
    })); // prettier-ignore
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': "'self'",
      'script-src': "'self' 'wasm-unsafe-eval'",
      'style-src': "'self'",
      'style-src-attr': "'unsafe-inline'",
      'img-src': "'self' blob: data:",
      'media-src': "'self' blob:",
      'connect-src': "'self' ws://127.0.0.1:4321",
      'worker-src': "'self'",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  });

  it('names no socket to a page of the desktop shell, and nothing else may run anything', async () => {
    const page = await handle(new Request('studio://app/'));
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'self';");
    const picture = await get('/samples/ada.png');
    expect(picture.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  });

  it('lets hashed assets be kept and has all else asked for again', async () => {
    expect((await get('/assets/index-a1.js')).headers.get('cache-control')).toContain('immutable');
    expect((await get('/')).headers.get('cache-control')).toBe('private, no-cache');
    expect((await get('/avatars/a1/atlas.png')).headers.get('cache-control')).toBe('private, no-cache');
  });

  it('answers HEAD like GET without the body', async () => {
    const [head, whole] = [
      await get('/avatars/a1/atlas.png', {}, 'HEAD'),
      await get('/avatars/a1/atlas.png'),
    ];
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(whole.headers));
    expect(await head.text()).toBe('');
  });

  it('sends nothing that the browser has', async () => {
    const etag = (await get('/samples/ada.png')).headers.get('etag') ?? '';
    for (const condition of [etag, `"x", W/${etag}`, '*']) {
      const response = await get('/samples/ada.png', { 'if-none-match': condition });
      expect([response.status, await response.text()]).toEqual([304, '']);
    }
    expect((await get('/samples/ada.png', { 'if-none-match': '"x"' })).status).toBe(200);
  });

  it('knows a file that was changed', async () => {
    const etag = (await get('/motions/idle.json')).headers.get('etag') ?? '';
    await writeFile(join(folder.path, 'motions', 'idle.json'), '{"changed":true}');
    const response = await get('/motions/idle.json', { 'if-none-match': etag });
    expect([response.status, await response.text()]).toEqual([200, '{"changed":true}']);
  });

  it('knows an avatar that was changed', async () => {
    const before = (await get('/avatars/a1/manifest.json')).headers.get('etag') ?? '';
    await writeFile(join(folder.path, 'avatars', 'a1.avatar'), await anAvatarFile('Another'));
    const response = await get('/avatars/a1/manifest.json', { 'if-none-match': before });
    expect(await response.json()).toMatchObject({ name: 'Another' });
  });

  it.each(['/samples/ada.png', '/avatars/a1/geometry.bin'])('gives ranges of %s', async (path) => {
    const whole = Buffer.from(await (await get(path)).arrayBuffer());
    const etag = (await get(path)).headers.get('etag') ?? '';
    const part = await get(path, { range: 'bytes=1-2', 'if-range': etag });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 1-2/${whole.length}`);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(1, 3));
    const outdated = await get(path, { range: 'bytes=1-2', 'if-range': '"older"' });
    expect([outdated.status, (await outdated.arrayBuffer()).byteLength]).toEqual([200, whole.length]);
    for (const range of [`bytes=${whole.length}-`, 'bytes=2-1', 'bytes=0-0,2-2', 'nonsense']) {
      const refused = await get(path, { range });
      expect([refused.status, refused.headers.get('content-range')]).toEqual([
        416,
        `bytes */${whole.length}`,
      ]);
    }
  });
});

describe('what is refused', () => {
  it.each([
    '/nothing', '/secret.txt', '/assets', '/assets/link.txt', '/assets/../../secret.txt', '/..%2fsecret.txt',
    '/%2e%2e/secret.txt', '/%252e%252e%252fsecret.txt', '/..%5csecret.txt', '/\\..\\secret.txt', '/assets/%00',
    '/index.html%00.png', '/samples/samples.json', '/samples/..%2fsecret.txt', '/motions/..%2f..%2fsecret.txt',
    '/motions/idle.json/x', '/avatars', '/avatars/a1', '/avatars/a1/', '/avatars/a1/secret.txt', '/avatars/a1/__proto__',
    '/avatars/A1/atlas.png', '/avatars/gone/atlas.png', '/avatars/nobody/atlas.png', '/avatars/a1/atlas.png/x',
    '/avatars/a1%2f..%2fbroken/atlas.png', '/projects/a1/atlas.png', '/projects/nobody/avatar/atlas.png',
    '/projects/a1/avatar/nothing', '/uploads/none/preview', '/uploads/none', '/uploads/__proto__/preview',
  ])('%s is not found', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain(SECRET);
  }); // prettier-ignore

  it.each([
    ['/', 'POST', 'GET, HEAD'],
    ['/avatars/a1/atlas.png', 'DELETE', 'GET, HEAD'],
    ['/samples/ada.png', 'OPTIONS', 'GET, HEAD'],
    ['/uploads', 'GET', 'POST'],
    ['/uploads', 'PUT', 'POST'],
  ])('%s cannot be asked with %s', async (path, method, allow) => {
    const response = await get(path, {}, method);
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
  });

  it('an avatar file that is damaged says what is wrong', async () => {
    const response = await get('/avatars/broken/atlas.png');
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'avatar.notAnAvatar' });
  });

  it('no path whatever leads to a file that is not served', async () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '%2e%2e', '%252e', '..%2f', '%5c', '\\', '%00', 'secret.txt', 'assets', 'link.txt', 'samples'),
      fc.constantFrom('avatars', 'a1', 'broken', 'motions', 'uploads', 'preview', 'projects', 'index.html', 'atlas.png'),
      fc.string({ maxLength: 6 }),
    ); // prettier-ignore
    const path = fc.array(part, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
    await fc.assert(
      fc.asyncProperty(path, async (hostile) => {
        if (!URL.canParse(`${ORIGIN}${hostile}`)) return;
        const url = new URL(`${ORIGIN}${hostile}`);
        if (url.origin !== ORIGIN) return;
        const response = await handle(new Request(url));
        expect([200, 404, 405, 422]).toContain(response.status);
        expect(await response.text()).not.toContain(SECRET);
      }),
      { numRuns: 400 },
    );
  });
});

describe('sending', () => {
  it('keeps the bytes under an id, with the name decoded', async () => {
    const response = await send('picture', { 'x-file-name': encodeURIComponent('Zoë 1.png') });
    expect(response.status).toBe(201);
    const { uploadId } = (await response.json()) as { uploadId: string };
    expect(uploads.get(uploadId)).toMatchObject({ fileName: 'Zoë 1.png', bytes: 7 });
    expect((await get(`/uploads/${uploadId}`)).status).toBe(404);
  });

  it('takes a name that is not encoded as it is', async () => {
    const { uploadId } = (await (await send('x', { 'x-file-name': '100%.png' })).json()) as {
      uploadId: string;
    };
    expect(uploads.get(uploadId).fileName).toBe('100%.png');
  });

  it('gives back the preview once there is one', async () => {
    const { uploadId } = (await (await send('x')).json()) as { uploadId: string };
    expect((await get(`/uploads/${uploadId}/preview`)).status).toBe(404);
    await uploads.addPreview(uploadId, Uint8Array.of(1, 2, 3));
    const preview = await get(`/uploads/${uploadId}/preview`);
    expect(preview.headers.get('content-type')).toBe('image/webp');
    expect((await preview.arrayBuffer()).byteLength).toBe(3);
  });

  it.each([
    [
      'too much, said beforehand',
      'x',
      { 'x-file-name': 'a', 'content-length': '1001' },
      413,
      'upload.tooLarge',
    ],
    ['too much, not said', 'x'.repeat(1001), { 'x-file-name': 'a' }, 413, 'upload.tooLarge'],
    ['nothing', '', { 'x-file-name': 'a' }, 400, 'input.emptyFile'],
    ['without a name, as another site would', 'x', {}, 400, 'contract.invalidParams'],
  ])('refuses %s', async (_, body, headers, status, code) => {
    const response = await send(body, headers);
    expect(response.status).toBe(status);
    expect((await response.json()) as WireError).toMatchObject({ code });
  });
});
