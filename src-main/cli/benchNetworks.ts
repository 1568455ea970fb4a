import type { Command } from 'commander';
import { Option } from 'commander';
import type { MeasureNetworkResult } from '#common/contract/api/modelsApi';
import { AppError } from '#common/contract/errors';
import type { ComputeBackend } from '#common/models/modelTasks';
import { describeMachine } from '#cli/benchSeries';
import type { CommandOutcome, CommandSession } from '#cli/commandSession';
import { runCommand } from '#cli/commandSession';
import { parseCount } from '#cli/parseNumber';
import { fileSize } from '#cli/terminal/describe';
import type { Host } from '#host/createHost';

interface BenchNetworksOptions {
  readonly config: readonly string[];
  readonly only?: string;
  readonly backend: ComputeBackend;
  readonly runs: number;
  readonly json?: boolean;
}

type Figure = MeasureNetworkResult & { readonly config: string };
type Refusal = { readonly network: string; readonly config: string; readonly problem: string };

const COLUMNS = ['cold ms', 'warm ms', 'GFLOP', 'GFLOP/s', 'plain', 'share', 'M params', 'peak'];

/** `bench networks`: each network at batch 1 with made-up weights, in a process of its own. */
export function addBenchNetworksCommand(bench: Command, openHost: () => Promise<Host>): void {
  bench
    .command('networks')
    .description('Time every network at batch 1, cold and warm, beside a plain convolution; released sizes take minutes and many GB.')
    .option('--config <names...>', 'at which configs', ['compact-cpu', 'compact-gpu'])
    .option('--only <name>', 'one network, or a family (vae, vae.decoder)')
    .addOption(new Option('--backend <name>', 'where graphs run').choices(['cpu', 'webgpu', 'cuda']).default('cpu'))
    .option('--runs <n>', 'warm runs of each; their median is told', parseCount, 5)
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (options: BenchNetworksOptions) => {
      await runCommand(openHost, options, (session) => benchNetworks(session, options));
    });
} // prettier-ignore

async function benchNetworks(
  { client, follow, report }: CommandSession,
  { config, only, backend, runs }: BenchNetworksOptions,
): Promise<CommandOutcome> {
  const listed = await follow(() => client.models.networks({}));
  const names = listed.networks
    .map(({ name }) => name)
    .filter((name) => only === undefined || name === only || name.startsWith(`${only}.`));
  if (names.length === 0) throw new AppError('input.badOption', `There is no network "${only ?? ''}"; "models networks" lists them.`); // prettier-ignore
  const figures: Figure[] = [];
  const refusals: Refusal[] = [];
  const total = config.length * names.length;
  for (const each of config) {
    for (const network of names) {
      report({ stage: `${network} ${each}`, fraction: (figures.length + refusals.length) / total });
      try {
        const measured = await follow(() => client.models.measure({ network, config: each, backend, runs }));
        figures.push({ ...measured, config: each });
      } catch (error) {
        if (!(error instanceof AppError) || error.family === 'cancelled') throw error;
        // One network that is too large for this machine must not hide the others.
        refusals.push({ network, config: each, problem: error.message });
      }
    }
  }
  return {
    json: { bench: 'networks', backend, runs, machine: describeMachine(), networks: figures, refused: refusals },
    lines: [
      'network'.padEnd(42) + COLUMNS.map((name) => name.padStart(10)).join(''),
      ...figures.map(figureLine),
      ...refusals.map(({ network, config: at, problem }) => `${`${network} ${at}`.padEnd(42)} ${problem}`),
    ],
  };
} // prettier-ignore

function figureLine(figure: Figure): string {
  const cells = [
    figure.coldMilliseconds.toFixed(0),
    figure.warmMilliseconds.toFixed(figure.warmMilliseconds < 10 ? 2 : 0),
    figure.gigaflop.toPrecision(3),
    figure.gigaflopsPerSecond.toPrecision(3),
    figure.plainGigaflopsPerSecond.toPrecision(3),
    figure.share.toFixed(2),
    (figure.parameterCount / 1e6).toFixed(2),
    fileSize(figure.peakBytes),
  ];
  return `${figure.network} ${figure.config}`.padEnd(42) + cells.map((cell) => cell.padStart(10)).join('');
}
