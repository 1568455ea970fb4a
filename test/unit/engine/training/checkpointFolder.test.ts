import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointFolder } from '#engine/training/checkpointFolder';
import type { TrainState } from '#engine/training/trainState';

function aState(value: number): TrainState {
  return {
    parameters: new Map([['net.w', Float32Array.of(value, 2)]]),
    averages: new Map([['net.w', Float32Array.of(8, 9)]]),
    moments: new Map([['fit/net.w', { first: Float32Array.of(3, 4), second: Float32Array.of(5, 6) }]]),
    steps: new Map([['fit', 9]]),
  };
}

describe('a folder of checkpoints', () => {
  let path: string;

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  });

  afterEach(async () => {
    await rm(path, { recursive: true, force: true });
  });

  it('gives back the newest as it was saved', async () => {
    const folder = new CheckpointFolder(join(path, 'run'));
    await folder.save({ state: aState(1), notes: { step: 100 } });
    await folder.save({ state: aState(7), notes: { step: 1200, seed: 3 } });
    expect(await folder.latest()).toEqual({ state: aState(7), notes: { step: 1200, seed: 3 } });
  });

  it('is empty before the first one', async () => {
    expect(await new CheckpointFolder(join(path, 'none')).latest()).toBeUndefined();
  });

  it('keeps the last few', async () => {
    const folder = new CheckpointFolder(path, { kept: 2 });
    for (const step of [1, 2, 3]) await folder.save({ state: aState(step), notes: { step } });
    expect((await readdir(path)).sort()).toEqual(['step-000000002', 'step-000000003']);
  });

  it('does not take what a killed run left unfinished for a checkpoint', async () => {
    const folder = new CheckpointFolder(path);
    await folder.save({ state: aState(1), notes: { step: 1 } });
    await writeFile(join(path, '.writing-step-000000002'), '');
    expect((await folder.latest())?.notes.step).toBe(1);
  });

  const stateOf = (step: number): string => join(path, `step-00000000${step}`, 'state.safetensors');

  it.each([
    ['is cut off', (file: string) => truncate(file, 100)],
    ['has another value', (file: string) => flipLastBit(file)],
    ['is gone', (file: string) => rm(file)],
  ])('goes back to an older one where the newest %s, says so, and sets it aside', async (_, damage) => {
    const folder = new CheckpointFolder(path, { kept: 2 });
    for (const step of [1, 2, 3]) await folder.save({ state: aState(step), notes: { step } });
    await damage(stateOf(3));
    const heard: string[] = [];
    const found = await folder.latest(({ code, message }) => heard.push(`${code}: ${message}`));
    expect(found).toEqual({ state: aState(2), notes: { step: 2 } });
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatch(/^checkpoint\.damaged: .*step-000000003/);
    expect((await readdir(path)).sort()).toEqual(['damaged-step-000000003', 'step-000000002']);
  });

  it('is an error where all are damaged', async () => {
    const folder = new CheckpointFolder(path);
    for (const step of [1, 2]) await folder.save({ state: aState(step), notes: { step } });
    for (const step of [1, 2]) await truncate(stateOf(step), 100);
    await expect(folder.latest()).rejects.toMatchObject({
      code: 'checkpoint.damaged',
      message: expect.stringContaining('step-000000002') as string,
    });
  });
});

async function flipLastBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length - 1] ^= 1;
  await writeFile(file, bytes);
}
