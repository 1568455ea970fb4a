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
  readonly json?: boolean;
}

export function addBenchEngineCommand(bench: Command): void {
  bench
    .command('engine')
    .description('Operations and training steps of the neural engine, each beside plain ONNX of the same shapes.')
    .addOption(new Option('--backend <name>', 'where graphs run').choices(['cpu', 'webgpu', 'cuda']).default('cpu'))
    .option('--runs <n>', 'counted runs of each; the best one is told', parseCount, 10)
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (options: BenchEngineOptions) => {
      try {
        await runBench(options);
      } catch (error) {
        reportFailure(error, options);
      }
    });
} // prettier-ignore

async function runBench({ backend: name, runs, json = false }: BenchEngineOptions): Promise<void> {
  const [{ OrtBackend }, { benchEngine }] = await Promise.all([
    import('#engine/runtime/OrtBackend'),
    import('#engine/bench/benchEngine'),
  ]);
  const backend = new OrtBackend(name);
  if (!json) console.log(`${'operation'.padEnd(36)}   GFLOP/s     plain     ratio`);
  const bench = await benchEngine(backend, runs, json ? undefined : printFigure);
  await backend.dispose();
  if (json) {
    console.log(
      JSON.stringify({ bench: 'engine', backend: name, runs, machine: describeMachine(), ...bench }),
    );
    return;
  }
  const { nodes, expressions, bytes, session } = bench.build;
  console.log(`A training step of ${nodes} nodes: ${expressions} ms to build and lower, ${bytes} ms to encode, ${session} ms to load.`); // prettier-ignore
}

function printFigure({ name, gigaflops, plainGigaflops, ratio }: BenchFigure): void {
  const cells = [gigaflops, plainGigaflops, ratio].map((value) => String(value).padStart(10));
  console.log(name.padEnd(36) + cells.join(''));
}
