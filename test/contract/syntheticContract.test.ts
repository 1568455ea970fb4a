import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followJob } from '#common/contract/followJob';
import type { HostClient } from '#common/contract/hostClient';
import { createHostClient } from '#common/contract/hostClient';
import type { SynthesizeParams } from '#common/contract/api/syntheticApi';
import type { Host } from '#host/createHost';
import type { Carrier } from '#test/contract/carriers';
import { CARRIERS } from '#test/contract/carriers';
import { aHost } from '#test/helpers/aHost';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const folder = temporaryFolder();

/** One small picture: what is under test is the way there, not the heads. */
const ONE = { seed: 3, identities: 1, expressions: 1, views: 1, size: 128, domains: ['realistic'] } as const;

describe.each(CARRIERS)('synthetic heads over %s', (_, connect) => {
  let host: Host;
  let carrier: Carrier;
  let client: HostClient;

  const params = (out: string): SynthesizeParams => ({ ...ONE, domains: [...ONE.domains], out });

  beforeEach(async () => {
    const home = join(folder.path, 'home');
    await mkdir(home);
    host = aHost({
      dataDirectory: join(folder.path, 'data'),
      userFolders: { home, workingDirectory: home },
      confinesPaths: true,
    });
    carrier = await connect(host.door);
    client = createHostClient(carrier.transport);
  });

  afterEach(async () => {
    await carrier.close();
    await host.dispose();
  });

  it('makes a set as a job with progress, finds it sound, and finds what was changed', async () => {
    const out = join(folder.path, 'home', 'set');
    const fractions: number[] = [];
    const start = () => client.synthetic.generate(params(out));
    const made = await followJob(client, start, { onProgress: ({ fraction }) => fractions.push(fraction) });
    expect(made).toMatchObject({ folder: out, records: 1, shards: 1, kept: 0 });
    expect(fractions.at(-1)).toBe(1);
    const again = await followJob(client, start);
    expect(again.kept).toBe(1);
    const verify = () => client.synthetic.verify({ folder: out });
    expect(await followJob(client, verify)).toMatchObject({ records: 1, faults: [] });
    await writeFile(join(out, 'shards', 'heads-00000.tar'), 'nothing');
    expect((await followJob(client, verify)).faultCount).toBeGreaterThan(0);
  });

  it('stops where it is told to, with nothing half made', async () => {
    const out = join(folder.path, 'home', 'set');
    const many = { ...params(out), identities: 500 };
    const cancelled = followJob(client, () => client.synthetic.generate(many), {
      onProgress: ({ fraction }) => {
        if (fraction > 0) void client.jobs.cancel({ jobId });
      },
      onStarted: (id) => (jobId = id),
    });
    let jobId: Parameters<HostClient['jobs']['cancel']>[0]['jobId'];
    await expect(cancelled).rejects.toMatchObject({ code: 'job.cancelled' });
    const left = (await readdir(join(out, 'shards'))).filter(
      (name) => !/^heads-\d{5}\.(tar|json)$/.test(name),
    );
    expect(left).toEqual([]);
  });

  it('writes nowhere it was not allowed to, and names wrong fields', async () => {
    const outside = join(folder.path, 'outside');
    await expect(client.synthetic.generate(params(outside))).rejects.toMatchObject({
      code: 'files.outsideRoots',
    });
    const wrong = { ...params(join(folder.path, 'home', 'set')), size: 100 } as unknown as SynthesizeParams;
    await expect(client.synthetic.preview(wrong)).rejects.toMatchObject({
      code: 'contract.invalidParams',
      details: { field: 'size' },
    });
  });
});
