import type { Command } from 'commander';
import type { ImportedFile, ImportModelsParams } from '#common/contract/api/modelsApi';
import { runCommand } from '#cli/commandSession';
import { EXIT_INPUT } from '#cli/exitCodes';
import { fitLines, inertLines } from '#cli/modelsReport';
import { fileSize, seconds } from '#cli/terminal/describe';
import type { Host } from '#host/createHost';

type ImportOptions = Omit<ImportModelsParams, 'path'> & { readonly json?: boolean };

/** `models import`: weights into the store. */
export function addModelsImportCommand(models: Command, openHost: () => Promise<Host>): void {
  models
    .command('import')
    .description(
      'Take published weights into the store: safetensors, torch (.pth .pt .bin), pickles such as render.pkl, numpy. Nothing in them is executed. Stopped, it goes on where it was when started again.',
    )
    .argument('<path>', 'a file, or a folder of files')
    .option('--as <config>', 'fit names and shapes to a network of this config: released, paper ...')
    .option('--network <name>', 'fit to this network instead of the one recognised')
    .option('--part <name>', 'only this part of the file: G_ema, state_dict ...')
    .option('--name <text>', 'how the model is called (default: the file)')
    .option('--version <text>', 'of the weights (default: 1)')
    .option('--source <text>', 'where they come from')
    .option('--licence <text>', 'what they may be used for')
    .option('--consent <text>', 'whose pictures they learned from, and that they agreed')
    .option('--partial', 'keep what fits although something is missing or has another shape')
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (path: string, { json = false, ...params }: ImportOptions) => {
      await runCommand(openHost, { json }, async ({ client, follow }) => {
        const result = await follow(() => client.models.import({ path, ...params }));
        if (result.files.some(({ state }) => state === 'failed')) process.exitCode = EXIT_INPUT;
        const lines = [...result.files.flatMap(describe), `took ${seconds(result.milliseconds)}`];
        return { json: result, lines };
      });
    });
}

function describe(file: ImportedFile): string[] {
  if (file.state === 'failed') return [`${file.file}: ${file.error.message}`];
  const { model, conversion } = file;
  const resumed = conversion.resumedFrom === 0 ? '' : `, ${fileSize(conversion.resumedFrom)} of it from before`;
  return [
    `${file.file} -> ${model.id}: ${conversion.format}, ${conversion.tensorCount} tensors, ${(conversion.parameterCount / 1e6).toFixed(2)} M values, ${fileSize(conversion.bytes)}${resumed}`,
    `  sha256    ${conversion.sha256}`,
    `  memory    at most ${fileSize(file.peakBytes)}`,
    ...(conversion.fit === undefined ? [] : fitLines(conversion.fit)),
    ...inertLines(conversion.inertClasses),
    ...conversion.skipped.map((line) => `  skipped   ${line}`),
  ];
} // prettier-ignore
