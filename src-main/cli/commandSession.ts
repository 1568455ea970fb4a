import { AppError } from '#common/contract/errors';
import { followJob } from '#common/contract/followJob';
import type { HostClient } from '#common/contract/hostClient';
import { createHostClient } from '#common/contract/hostClient';
import type { JobId, JobKind, JobResults, StartedJob } from '#common/contract/jobs';
import { createMemoryTransport } from '#common/contract/memoryTransport';
import type { Progress } from '#common/contract/progress';
import { toWire } from '#common/contract/wire';
import { EXIT_CANCELLED, exitCodeOf } from '#cli/exitCodes';
import { ProgressBar } from '#cli/terminal/ProgressBar';
import type { Host } from '#host/createHost';
import { removeUnfinishedOutputs } from '#host/files/outputTransaction';

/** What a command has to work with. */
export interface CommandSession {
  readonly client: HostClient;
  /** Starts a job, shows its progress and waits; Ctrl-C cancels it. */
  readonly follow: <Kind extends JobKind>(
    start: () => Promise<StartedJob<Kind>>,
  ) => Promise<JobResults[Kind]>;
  /** Progress of work that is no job (a bench's runs). */
  readonly report: (progress: Progress) => void;
}

export interface CommandOutcome {
  /** The one object `--json` prints. */
  readonly json: unknown;
  /** What people read instead. */
  readonly lines: readonly string[];
}

/**
 * Runs one command against a host of its own and sets the exit code. Results go to stdout; progress and
 * errors to stderr, except that with `json` stdout gets exactly one object, result or error.
 */
export async function runCommand(
  composeHost: () => Promise<Host>,
  options: { readonly json?: boolean },
  work: (session: CommandSession) => Promise<CommandOutcome>,
): Promise<void> {
  const bar = new ProgressBar(options.json === true ? { write: () => true } : process.stderr, () =>
    performance.now(),
  );
  const host = await composeHost();
  const client = createHostClient(createMemoryTransport(host.door));
  let running: JobId | undefined;
  let isInterrupted = false;
  const interrupt = (): void => {
    if (isInterrupted) {
      removeUnfinishedOutputs();
      process.exit(EXIT_CANCELLED);
    }
    isInterrupted = true;
    if (running !== undefined) void client.jobs.cancel({ jobId: running });
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    const { json, lines } = await work({
      client,
      report: (progress) => bar.update(progress),
      follow: (start) =>
        followJob(client, start, {
          onProgress: (progress) => bar.update(progress),
          onStarted: (jobId) => {
            running = jobId;
            if (isInterrupted) void client.jobs.cancel({ jobId });
          },
        }),
    });
    bar.end(true);
    console.log(options.json === true ? JSON.stringify(json) : lines.join('\n'));
  } catch (error) {
    bar.end(false);
    reportFailure(asUserError(error), options);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    client.close();
    await host.dispose();
  }
}

/** Prints an error and sets the exit code; every way out of the program but success ends here. */
export function reportFailure(error: unknown, { json }: { readonly json?: boolean }): void {
  const { code, message, details, cause } = toWire(error);
  const known = error instanceof AppError ? error : new AppError('internal.invariant', message);
  process.exitCode = exitCodeOf(known.family);
  if (json === true) {
    console.log(JSON.stringify({ error: { code, message, ...(details === undefined ? {} : { details }) } }));
    return;
  }
  console.error(known.family === 'cancelled' ? 'Cancelled.' : `error: ${message}`);
  if (known.family !== 'bug' && known.family !== 'contract') return;
  console.error(`(${code}) This is a fault in the program, not in your input.`);
  if (error instanceof Error && error.stack !== undefined) console.error(error.stack);
  else if (cause !== undefined) console.error(cause.message);
}

/** On the command line a wrong parameter is a wrong option, and the user's to mend. */
function asUserError(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'contract.invalidParams') return error;
  const stated = error.details?.['field'];
  const field = typeof stated === 'string' ? stated : 'params';
  const reason = error.message.replace(/^.*?" /, '');
  const name = OPTION_NAMES[field.split('.')[0]] ?? `--${field}`;
  return new AppError('input.badOption', `${name} ${reason}`, { details: { option: name } });
}

/** Contract fields whose option is called otherwise. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
  portrait: 'The portrait',
  avatar: 'The avatar file',
  outDirectory: '--out',
  durationSeconds: '--duration',
  outputs: 'Nothing to write:',
};
