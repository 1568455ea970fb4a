import type { Command } from 'commander';
import { Option } from 'commander';
import { AppError } from '#common/contract/errors';
import { reportFailure } from '#cli/commandSession';
import { addTrainCommand } from '#cli/engineTrainCommand';
import type { CaseResult } from '#engine/check/checkBackend';
import type { BackendName } from '#engine/graph/lowering/backends.data';

/** Symbolic gradients against finite differences, and a backend against the float64 reference. */
const WORST_ERROR = 1e-3;

interface CheckOptions {
  readonly backend: BackendName;
  readonly json?: boolean;
}

export function addEngineCommand(program: Command): void {
  const engine = program
    .command('engine')
    .description('The neural engine: check it, or train an example, on this machine.');
  engine
    .command('check')
    .description(
      'Check every operation against finite differences in float64 (first and second order) and a backend against that reference.',
    )
    .addOption(
      new Option('--backend <name>', 'where graphs run; no node may fall back to the CPU')
        .choices(['cpu', 'webgpu', 'cuda'])
        .default('cpu'),
    )
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (options: CheckOptions) => {
      try {
        await runCheck(options);
      } catch (error) {
        reportFailure(error, options);
      }
    });
  addTrainCommand(engine);
}

async function runCheck({ backend: name, json = false }: CheckOptions): Promise<void> {
  // Loaded when asked for: --help must not wait for the runtime.
  const [{ OrtBackend }, { checkBackend, worstError }, { OP_CASES }, { FUNCTION_CASES }] = await Promise.all([
    import('#engine/runtime/OrtBackend'),
    import('#engine/check/checkBackend'),
    import('#engine/check/opCases'),
    import('#engine/check/functionCases'),
  ]);
  const backend = new OrtBackend(name, name === 'cpu' ? {} : { refusesFallback: true });
  const results: CaseResult[] = [];
  if (!json) console.log(tableRow('operation', 'value', 'gradient', '1st order', '2nd order'));
  for await (const result of checkBackend(backend, [...OP_CASES, ...FUNCTION_CASES])) {
    results.push(result);
    if (!json) console.log(describeResult(result));
  }
  await backend.dispose();
  const worst = results.reduce((most, result) => Math.max(most, worstError(result)), 0);
  const failed = results
    .filter((result) => !(worstError(result) <= WORST_ERROR))
    .map((result) => result.name);
  if (json) console.log(JSON.stringify({ backend: name, worst, failed, results }));
  else
    console.log(
      `${results.length} cases on ${name}, worst error ${scientific(worst)}, ${failed.length} above ${WORST_ERROR}.`,
    );
  if (failed.length === 0) return;
  process.exitCode = 1;
  if (!json)
    throw new AppError('internal.invariant', `The engine is wrong on this machine: ${failed.join(', ')}.`);
}

function describeResult({ name, problem, value, gradient, firstOrder, secondOrder }: CaseResult): string {
  if (problem !== undefined) return `${name.padEnd(36)} did not run: ${problem}`;
  return tableRow(name, ...[value, gradient, firstOrder, secondOrder].map(scientific));
}

function tableRow(name: string, ...cells: readonly string[]): string {
  return name.padEnd(36) + cells.map((cell) => cell.padStart(11)).join('');
}

function scientific(value: number | undefined): string {
  return value === undefined ? '-' : value.toExponential(1);
}
