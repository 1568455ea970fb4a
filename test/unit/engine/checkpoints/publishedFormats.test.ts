import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '#engine/checkpoints/openCheckpoint';
import { openCheckpoint } from '#engine/checkpoints/openCheckpoint';
import { allTensors } from '#test/helpers/readCheckpoint';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const folder = temporaryFolder();
const fixture = (name: string): string => join('test/fixtures/checkpoints', name);

async function opened<Result>(name: string, read: (checkpoint: Checkpoint) => Result): Promise<Awaited<Result>> {
  const checkpoint = openCheckpoint(fixture(name));
  try {
    return await read(checkpoint);
  } finally {
    checkpoint.close();
  }
} // prettier-ignore

async function json(name: string): Promise<unknown> {
  return JSON.parse(await readFile(fixture(name), 'utf8'));
}

describe('files that PyTorch and numpy wrote', () => {
  it.each([
    ['types.pth', 'torch'],
    ['typesLegacy.pth', 'torch before 1.6'],
  ])('%s: every element type, views, transposed, expanded and shared storages', async (name, format) => {
    await opened(name, async (checkpoint) => {
      expect(checkpoint).toMatchObject({ format, skipped: [] });
      expect(await allTensors(checkpoint)).toEqual(await json('types.json'));
    });
  });

  it('a bare tensor', async () => {
    const read = await opened('bare.pt', allTensors);
    expect(read).toEqual({ value: { shape: [4], values: [0.25, -0.5, 1, 2] } });
  });

  it("a StyleGAN pickle: the modules' state under its names, classes and source left alone", async () => {
    await opened('persistent.pkl', async (checkpoint) => {
      expect(checkpoint.format).toBe('pickle');
      const read = await allTensors(checkpoint);
      const ema = Object.fromEntries(Object.entries(read).filter(([name]) => name.startsWith('G_ema.')));
      expect(ema).toEqual(await json('persistent.json'));
      expect(Object.keys(read).length).toBe(2 * Object.keys(ema).length);
      expect([...checkpoint.inertClasses.keys()]).toContain(
        'torch_utils.persistence._reconstruct_persistent_obj',
      );
    });
  });

  it.each([0, 1, 2, 3, 4, 5])('tensors and arrays in a pickle of protocol %i', async (protocol) => {
    const read = await opened(`latents${protocol}.pkl`, allTensors);
    const values = Array.from({ length: 12 }, (_, index) => index);
    expect(read).toEqual({
      torch: { shape: [1, 3, 4], values },
      numpy: { shape: [1, 3, 4], values },
      fortran: { shape: [3, 4], values },
      scalar: { shape: [], values: [1.5] },
    });
  });

  it('a TorchScript archive, whose code stays text', async () => {
    await opened('scripted.pt', ({ format, tensors }) => {
      expect(format).toBe('torch');
      expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
        ['fc.weight', [2, 3]],
        ['fc.bias', [2]],
      ]);
    });
  });

  it('tensors of kinds it does not know are left out one by one, with a reason', async () => {
    await opened('odd.pth', ({ tensors, skipped }) => {
      expect(tensors.map(({ name }) => name)).toEqual(['plain']);
      expect(skipped.map((line) => line.split(' ')[0])).toEqual([
        '"sparse"',
        '"complex"',
        '"float8"',
        '"unsigned"',
      ]);
    });
  });

  it('numpy arrays, in both orders', async () => {
    const values = [0, 1, 2, 3, 4, 5];
    expect(await opened('array.npy', allTensors)).toEqual({ value: { shape: [2, 3], values } });
    expect(await opened('fortran.npy', allTensors)).toEqual({ value: { shape: [2, 3], values } });
  });

  it('numpy archives, stored and deflated', async () => {
    expect(await opened('stored.npz', allTensors)).toEqual({
      a: { shape: [3], values: [0, 1, 2] },
      b: { shape: [], values: [2] },
    });
    let count = 0;
    const newFile = () => Promise.resolve(join(folder.path, String(count++)));
    const deflated = await opened('deflated.npz', (checkpoint) => allTensors(checkpoint, { newFile }));
    expect(deflated['a'].values).toEqual(Array.from({ length: 3000 }, (_, index) => index));
    expect(count).toBe(2);
  });
});
