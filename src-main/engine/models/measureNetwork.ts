import { createSeededRandom } from '#common/math/seededRandom';
import type { WorkContext } from '#common/contract/progress';
import type { MeasuredNetwork, MeasureTask } from '#common/models/modelTasks';
import { asLowered } from '#engine/bench/benchEngine';
import { countOperations } from '#engine/graph/countOperations';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { OnnxGraphBuilder } from '#engine/graph/onnx/OnnxGraphBuilder';
import { sizeOf } from '#engine/graph/tensor';
import { buildNetwork, networkNamed, trainedCount } from '#engine/networks/catalogue';
import type { HostValues, Program } from '#engine/runtime/Backend';
import { OrtBackend } from '#engine/runtime/OrtBackend';

/** The convolution the machine is measured by: [1, 64, 64, 64] with 64 filters of 3 x 3, 302 MFLOP. */
const PLAIN = { channels: 64, size: 64 };
const PLAIN_OPERATIONS = 2 * PLAIN.channels ** 2 * 9 * PLAIN.size ** 2;
/** It is short, so it is tried more often. */
const PLAIN_TURNS = 3;
/** Weights repeat after this many values: what they are changes no time, drawing a billion of them would. */
const DRAWN = 65_536;

/**
 * Times one network at batch 1: the first result from nothing, then `runs` more, each beside one convolution of plain
 * ONNX, so that a busy moment meets both.
 *
 * @throws AppError input.badOption, input.badConfig, engine.*
 */
export async function measureNetwork(task: MeasureTask, context: WorkContext): Promise<MeasuredNetwork> {
  const backend = new OrtBackend(task.backend);
  try {
    const feedsOf = (program: Program) => randomFeeds(program);
    const plain = await backend.compile(asLowered(plainConvolution()));
    const plainFeeds = feedsOf(plain);
    await plain.run(plainFeeds);
    const started = performance.now();
    const built = buildNetwork(networkNamed(task.network), task.config, 1);
    const { outputs } = built;
    const program = await backend.compile(lowerGraph(task.network, outputs, backend.rules));
    const compiled = performance.now();
    const feeds = feedsOf(program);
    const drawn = performance.now();
    await program.run(feeds);
    const coldMilliseconds = performance.now() - started - (drawn - compiled);
    const [warm, plainTimes]: [number[], number[]] = [[], []];
    for (let run = 0; run < task.runs; run++) {
      warm.push(await timed(() => program.run(feeds)));
      for (let turn = 0; turn < PLAIN_TURNS; turn++)
        plainTimes.push(await timed(() => plain.run(plainFeeds)));
      context.onProgress?.({ stage: task.network, fraction: (run + 1) / task.runs });
    }
    const operations = countOperations(Object.values(outputs));
    // Rates are of the best run of each: what else the machine did is somebody else's work.
    const rate = operations / Math.min(...warm) / 1e6;
    const plainRate = PLAIN_OPERATIONS / Math.min(...plainTimes) / 1e6;
    return {
      network: task.network,
      coldMilliseconds,
      warmMilliseconds: median(warm),
      gigaflop: operations / 1e9,
      gigaflopsPerSecond: rate,
      plainGigaflopsPerSecond: plainRate,
      share: rate / plainRate,
      parameterCount: trainedCount(built),
    };
  } finally {
    await backend.dispose();
  }
}

function plainConvolution() {
  const { channels, size } = PLAIN;
  const builder = new OnnxGraphBuilder();
  builder.input('x', 'float32', [1, channels, size, size]);
  builder.input('weight', 'float32', [channels, channels, 3, 3]);
  const y = builder.node('Conv', ['x', 'weight'], { pads: { ints: [1, 1, 1, 1] } });
  builder.output('y', y, 'float32', [1, channels, size, size]);
  return builder.build('plain');
}

function randomFeeds({ graph }: Program): ReadonlyMap<string, HostValues> {
  const random = createSeededRandom(1);
  const drawn = Float32Array.from({ length: DRAWN }, () => random.between(-0.05, 0.05));
  const values = (size: number): Float32Array => {
    const filled = new Float32Array(size);
    for (let at = 0; at < size; at += DRAWN) filled.set(drawn.subarray(0, Math.min(DRAWN, size - at)), at);
    return filled;
  };
  return new Map([...graph.inputs, ...graph.parameters].map(({ name, shape }) => [name, values(sizeOf(shape))]));
} // prettier-ignore

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}
