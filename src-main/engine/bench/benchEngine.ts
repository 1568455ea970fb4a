import { createSeededRandom } from '#common/math/seededRandom';
import type { BenchCase, BenchSizes } from '#engine/bench/benchGraphs';
import { benchCases } from '#engine/bench/benchGraphs';
import { benchTrainingStep } from '#engine/bench/benchTrainingStep';
import type { LoweredGraph } from '#engine/graph/lowering/lowerGraph';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import type { OnnxGraph } from '#engine/graph/onnx/onnxModel';
import { sizeOf } from '#engine/graph/tensor';
import type { Backend, HostValues, Program } from '#engine/runtime/Backend';

/** One measurement; `ratio` compares it with plain ONNX measured in turns with it. */
export interface BenchFigure {
  readonly name: string;
  readonly gigaflops: number;
  readonly plainGigaflops: number;
  /** gigaflops / plainGigaflops: 1 means no overhead. */
  readonly ratio: number;
}

export interface EngineBench {
  readonly operations: readonly BenchFigure[];
  /** Training steps with their update, against the plain products of the same shapes. */
  readonly steps: readonly BenchFigure[];
  /** From nothing to a loaded graph, milliseconds. */
  readonly build: { readonly nodes: number; readonly expressions: number; readonly bytes: number; readonly session: number };
} // prettier-ignore

/** Measures a backend. The best of `runs` counts: on a shared machine everything else is somebody else's work. */
export async function benchEngine(
  backend: Backend,
  runs: number,
  sizes: BenchSizes,
  onFigure: (figure: BenchFigure) => void = () => undefined,
): Promise<EngineBench> {
  const operations: BenchFigure[] = [];
  for (const each of benchCases(sizes)) {
    const figure = await benchCase(backend, each, runs);
    operations.push(figure);
    onFigure(figure);
  }
  const { build, steps } = await benchTrainingStep(backend, runs, sizes);
  steps.forEach(onFigure);
  return { operations, steps, build };
}

async function benchCase(backend: Backend, each: BenchCase, runs: number): Promise<BenchFigure> {
  const own = await backend.compile(lowerGraph(each.name, { y: each.output }, backend.rules));
  const plain = await backend.compile(asLowered(each.plain));
  const [ownTime, plainTime] = await bestTimes([programRun(own), programRun(plain)], runs);
  await own.dispose();
  await plain.dispose();
  return figureOf(each.name, each.operations / ownTime, each.plainOperations / plainTime);
}

/** @param rate operations per millisecond */
export function figureOf(name: string, rate: number, plainRate: number): BenchFigure {
  const gigaflops = (value: number): number => Number((value / 1e6).toPrecision(3));
  const ratio = Number((rate / plainRate).toPrecision(3));
  return { name, gigaflops: gigaflops(rate), plainGigaflops: gigaflops(plainRate), ratio };
}

/** What takes longer than this in its first run, milliseconds, is not repeated: a software GPU takes minutes. */
const PATIENCE = 4000;

/** Best milliseconds of tasks that take turns, so that a busy moment meets them all. */
export async function bestTimes(
  tasks: readonly (() => Promise<unknown>)[],
  runs: number,
): Promise<readonly number[]> {
  const first: number[] = [];
  // The first run of each allocates and counts only where it is the last, too.
  for (const task of tasks) first.push(await timeOf(task));
  const best = first.map((time) => (time > PATIENCE ? time : Infinity));
  for (let run = 0; run < runs; run++) {
    for (const [index, task] of tasks.entries()) {
      if (first[index] <= PATIENCE) best[index] = Math.min(best[index], await timeOf(task));
    }
  }
  return best;
}

async function timeOf(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}

/** A program with random feeds. */
export function programRun(program: Program): () => Promise<unknown> {
  const feeds = randomFeeds(program);
  return () => program.run(feeds);
}

function randomFeeds({ graph }: Program): ReadonlyMap<string, HostValues> {
  const random = createSeededRandom(1);
  const drawn = (size: number): Float32Array =>
    Float32Array.from({ length: size }, () => random.between(-0.5, 0.5));
  return new Map([...graph.inputs, ...graph.parameters].map(({ name, shape }) => [name, drawn(sizeOf(shape))]));
} // prettier-ignore

/** A hand-written graph as the backend takes it. */
export function asLowered(onnx: OnnxGraph): LoweredGraph {
  const port = ({ name, shape }: OnnxGraph['inputs'][number]) => ({
    name,
    shape: shape.map(Number),
    elementType: 'float32' as const,
  });
  return { onnx, inputs: onnx.inputs.map(port), parameters: [], outputs: onnx.outputs.map(port) };
}
