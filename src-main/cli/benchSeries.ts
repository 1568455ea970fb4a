import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import type { StageTiming } from '#common/contract/avatarResults';

/** Milliseconds over the runs of one series. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface BenchSeries {
  readonly stages: readonly ({ readonly name: string } & Spread)[];
  readonly total: Spread;
}

/** Medians of the stages, which must be the same in every run, and of the whole. */
export function summariseRuns(
  runs: readonly { readonly stages: readonly StageTiming[]; readonly milliseconds: number }[],
): BenchSeries {
  return {
    stages: runs[0].stages.map(({ name }, index) => ({
      name,
      ...spreadOf(runs.map((run) => run.stages[index].milliseconds)),
    })),
    total: spreadOf(runs.map((run) => run.milliseconds)),
  };
}

/** Of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { median, least: sorted[0], most: sorted[sorted.length - 1] };
}

export function describeMachine(): Readonly<Record<string, string | number>> {
  return {
    platform: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

const MEMORY_INTERVAL_MILLISECONDS = 100;

/** Watches the resident memory of the whole process, threads included, until stopped; megabytes. */
export function measureMemory(): { stop(): number } {
  let peak = process.memoryUsage.rss();
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, MEMORY_INTERVAL_MILLISECONDS);
  return {
    stop() {
      clearInterval(timer);
      return Math.round(Math.max(peak, process.memoryUsage.rss()) / 1e6);
    },
  };
}
