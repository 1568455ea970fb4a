import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RgbaImage } from '#common/image/rasterImage';
import type { GanSettings } from '#engine/examples/gan/settings';
import { GAN_DEFAULTS } from '#engine/examples/gan/settings';
import { trainGan } from '#engine/examples/gan/trainGan';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { checkpointsOf } from '#engine/training/TrainingRun';
import { CheckpointFolder } from '#engine/training/checkpointFolder';

const TINY: GanSettings = {
  ...GAN_DEFAULTS,
  size: 8,
  channels: 8,
  latent: 8,
  batch: 8,
  pictures: 100,
  measured: 64,
  checkpointEvery: 4,
};
const backend = new OrtBackend('cpu', { threadCount: 1 });

describe('the example GAN', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gan-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const train = async (name: string, steps: number) => {
    const written: [string, RgbaImage][] = [];
    const outcome = await trainGan(TINY, {
      folder: join(folder, name),
      backend,
      steps,
      writePicture: (file, picture) => {
        written.push([file, picture]);
        return Promise.resolve();
      },
    });
    return { outcome, written };
  };

  it('comes nearer to pictures it was not shown in tens of steps', async () => {
    const { outcome, written } = await train('run', 60);
    const { start, end, floor } = outcome;
    expect(end.pictures).toBeLessThan(0.8 * start.pictures);
    expect(floor.pictures).toBeLessThan(0.5 * start.pictures);
    expect(written.map(([file]) => file)).toEqual(['samples-000060']);
    expect([written[0][1].width, written[0][1].height]).toEqual([64, 64]);
  });

  it('goes on from a checkpoint to the same bits', async () => {
    await train('whole', 10);
    // Ends at 6 and saves there; going on repeats nothing and skips nothing.
    await train('parts', 6);
    await train('parts', 10);
    const [whole, parts] = await Promise.all(
      ['whole', 'parts'].map((name) => new CheckpointFolder(checkpointsOf(join(folder, name))).latest()),
    );
    expect(parts).toEqual(whole);
  });
});
