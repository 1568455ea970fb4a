import type { Command } from 'commander';
import type {
  SynthesizeParams,
  SynthesizeResult,
  VerifyDatasetResult,
} from '#common/contract/api/syntheticApi';
import { AppError } from '#common/contract/errors';
import { DEFAULT_LIBRARY } from '#common/synthetic/library/syntheticLibrary';
import { runCommand } from '#cli/commandSession';
import { parseWholeNumber } from '#cli/parseNumber';
import type { Host } from '#host/createHost';

interface SynthOptions {
  readonly seed: number;
  readonly identities: number;
  readonly expressions: number;
  readonly views: number;
  readonly size: number;
  readonly domain: string;
  readonly library: string;
  /** Required; `synth verify` goes without. */
  readonly out?: string;
  readonly preview?: boolean;
  readonly json?: boolean;
}

export function addSynthCommand(program: Command, composeHost: () => Promise<Host>): void {
  const synth = program
    .command('synth')
    .description('Draw synthetic heads with complete labels, to train and to measure with.')
    .option('--seed <number>', 'what everything random follows from', parseWholeNumber, 1)
    .option('--identities <count>', 'people', parseWholeNumber, 16)
    .option('--expressions <count>', 'expressions of each', parseWholeNumber, 4)
    .option('--views <count>', 'cameras for each expression', parseWholeNumber, 2)
    .option('--size <pixels>', 'side of a picture: 128, 256 or 512', parseWholeNumber, 256)
    .option('--domain <names>', 'a domain, several with commas, or "all"', 'realistic')
    .option(
      '--library <name>',
      'none, or makehuman: photographed skins and modelled hair, fetched once (89 MB)',
      DEFAULT_LIBRARY,
    ) // prettier-ignore
    .option('--out <folder>', 'gets dataset.json and shards; the same again goes on with it')
    .option('--preview', 'write contact sheets instead, one for each domain')
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (options: SynthOptions) => {
      await runCommand(composeHost, options, async ({ client, follow }) => {
        const params = synthParams(options);
        if (options.preview === true) {
          const preview = await follow(() => client.synthetic.preview(params));
          return { json: preview, lines: [...preview.sheets] };
        }
        const result = await follow(() => client.synthetic.generate(params));
        return { json: result, lines: describeSet(result) };
      });
    });
  synth
    .command('verify')
    .description('Read every record of a set and say what is wrong with it.')
    .argument('<folder>', 'the folder of a set')
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (folder: string, _: unknown, command: Command) => {
      // The parent has a --json of its own, which takes the flag first.
      const options = command.optsWithGlobals<{ json?: boolean }>();
      await runCommand(composeHost, options, async ({ client, follow }) => {
        const result = await follow(() => client.synthetic.verify({ folder }));
        if (result.faultCount === 0) return { json: result, lines: [describeSound(result)] };
        throw new AppError('dataset.damaged', describeFaults(result), { details: { ...result } });
      });
    });
}

/** The host checks every field at its door; a bad one comes back with its name. */
function synthParams(options: SynthOptions): SynthesizeParams {
  const { seed, identities, expressions, views, size, domain, library, out } = options;
  if (out === undefined) {
    throw new AppError('input.badOption', '--out is missing: name the folder that gets the pictures.');
  }
  const domains = domain === 'all' ? domain : domain.split(',').map((name) => name.trim());
  return { seed, identities, expressions, views, size, domains, library, out } as SynthesizeParams;
}

function describeSet({ folder, records, shards, bytes, kept, seconds }: SynthesizeResult): string[] {
  const made = records - kept;
  const megabytes = (bytes / 1e6).toFixed(1);
  return [
    `${folder}: ${records} pictures in ${shards} shards, ${megabytes} MB`,
    made === 0
      ? 'Everything was there already.'
      : `${made} made in ${seconds.toFixed(1)} s (${(made / seconds).toFixed(1)} a second)${kept > 0 ? `, ${kept} kept` : ''}`,
  ];
}

function describeSound({ folder, records, shards }: VerifyDatasetResult): string {
  return `${folder}: ${records} pictures in ${shards} shards, all sound`;
}

function describeFaults({ records, shards, faults, faultCount }: VerifyDatasetResult): string {
  const lines = faults.slice(0, 20).map(({ shard, key, problem }) => `  ${key ?? shard}: ${problem}`);
  const more = faultCount > lines.length ? [`  ... and ${faultCount - lines.length} more`] : [];
  return [`${faultCount} faults in ${records} pictures of ${shards} shards:`, ...lines, ...more].join('\n');
}
