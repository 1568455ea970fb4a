import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { AppError } from '#common/contract/errors';
import { reportFailure } from '#cli/commandSession';
import { parseCount, parseWholeNumber } from '#cli/parseNumber';
import type { PictureDistance } from '#engine/examples/gan/pictureDistance';
import type { GanSettings } from '#engine/examples/gan/settings';
import type { GanOutcome, GanSurroundings } from '#engine/examples/gan/trainGan';
import type { BackendName } from '#engine/graph/lowering/backends.data';

interface TrainOptions extends Partial<
  Record<'size' | 'channels' | 'batch' | 'seed' | 'checkpointEvery' | 'threads', number>
> {
  readonly out: string;
  readonly steps: number;
  readonly resume?: boolean;
  readonly backend: BackendName;
  readonly json?: boolean;
}

/** `engine train`: the example GAN, to see that this machine trains. */
export function addTrainCommand(engine: Command): void {
  engine
    .command('train')
    .description('Train a small StyleGAN2 on drawn shapes, to see that this machine trains and resumes.')
    .requiredOption('--out <folder>', 'gets checkpoints, metrics.jsonl and sample pictures')
    .option('--steps <count>', 'steps of the whole run', parseCount, 2000)
    .option('--seed <number>', 'everything random follows from it (default: 1)', parseWholeNumber)
    .option('--resume', 'go on with the run in the folder, with its settings')
    .addOption(
      new Option('--backend <name>', 'where graphs run').choices(['cpu', 'webgpu', 'cuda']).default('cpu'),
    )
    .option('--size <pixels>', 'width of the pictures: 8, 16, 32 ... (default: 16)', parseCount)
    .option('--channels <count>', 'of every layer (default: 32)', parseCount)
    .option('--batch <count>', 'pictures in a step (default: 16)', parseCount)
    .option('--checkpoint-every <steps>', 'steps between checkpoints (default: 100)', parseCount)
    // One is the fastest for networks of this size: engine/training/README.md has the figures.
    .option(
      '--threads <count>',
      'inside one operator, on the CPU; a run keeps its own (default: 1)',
      parseCount,
    )
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (options: TrainOptions) => {
      try {
        await runTraining(options);
      } catch (error) {
        reportFailure(error, options);
      }
    });
}

async function runTraining(options: TrainOptions): Promise<void> {
  const { out, steps, backend: name, json = false } = options;
  // Loaded when asked for: --help must not wait for the runtime.
  const [{ OrtBackend }, { trainGan }, { encodePng }] = await Promise.all([
    import('#engine/runtime/OrtBackend'),
    import('#engine/examples/gan/trainGan'),
    import('#host/images/storedPicture'),
  ]);
  const settings = await settingsOf(options);
  const backend = new OrtBackend(name, { threadCount: settings.threads });
  const started = performance.now();
  const onStep: GanSurroundings['onStep'] = (step, metrics) => {
    if (step % 50 !== 0 && step !== steps) return;
    const parts = Object.entries(metrics).map(([metric, value]) => `${metric} ${value.toFixed(3)}`);
    console.log(`step ${step}  ${parts.join('  ')}  ${seconds(started)} s`);
  };
  const outcome = await trainGan(settings, {
    folder: out,
    backend,
    steps,
    writePicture: async (picture, image) => {
      await writeFile(join(out, `${picture}.png`), await encodePng(image, false));
    },
    onDamaged: ({ message }) => {
      console.error(`warning: ${message} It is set aside; the run goes on from the one before.`);
    },
    ...(json ? {} : { onStep }),
  });
  await backend.dispose();
  console.log(json ? JSON.stringify(outcome) : describeOutcome(outcome));
}

/** Of a new run from the options, of one that goes on from its folder. */
async function settingsOf({ out, resume = false, ...given }: TrainOptions): Promise<GanSettings> {
  const { GAN_DEFAULTS, ganSettingsSchema } = await import('#engine/examples/gan/settings');
  const path = join(out, 'settings.json');
  const stored = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!resume) {
    if (stored !== undefined) {
      throw new AppError(
        'input.badOption',
        `${out} holds a run already: add --resume or take another --out.`,
      );
    }
    const { size, channels, batch, seed, checkpointEvery, threads } = { ...GAN_DEFAULTS, ...given };
    if (!Number.isInteger(Math.log2(size)) || size < 8) {
      throw new AppError(
        'input.badOption',
        `--size must be 8 or twice that, again and again; it is ${size}.`,
      );
    }
    const settings = { ...GAN_DEFAULTS, size, channels, batch, seed, checkpointEvery, threads };
    await mkdir(out, { recursive: true });
    // Whole or not there: a run that is killed at once can be started again.
    await writeFile(`${path}.writing`, JSON.stringify(settings, undefined, 2));
    await rename(`${path}.writing`, path);
    return settings;
  }
  if (stored === undefined) {
    throw new AppError('input.fileNotFound', `There is no run to go on with in ${out}: leave --resume out.`);
  }
  try {
    return ganSettingsSchema.parse(JSON.parse(stored));
  } catch (error) {
    throw new AppError('checkpoint.damaged', `${path} is damaged; it should hold the run's settings.`, {
      cause: error,
    });
  }
}

function describeOutcome({ steps, start, end, floor }: GanOutcome): string {
  const row = (name: string, { pictures, patches }: PictureDistance): string =>
    `  ${name.padEnd(24)}${pictures.toFixed(3).padStart(10)}${patches.toFixed(3).padStart(10)}`;
  return [
    `${steps} steps. Sliced Wasserstein distance to held-out pictures, in their deviations:`,
    `  ${''.padEnd(24)}${'pictures'.padStart(10)}${'patches'.padStart(10)}`,
    row('at the start', start),
    row('now', end),
    row('real to other real ones', floor),
  ].join('\n');
}

function seconds(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(0);
}
