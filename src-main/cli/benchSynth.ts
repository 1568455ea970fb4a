import { join } from 'node:path';
import type { Command } from 'commander';
import { PICTURE_SIZES } from '#common/synthetic/dataset/datasetRecipe';
import type { SynthesizeParams } from '#common/contract/api/syntheticApi';
import { DEFAULT_LIBRARY } from '#common/synthetic/library/syntheticLibrary';
import type { CommandOutcome, CommandSession } from '#cli/commandSession';
import { runCommand } from '#cli/commandSession';
import { describeMachine, measureMemory } from '#cli/benchSeries';
import { inScratchFolder } from '#cli/inScratchFolder';
import { parseCount } from '#cli/parseNumber';
import type { Host } from '#host/createHost';

interface BenchSynthOptions {
  readonly identities: number;
  readonly expressions: number;
  readonly views: number;
  readonly domain: string;
  readonly library: string;
  readonly json?: boolean;
}

interface Rate {
  readonly size: number;
  readonly pictures: number;
  readonly seconds: number;
  /** Of these until the first picture: threads, what all people share, the first head. */
  readonly startSeconds: number;
  /** All of the seconds counted. */
  readonly picturesPerSecond: number;
  /** Without the start: what a long set comes to. */
  readonly steadyPicturesPerSecond: number;
  /** Processor time of all threads, the start's too. */
  readonly cpuMillisecondsPerPicture: number;
  readonly bytesPerPicture: number;
  readonly peakMegabytes: number;
}

export function addBenchSynthCommand(bench: Command, composeHost: () => Promise<Host>): void {
  bench
    .command('synth')
    .description('Make sets of synthetic heads with all labels, at each size of picture.')
    .option('--identities <n>', 'people; each is built once', parseCount, 24)
    .option('--expressions <n>', 'expressions of each', parseCount, 4)
    .option('--views <n>', 'cameras for each expression', parseCount, 4)
    .option('--domain <name>', 'a domain', 'realistic')
    .option('--library <name>', 'none or makehuman', DEFAULT_LIBRARY)
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (options: BenchSynthOptions) => {
      await runCommand(composeHost, options, (session) =>
        inScratchFolder((folder) => benchSynth(session, folder, options)),
      );
    });
}

/** Wall time of whole sets: building people, posing, rendering, encoding, writing, and starting the threads. */
async function benchSynth(
  { client, follow }: CommandSession,
  folder: string,
  { identities, expressions, views, domain, library }: BenchSynthOptions,
): Promise<CommandOutcome> {
  const rates: Rate[] = [];
  for (const size of PICTURE_SIZES) {
    const memory = measureMemory();
    const before = process.cpuUsage();
    const counts = { seed: 1, identities, expressions, views, size, domains: [domain], library } as Omit<
      SynthesizeParams,
      'out'
    >;
    const result = await follow(() => client.synthetic.generate({ ...counts, out: join(folder, `${size}`) }));
    rates.push({
      size,
      pictures: result.records,
      seconds: result.seconds,
      startSeconds: result.firstSeconds,
      picturesPerSecond: Math.round((result.records / result.seconds) * 10) / 10,
      steadyPicturesPerSecond:
        Math.round((result.records / (result.seconds - result.firstSeconds)) * 10) / 10,
      cpuMillisecondsPerPicture: Math.round(cpuMillisecondsSince(before) / result.records),
      bytesPerPicture: Math.round(result.bytes / result.records),
      peakMegabytes: memory.stop(),
    });
  }
  return {
    json: {
      bench: 'synth',
      identities,
      expressions,
      views,
      domain,
      library,
      machine: describeMachine(),
      rates,
    },
    lines: rates.map(
      ({
        size,
        picturesPerSecond,
        steadyPicturesPerSecond,
        startSeconds,
        cpuMillisecondsPerPicture,
        bytesPerPicture,
        peakMegabytes,
      }) =>
        `${size} pixels  ${picturesPerSecond.toFixed(1).padStart(6)} pictures/s  ${steadyPicturesPerSecond.toFixed(1)} once begun  first after ${startSeconds.toFixed(1)} s  ${cpuMillisecondsPerPicture} ms of processor each  ${(bytesPerPicture / 1000).toFixed(0)} kB each  peak ${peakMegabytes} MB`,
    ),
  };
}

function cpuMillisecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
