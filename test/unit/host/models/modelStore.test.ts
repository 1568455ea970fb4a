import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '#common/models/modelManifest';
import { silentLog } from '#host/log';
import { createModelStore, idOfName } from '#host/models/modelStore';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const folder = temporaryFolder();
const store = () =>
  createModelStore({
    folder: join(folder.path, 'models'),
    packsFolder: join(folder.path, 'packs'),
    log: silentLog,
  });

function manifestOf(text: string, changes: Partial<ModelManifest> = {}): ModelManifest {
  return {
    formatVersion: 1,
    id: 'net',
    name: 'Net',
    version: '1',
    sha256: createHash('sha256').update(text).digest('hex'),
    bytes: text.length,
    source: 'a test',
    licence: 'MIT',
    consent: 'drawn',
    created: '2026-01-01T00:00:00.000Z',
    tensors: 1,
    parameters: 1,
    ...changes,
  };
}

async function added(text: string, changes: Partial<ModelManifest> = {}) {
  const path = join(folder.path, 'finished');
  await writeFile(path, text);
  return await store().add(path, manifestOf(text, changes));
}

describe('the model store', () => {
  it('keeps weights by their content and knows them again', async () => {
    const { weightsPath } = await added('weights');
    const [found] = await store().list();
    expect(found.model).toEqual({ ...manifestOf('weights'), origin: 'store' });
    expect(found.weightsPath).toBe(weightsPath);
    expect(await store().verify(found, {})).toBeUndefined();
    expect(existsSync(join(folder.path, 'finished'))).toBe(false);
  });

  it('replaces a manifest of the same weights and numbers others', async () => {
    await added('weights');
    await added('weights', { licence: 'CC0-1.0' });
    await added('others');
    const listed = (await store().list()).map(({ model }) => [model.id, model.licence]);
    expect(listed).toEqual([['net', 'CC0-1.0'], ['net-2', 'MIT']]);
  }); // prettier-ignore

  it('notices weights that changed, shrank or went', async () => {
    const found = await added('weights');
    await writeFile(found.weightsPath, 'WEIGHTS');
    expect(await store().verify(await store().find('net'), {})).toContain('SHA-256');
    await writeFile(found.weightsPath, 'we');
    expect((await store().find('net')).model.problem).toContain('2 bytes instead of 7');
  });

  it('removes weights with the last model that has them', async () => {
    await added('weights');
    await added('weights', { id: 'twin' });
    expect(await store().remove('twin')).toBe(0);
    expect(await store().remove('net')).toBe(7);
    expect(await readdir(join(folder.path, 'models', 'objects'))).toEqual([]);
    await expect(store().find('net')).rejects.toMatchObject({ code: 'model.notFound' });
  });

  it('reads packs, and refuses to remove them', async () => {
    const pack = join(folder.path, 'packs', 'compact');
    await mkdir(pack, { recursive: true });
    await writeFile(join(pack, 'weights.safetensors'), 'weights');
    await writeFile(
      join(pack, 'manifest.json'),
      JSON.stringify(manifestOf('weights', { file: 'weights.safetensors' })),
    );
    const found = await store().find('net');
    expect(found.model.origin).toBe('pack');
    expect(await store().verify(found, {})).toBeUndefined();
    await expect(store().remove('net')).rejects.toMatchObject({ code: 'model.unsupported' });
  });

  it.each([
    ['a way out of the pack', { file: '../../secret' }],
    ['no SHA-256', { sha256: 'x' }],
    ['a member nobody knows', { surprise: 1 }],
    ['a newer format', { formatVersion: 2 }],
  ])('passes over a manifest with %s', async (_, changes) => {
    const pack = join(folder.path, 'packs', 'bad');
    await mkdir(pack, { recursive: true });
    const manifest = { ...manifestOf('weights', { file: 'weights.safetensors' }), ...changes };
    await writeFile(join(pack, 'manifest.json'), JSON.stringify(manifest));
    expect(await store().list()).toEqual([]);
  });

  it('makes ids of names', () => {
    expect(['DiT.pth', 'final_mean.pt', 'Größe 2', '...', '漢字'].map(idOfName)).toEqual([
      'dit',
      'final-mean',
      'gro-e-2',
      'model',
      'model',
    ]);
  });
});
