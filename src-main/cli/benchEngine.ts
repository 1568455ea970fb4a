import type { Command } from 'commander';
import { Option } from 'commander';
import { describeMachine } from '#cli/benchSeries';
import { reportFailure } from '#cli/commandSession';
import { parseCount } from '#cli/parseNumber';
import type { BenchFigure } from '#engine/bench/benchEngine';
import type { BackendName } from '#engine/graph/lowering/backends.data';

interface BenchEngineOptions {
  readonly backend: BackendName;
  readonly runs: number;
  readonly threads?: number;
  readonly steps?: number;
  readonly small?: boolean;
  readonly json?: boolean;
}

export function addBenchEngineCommand(bench: Command): void {
  bench
    .command('engine')
    .description('Operations and training steps of the neural engine, each beside plain ONNX of the same shapes.')
    .addOption(new Option('--backend <name>', 'where graphs run').choices(['cpu', 'webgpu', 'cuda']).default('cpu'))
    .option('--runs <n>', 'counted runs of each; the best one is told', parseCount, 10)
    .option('--threads <n>', 'inside one operator, on the CPU (default: the runtime chooses)', parseCount)
    .option('--small', 'small shapes: for a GPU in software')
    .option('--steps <n>', 'instead: train that many steps and tell the memory of the process', parseCount)
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (options: BenchEngineOptions) => {
      try {
        await runBench(options);
      } catch (error) {
        reportFailure(error, options);
      }
    });
} // prettier-ignore

async function runBench(options: BenchEngineOptions): Promise<void> {
  const { backend: name, runs, threads, steps, small = false, json = false } = options;
  const { OrtBackend } = await import('#engine/runtime/OrtBackend');
  const backend = new OrtBackend(name, threads === undefined ? {} : { threadCount: threads });
  const head = { bench: 'engine', backend: name, ...(threads === undefined ? {} : { threads }), machine: describeMachine() };
  try {
    if (steps !== undefined) {
      const { benchMemory } = await import('#engine/bench/benchMemory');
      const memory = await benchMemory(backend, steps);
      if (json) console.log(JSON.stringify({ ...head, memory }));
      else console.log(`${memory.steps} training steps: ${memory.first} MB after a tenth of them, ${memory.last} MB at the end, ${memory.peak} MB at most.`);
      return;
    }
    const [{ benchEngine }, { FULL_SIZES, SMALL_SIZES }] = await Promise.all([
      import('#engine/bench/benchEngine'),
      import('#engine/bench/benchGraphs'),
    ]);
    const sizes = small ? SMALL_SIZES : FULL_SIZES;
    if (!json) console.log(`${'operation'.padEnd(36)}   GFLOP/s     plain     ratio`);
    const bench = await benchEngine(backend, runs, sizes, json ? undefined : printFigure);
    if (json) {
      console.log(JSON.stringify({ ...head, runs, ...bench }));
      return;
    }
    const { nodes, expressions, bytes, session } = bench.build;
    console.log(`A training step of ${nodes} nodes: ${expressions} ms to build and lower, ${bytes} ms to encode, ${session} ms to load.`);
  } finally {
    await backend.dispose();
  }
} // prettier-ignore

function printFigure({ name, gigaflops, plainGigaflops, ratio }: BenchFigure): void {
  const cells = [gigaflops, plainGigaflops, ratio].map((value) => String(value).padStart(10));
  console.log(name.padEnd(36) + cells.join(''));
}
