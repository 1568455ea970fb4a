import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '#host/createHost';
import type { StudioServer } from '#server/startStudioServer';
import { startStudioServer } from '#server/startStudioServer';
import { aHost } from '#test/helpers/aHost';
import { enter, fuzzSocket } from '#test/helpers/fuzzSocket';
import { rawRequest, sendRaw } from '#test/helpers/rawHttp';

// `npm run fuzz:socket` does the same with 100,000 messages against a studio in a process of its own, and watches
// its memory.

let folder: string;
let host: Host;
let server: StudioServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  host = aHost({ dataDirectory: folder, confinesPaths: true });
  server = await startStudioServer({ host });
});

afterEach(async () => {
  await server.close();
  await host.dispose();
  await rm(folder, { recursive: true, force: true });
});

it('refuses 5,000 malformed messages and 120 broken frames and goes on answering', async () => {
  const report = await fuzzSocket({ url: server.url, messages: 5000, brokenFrames: 120, seed: 11 });
  expect(report.faults).toEqual([]);
  expect(Object.keys(report.refusals).sort()).toEqual(['contract.invalidParams', 'contract.unknownMethod']);
  expect(report.refusals['contract.invalidParams']).toBeGreaterThan(1000);
  expect(({} as { isPolluted?: boolean }).isPolluted).toBeUndefined();
});

describe('the byte handler over a real socket', () => {
  it.each([
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/..\\..\\..\\etc\\passwd',
    '/%5c..%5c..%5cetc%5cpasswd',
    '/avatars/../../../etc/passwd',
    '/avatars/..%2f..%2fsettings.json/manifest.json',
    '/avatars/%2e%2e%2f%2e%2e/thumbnail.png',
    '/uploads/..%2f..%2fsettings.json/preview',
    '/projects/..%2fx/avatar/manifest.json',
    '/samples/..%2f..%2fpackage.json.png',
    '/samples/%2e%2e%2fhead%2fhead-v1.bin',
    '/motions/..%2f..%2fpackage.json',
    '/motions/%00.json',
    '/%ff%fe',
    '//etc/passwd',
    '/file:///etc/passwd',
    '/%',
  ])('gives nothing away for %s', async (path) => {
    const { cookie, port } = await enter(server.url);
    const answer = await sendRaw(
      port,
      rawRequest(`GET ${path}`, { Host: `127.0.0.1:${port}`, Cookie: cookie }),
    );
    expect([400, 403, 404]).toContain(answer.status);
    expect(answer.body).not.toMatch(/root:|"name": "avatarartist"|dataDirectory/);
    expect(answer.body).not.toContain(folder);
  });
});
