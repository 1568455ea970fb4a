import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '#common/contract/errors';
import { followJob } from '#common/contract/followJob';
import type { HostClient } from '#common/contract/hostClient';
import { createHostClient } from '#common/contract/hostClient';
import type { Transport } from '#common/contract/transport';
import { decodeSafetensors, encodeSafetensors } from '#engine/checkpoints/safetensors';
import type { Host } from '#host/createHost';
import type { Carrier } from '#test/contract/carriers';
import { CARRIERS } from '#test/contract/carriers';
import { aHost } from '#test/helpers/aHost';
import { call, pickle, text } from '#test/helpers/pickleBytes';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const folder = temporaryFolder();
/** Small, and with weights: noise and a camera label to styles. */
const NETWORK = { network: 'generator.mapping', config: 'compact-cpu' };

describe.each(CARRIERS)('models over %s', (_, connect) => {
  let host: Host;
  let carrier: Carrier;
  let transport: Transport;
  let client: HostClient;

  const home = (...names: string[]): string => join(folder.path, 'home', ...names);
  const data = (...names: string[]): string => join(folder.path, 'data', 'models', ...names);

  beforeEach(async () => {
    await mkdir(home(), { recursive: true });
    host = aHost({
      dataDirectory: join(folder.path, 'data'),
      userFolders: { home: home(), workingDirectory: home() },
      confinesPaths: true,
    });
    carrier = await connect(host.door);
    transport = carrier.transport;
    client = createHostClient(transport);
  });

  afterEach(async () => {
    await carrier.close();
    await host.dispose();
  });

  it('goes from new weights to a model of the store and runs it', async () => {
    const weights = home('weights.safetensors');
    const created = await followJob(client, () => client.models.create({ ...NETWORK, seed: 5, out: weights }));
    expect(created.bytes).toBe((await readFile(weights)).length);
    const imported = await followJob(client, () =>
      client.models.import({ path: weights, as: 'compact-cpu', network: NETWORK.network, name: 'Mapping', licence: 'MIT' }),
    );
    expect(imported.files).toMatchObject([
      { state: 'imported', model: { id: 'mapping', network: NETWORK.network, licence: 'MIT' } },
    ]);
    expect((await client.models.list({})).models).toMatchObject([{ id: 'mapping', origin: 'store' }]);
    const { models } = await followJob(client, () => client.models.verify({}));
    expect(models).toEqual([{ id: 'mapping', isSound: true }]);
    const inspected = await followJob(client, () => client.models.inspect({ model: { id: 'mapping' } }));
    expect(inspected).toMatchObject({ format: 'safetensors', tensorCount: created.tensorCount });

    const { networks } = await followJob(client, () => client.models.networks(NETWORK));
    const shapes = networks[0].inputs ?? {};
    const inputs = new Map(
      Object.entries(shapes).map(([name, [, ...rest]]) => {
        const shape = [2, ...rest];
        return [name, { shape, values: new Float32Array(shape.reduce((a, b) => a * b)).fill(0.5) }];
      }),
    );
    await writeFile(home('in.safetensors'), encodeSafetensors(inputs));
    const files = { inputs: home('in.safetensors'), out: home('out.safetensors') };
    const fromStore = await followJob(client, () =>
      client.models.run({ ...NETWORK, weights: { id: 'mapping' }, ...files }),
    );
    expect(fromStore.peakBytes).toBeGreaterThan(1e7);
    const { tensors } = decodeSafetensors(await readFile(files.out), 'out');
    expect(tensors.get('w')?.shape).toEqual([2, 128]);
    expect(tensors.get('w')?.values.every(Number.isFinite)).toBe(true);
    const first = await readFile(files.out);
    await followJob(client, () => client.models.run({ ...NETWORK, weights: { path: weights }, ...files }));
    expect((await readFile(files.out)).equals(first)).toBe(true);

    expect((await client.models.remove({ id: 'mapping' })).freedBytes).toBeGreaterThan(2e5);
    expect((await client.models.list({})).models).toEqual([]);
  }); // prettier-ignore

  it('imports a folder, tells of each file, and lets no bad one keep others out', async () => {
    await mkdir(home('weights', 'inner'), { recursive: true });
    await copyFile('test/fixtures/checkpoints/persistent.pkl', home('weights', 'render.pkl'));
    await copyFile('test/fixtures/checkpoints/bare.pt', home('weights', 'inner', 'final_mean.pt'));
    await writeFile(home('weights', 'evil.pkl'), pickle(0x80, 2, call('os', 'system', text(`touch ${home('hacked')}`)), '.')); // prettier-ignore
    const { files } = await followJob(client, () => client.models.import({ path: home('weights') }));
    expect(files.map(({ file, state }) => [file, state])).toEqual([
      ['evil.pkl', 'failed'],
      ['final_mean.pt', 'imported'],
      ['render.pkl', 'imported'],
    ]);
    expect(files[0]).toMatchObject({ error: { code: 'checkpoint.refused' } });
    expect(existsSync(home('hacked'))).toBe(false);
    expect((await client.models.list({})).models.map(({ id }) => id)).toEqual(['final-mean', 'render']);
    expect(await readdir(data('objects'))).toHaveLength(2);
  });

  it('says one by one why weights do not fit a network', async () => {
    await copyFile('test/fixtures/checkpoints/prefixed.bin', home('linear.bin'));
    const importing = followJob(client, () =>
      client.models.import({ path: home('linear.bin'), as: 'compact-cpu', network: 'generator.mapping' }),
    );
    const error = await importing.then(() => undefined, (thrown: unknown) => thrown as AppError); // prettier-ignore
    expect(error).toMatchObject({ code: 'checkpoint.mismatch' });
    expect(error?.message).toContain('backbone.mapping.fc0.weight');
    expect((await client.models.list({})).models).toEqual([]);
    const unknown = followJob(client, () =>
      client.models.import({ path: home('linear.bin'), as: 'compact-cpu' }),
    );
    await expect(unknown).rejects.toMatchObject({ code: 'checkpoint.mismatch' });
  });

  it('leaves nothing of a job that was cancelled', async () => {
    const out = home('large.safetensors');
    const creating = followJob(client, () => client.models.create({ network: 'dit', config: 'released', seed: 1, out }), {
      onStarted: (jobId) => void client.jobs.cancel({ jobId }),
    });
    await expect(creating).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(await readdir(home())).toEqual([]);
  }); // prettier-ignore

  it('measures a network beside a plain convolution', async () => {
    const figure = await followJob(client, () => client.models.measure({ ...NETWORK, runs: 2 }));
    expect(figure.coldMilliseconds).toBeGreaterThan(0);
    expect(figure.share).toBeCloseTo(figure.gigaflopsPerSecond / figure.plainGigaflopsPerSecond, 6);
  });

  it.each([
    ['models.import', {}, 'path'],
    ['models.remove', { id: '../x' }, 'id'],
    ['models.create', { network: 'dit', config: 'released', seed: -1, out: 'x' }, 'seed'],
    ['models.run', { ...NETWORK, weights: { id: 'a' }, inputs: 'i', out: 'o', backend: 'abacus' }, 'backend'],
  ] as const)('%s names the bad field of %j', async (method, params, field) => {
    await expect(transport.invoke(method, params as never)).rejects.toMatchObject({
      code: 'contract.invalidParams',
      details: { method, field },
    });
  });

  it('stays inside the granted folders', async () => {
    const outside = join(folder.path, 'outside.safetensors');
    const calls: [string, () => Promise<unknown>][] = [
      ['import', () => client.models.import({ path: outside })],
      ['inspect', () => client.models.inspect({ model: { path: outside } })],
      ['create', () => client.models.create({ ...NETWORK, seed: 1, out: outside })],
      ['weights', () => client.models.run({ ...NETWORK, weights: { path: outside }, inputs: home('i'), out: home('o') })],
      ['inputs', () => client.models.run({ ...NETWORK, weights: { id: 'a' }, inputs: outside, out: home('o') })],
      ['out', () => client.models.run({ ...NETWORK, weights: { id: 'a' }, inputs: home('i'), out: outside })],
    ];
    for (const [name, each] of calls) {
      const code = await each().then(() => 'allowed', (error: { code: string }) => error.code); // prettier-ignore
      expect([name, code]).toEqual([name, 'files.outsideRoots']);
    }
  }); // prettier-ignore

  it('knows no network and no model of another name', async () => {
    const measuring = followJob(client, () =>
      client.models.measure({ network: 'none', config: 'released', runs: 1 }),
    );
    await expect(measuring).rejects.toMatchObject({ code: 'input.badOption' });
    const inspecting = followJob(client, () => client.models.inspect({ model: { id: 'none' } }));
    await expect(inspecting).rejects.toMatchObject({ code: 'model.notFound' });
  });
});
