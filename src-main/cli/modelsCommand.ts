import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ModelReference } from '#common/contract/api/modelsApi';
import { AppError } from '#common/contract/errors';
import { modelIdSchema } from '#common/models/modelManifest';
import type { ComputeBackend, NetworkConfig } from '#common/models/modelTasks';
import type { CommandSession, CommandOutcome } from '#cli/commandSession';
import { runCommand } from '#cli/commandSession';
import { addModelsImportCommand } from '#cli/modelsImportCommand';
import { listingLines, inspectionLines, networkLines, shapeText, verificationLines } from '#cli/modelsReport';
import { parseWholeNumber } from '#cli/parseNumber';
import { fileSize, seconds } from '#cli/terminal/describe';
import type { Host } from '#host/createHost';

interface JsonOption {
  readonly json?: boolean;
}

interface RunOptions extends JsonOption {
  readonly config: string;
  readonly weights: string;
  readonly inputs: string;
  readonly out: string;
  readonly backend: ComputeBackend;
}

interface NewOptions extends JsonOption {
  readonly config: string;
  readonly seed: number;
  readonly out: string;
}

const JSON_OPTION = ['--json', 'print one JSON summary on stdout and nothing else'] as const;
const CONFIG_HELP = 'released, paper, compact-gpu, compact-cpu or a JSON file';

/** `models ...`: the store of weights and the networks that use them. */
export function addModelsCommand(program: Command, openHost: () => Promise<Host>): void {
  const models = program
    .command('models')
    .description(
      'Weights of neural networks: import published ones safely, list, check, run, make new ones.',
    );
  /** A command without options of its own: `work` gets its arguments. */
  const run = async (
    options: JsonOption,
    work: (session: CommandSession) => Promise<CommandOutcome>,
  ): Promise<void> => {
    await runCommand(openHost, options, work);
  };
  addModelsImportCommand(models, openHost);
  addStoreCommands(models, run);
  addNetworkCommands(models, run);
}

type Run = (options: JsonOption, work: (session: CommandSession) => Promise<CommandOutcome>) => Promise<void>;

function addStoreCommands(models: Command, run: Run): void {
  models
    .command('list')
    .description('What is in the store, and the packs that came with the program.')
    .option(...JSON_OPTION)
    .action(async (options: JsonOption) => {
      await run(options, async ({ client }) => {
        const result = await client.models.list({});
        return { json: result, lines: listingLines(result.models) };
      });
    });
  models
    .command('inspect')
    .description('Say what a model, or a file of weights, holds. Nothing in the file is executed.')
    .argument('<model>', 'an id of "models list", or a file')
    .option(...JSON_OPTION)
    .action(async (model: string, options: JsonOption) => {
      await run(options, async ({ client, follow }) => {
        const result = await follow(() => client.models.inspect({ model: asReference(model) }));
        return { json: result, lines: inspectionLines(result) };
      });
    });
  models
    .command('verify')
    .description('Read the weights of one model, or of all, and compare them with their SHA-256.')
    .argument('[id]', 'of "models list"')
    .option(...JSON_OPTION)
    .action(async (id: string | undefined, options: JsonOption) => {
      await run(options, async ({ client, follow }) => {
        const result = await follow(() => client.models.verify(id === undefined ? {} : { id }));
        const broken = result.models.filter(({ isSound }) => !isSound);
        if (broken.length > 0) {
          const [{ id: first, problem = '' }] = broken;
          throw new AppError('model.hashMismatch', `${broken.length} of ${result.models.length} models are not what they should be; "${first}": ${problem}.`, { details: { models: result.models } }); // prettier-ignore
        }
        return { json: result, lines: verificationLines(result) };
      });
    });
  models
    .command('remove')
    .description('Remove a model from the store.')
    .argument('<id>', 'of "models list"')
    .option(...JSON_OPTION)
    .action(async (id: string, options: JsonOption) => {
      await run(options, async ({ client }) => {
        const result = await client.models.remove({ id });
        return { json: result, lines: [`Removed "${id}"; ${fileSize(result.freedBytes)} are free again.`] };
      });
    });
}

function addNetworkCommands(models: Command, run: Run): void {
  models
    .command('networks')
    .description('The networks, and the modules of them, that can be run by name.')
    .argument('[network]', 'only this one')
    .option('--config <name>', 'say how large they are at a config')
    .option(...JSON_OPTION)
    .action(async (network: string | undefined, options: JsonOption & { readonly config?: string }) => {
      await run(options, async ({ client, follow }) => {
        const result = await follow(() =>
          client.models.networks({
            ...(network === undefined ? {} : { network }),
            ...(options.config === undefined ? {} : { config: options.config }),
          }),
        );
        return { json: result, lines: networkLines(result.networks) };
      });
    });
  models
    .command('run')
    .description('Run a network, or one module of it, on given tensors, to compare it number by number.')
    .argument('<network>', 'of "models networks"')
    .requiredOption('--config <name|file>', CONFIG_HELP)
    .requiredOption('--weights <model|file>', 'an id of "models list", or any file of weights')
    .requiredOption('--inputs <file>', 'safetensors with the inputs by name')
    .requiredOption('--out <file>', 'safetensors that gets the outputs')
    .addOption(new Option('--backend <name>', 'where it runs').choices(['cpu', 'webgpu', 'cuda']).default('cpu'))
    .option(...JSON_OPTION)
    .action(async (network: string, options: RunOptions) => {
      await run(options, (session) => runNetwork(session, network, options));
    });
  models
    .command('new')
    .description("Write a new network's weights under the published key names.")
    .argument('<network>', 'of "models networks"')
    .requiredOption('--config <name|file>', CONFIG_HELP)
    .option('--seed <number>', 'the same seed gives the same weights', parseWholeNumber, 1)
    .requiredOption('--out <file>', 'safetensors that gets the weights')
    .option(...JSON_OPTION)
    .action(async (network: string, { seed, out, ...options }: NewOptions) => {
      await run(options, async ({ client, follow }) => {
        const config = await readConfig(options.config);
        const result = await follow(() => client.models.create({ network, config, seed, out }));
        const millions = (result.parameterCount / 1e6).toFixed(2);
        const line = `${out}: ${result.tensorCount} tensors, ${millions} M parameters, ${fileSize(result.bytes)}`;
        return { json: result, lines: [line] };
      });
    });
} // prettier-ignore

async function runNetwork(
  { client, follow }: CommandSession,
  network: string,
  options: RunOptions,
): Promise<CommandOutcome> {
  const { inputs, out, backend } = options;
  const config = await readConfig(options.config);
  const weights = asReference(options.weights);
  const result = await follow(() => client.models.run({ network, config, weights, inputs, out, backend }));
  const { compileMilliseconds, runMilliseconds, peakBytes } = result;
  return {
    json: result,
    lines: [
      ...Object.entries(result.outputs).map(([name, shape]) => `${name.padEnd(20)} ${shapeText(shape)}`),
      `ready in ${seconds(compileMilliseconds)}, ran in ${seconds(runMilliseconds)}, at most ${fileSize(peakBytes)} of memory; written to ${out}`,
    ],
  };
}

/** The name of a config, or the config in a file. @throws AppError input.fileNotFound, input.badOption */
export async function readConfig(text: string): Promise<NetworkConfig> {
  if (!text.endsWith('.json')) return text;
  let json: unknown;
  try {
    json = JSON.parse(await readFile(text, 'utf8'));
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new AppError(
      isMissing ? 'input.fileNotFound' : 'input.badOption',
      isMissing ? `There is no file "${basename(text)}".` : `"${basename(text)}" is no JSON file.`,
      { cause: error },
    );
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  throw new AppError('input.badOption', `"${basename(text)}" holds no config: one JSON object was expected.`);
}

/** An id of the store, unless a file of that name lies here. */
function asReference(text: string): ModelReference {
  return modelIdSchema.safeParse(text).success && !existsSync(text) ? { id: text } : { path: text };
}
