import { join } from 'node:path';
import type { Command } from 'commander';
import type { ExportAvatarResult, StageTiming, WrittenOutput } from '#common/contract/avatarResults';
import type { CommandOutcome, CommandSession } from '#cli/commandSession';
import { runCommand } from '#cli/commandSession';
import type { BenchSeries } from '#cli/benchSeries';
import { describeMachine, measureMemory, summariseRuns } from '#cli/benchSeries';
import { addBenchEngineCommand } from '#cli/benchEngine';
import { addBenchNetworksCommand } from '#cli/benchNetworks';
import { addBenchStudioCommand } from '#cli/benchStudio';
import { addBenchSynthCommand } from '#cli/benchSynth';
import { inScratchFolder } from '#cli/inScratchFolder';
import { parseCount, parseNumber, parseWholeNumber } from '#cli/parseNumber';
import { fileSize } from '#cli/terminal/describe';
import type { ShellOptions } from '#host/composeHost';
import type { Host } from '#host/createHost';

interface BenchOptions {
  readonly runs: number;
  readonly json?: boolean;
}

interface BenchExportOptions extends BenchOptions {
  readonly seconds: number;
  readonly size: number;
  readonly motion: string;
}

export function addBenchCommand(program: Command, openHost: (options?: ShellOptions) => Promise<Host>): void {
  const composeHost = () => openHost();
  const bench = program.command('bench').description('Measure this machine: medians of repeated runs.');
  bench
    .command('make')
    .description('Make an avatar over and over; the first run warms up and does not count.')
    .argument('<portrait>', 'the picture')
    .option('--runs <n>', 'counted runs', parseCount, 5)
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (portrait: string, options: BenchOptions) => {
      await runCommand(composeHost, options, (session) =>
        inScratchFolder((folder) => benchMake(session, portrait, folder, options)),
      );
    });
  addBenchStudioCommand(bench, openHost);
  addBenchEngineCommand(bench);
  addBenchNetworksCommand(bench, composeHost);
  addBenchSynthCommand(bench, composeHost);
  bench
    .command('export')
    .description('Export an avatar over and over: WebM, MP4 and GLB, one after the other.')
    .argument('<avatar>', 'the avatar file')
    .option('--runs <n>', 'counted runs of each', parseCount, 3)
    .option('--seconds <s>', 'length of the videos', parseNumber, 4)
    .option('--size <pixels>', 'side of the videos', parseWholeNumber, 512)
    .option('--motion <preset>', 'the preset motion played', 'talk')
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (avatar: string, options: BenchExportOptions) => {
      await runCommand(composeHost, options, (session) =>
        inScratchFolder((folder) => benchExport(session, avatar, folder, options)),
      );
    });
}

async function benchMake(
  { client, follow }: CommandSession,
  portrait: string,
  folder: string,
  { runs }: BenchOptions,
): Promise<CommandOutcome> {
  const counted: { stages: readonly StageTiming[]; milliseconds: number }[] = [];
  const memory = measureMemory();
  for (let run = 0; run <= runs; run++) {
    const result = await follow(() =>
      client.avatars.make({ portrait, outDirectory: join(folder, 'out'), name: 'bench' }),
    );
    if (run > 0) counted.push(result);
  }
  const series = summariseRuns(counted);
  const peakMegabytes = memory.stop();
  return {
    json: { bench: 'make', runs, machine: describeMachine(), ...series, peakMegabytes },
    lines: [...seriesLines(series), `peak memory ${peakMegabytes} MB`],
  };
}

async function benchExport(
  { client, follow }: CommandSession,
  avatar: string,
  folder: string,
  { runs, seconds, size, motion }: BenchExportOptions,
): Promise<CommandOutcome> {
  const targets = {
    webm: { video: join(folder, 'bench.webm'), background: 'photo' },
    webmAlpha: { video: join(folder, 'alpha.webm'), background: 'transparent' },
    mp4: { video: join(folder, 'bench.mp4') },
    glb: { glb: join(folder, 'bench.glb') },
  };
  const results: Record<string, unknown> = {};
  const lines: string[] = [];
  for (const [name, target] of Object.entries(targets)) {
    const memory = measureMemory();
    const counted: ExportAvatarResult[] = [];
    for (let run = 0; run < runs; run++) {
      const common = { avatar, size, motion: { preset: motion }, durationSeconds: seconds };
      counted.push(await follow(() => client.avatars.export({ ...common, ...target })));
    }
    const series = summariseRuns(counted);
    const rate = framesPerSecond(series, counted[0].frameCount);
    const [output] = counted[0].outputs;
    const facts = { bytes: output.bytes, details: output.details, peakMegabytes: memory.stop() };
    results[name] = { ...series, ...(name === 'glb' ? {} : { framesPerSecond: rate }), ...facts };
    lines.push(summaryLine(name, series, output, name === 'glb' ? undefined : rate));
  }
  return {
    json: { bench: 'export', runs, seconds, size, motion, machine: describeMachine(), ...results },
    lines,
  };
}

/** Rendering and encoding together, which is what a user waits for. */
function framesPerSecond(series: BenchSeries, frameCount: number): number {
  const render = series.stages.find(({ name }) => name === 'render');
  return render === undefined ? 0 : Math.round((frameCount / render.median) * 10_000) / 10;
}

function seriesLines({ stages, total }: BenchSeries): string[] {
  return [...stages, { name: 'total', ...total }].map(
    ({ name, median, least, most }) =>
      `${name.padEnd(10)} ${median.toFixed(0).padStart(6)} ms   (${least.toFixed(0)} to ${most.toFixed(0)})`,
  );
}

function summaryLine(
  name: string,
  { total }: BenchSeries,
  output: WrittenOutput,
  rate: number | undefined,
): string {
  const speed = rate === undefined ? '' : `, ${rate} frames/s`;
  return `${name.padEnd(10)} ${(total.median / 1000).toFixed(2)} s${speed}, ${fileSize(output.bytes)}`;
}
