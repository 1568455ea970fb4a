import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { log, square } from '#engine/graph/ops/elementwise';
import { add, mul, sub } from '#engine/graph/ops/arithmetic';
import { mean } from '#engine/graph/ops/reduce';
import { input } from '#engine/graph/ops/sources';
import { normal, Parameters } from '#engine/graph/parameters';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { readMetrics } from '#engine/training/MetricsLog';
import { normals } from '#engine/training/randomStreams';
import { TrainingRun } from '#engine/training/TrainingRun';
import { TrainStep } from '#engine/training/TrainStep';

const backend = new OrtBackend('cpu', { threadCount: 1 });

function aNetwork(size = 3) {
  const network = new Parameters();
  const weight = network.scope('net').parameter('w', [size], normal());
  return { network, loss: mean(square(sub(mul(weight, input('x', [size])), 1))), weight };
}

describe('a training run', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'run-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const open = (path: string, network: Parameters): Promise<TrainingRun> =>
    TrainingRun.open({ folder: path, backend, parameters: network.all, averaged: network.all, seed: 4, checkpointEvery: 3 }); // prettier-ignore

  async function train(path: string, until: number): Promise<Float32Array> {
    const { network, loss } = aNetwork();
    const step = await TrainStep.compile(backend, { name: 'fit', loss, trained: network.all });
    const run = await open(path, network);
    let seen = (run.notes['seen'] as number | undefined) ?? 0;
    while (run.step < until) {
      const { loss: value } = await run.update(step, { x: normals(run.random('x'), 3) }, 0.05);
      seen += 3;
      await run.endStep({ loss: value, seen }, { seen });
    }
    const values = (run.state.parameters.get('net.w') as Float32Array).slice();
    await run.dispose();
    await step.dispose();
    return values;
  }

  it('goes on from its checkpoint to the same bits and the same metrics', async () => {
    const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
    const expected = await train(whole, 9);
    // Five steps are done, three are in a checkpoint: two are done again.
    await train(parts, 5);
    expect(await train(parts, 9)).toEqual(expected);
    const metrics = await readMetrics(join(parts, 'metrics.jsonl'));
    expect(metrics).toEqual(await readMetrics(join(whole, 'metrics.jsonl')));
    expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('stops at a number that is none with the step, the tensor and the last good checkpoint', async () => {
    const { network, loss } = aNetwork();
    const broken = add(loss, log(input('poison', [])));
    const step = await TrainStep.compile(backend, { name: 'fit', loss: broken, trained: network.all });
    const run = await open(folder, network);
    const x = Float32Array.of(1, 2, 3);
    for (let k = 0; k < 4; k++) {
      await run.update(step, { x, poison: Float32Array.of(1) }, 0.05);
      await run.endStep({});
    }
    await expect(run.update(step, { x, poison: Float32Array.of(-1) }, 0.05)).rejects.toMatchObject({
      code: 'training.diverged',
      message: expect.stringContaining('the loss is NaN') as string,
      details: { runStep: 5, what: 'the loss', checkpoint: 'step-000000003' },
    });
    await run.dispose();
    await step.dispose();
  });

  it('refuses the checkpoint of another network', async () => {
    await (await open(folder, aNetwork(3).network)).dispose();
    await expect(open(folder, aNetwork(4).network)).rejects.toMatchObject({
      code: 'checkpoint.damaged',
      message: expect.stringContaining('3 values for net.w, the network 4') as string,
    });
  });
});
