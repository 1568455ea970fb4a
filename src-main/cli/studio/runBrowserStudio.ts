import { join } from 'node:path';
import type { Host } from '#host/createHost';
import type { ShellOptions } from '#host/composeHost';
import { createFileHandover } from '#server/fileHandover';
import { createFileLog } from '#server/fileLog';
import { createHandoverDoor, handFilesOver } from '#server/handoverDoor';
import type { InstanceRecord } from '#server/instanceLock';
import { claimInstance } from '#server/instanceLock';
import { openInBrowser } from '#server/openInBrowser';
import { createReveal } from '#server/revealInFolder';
import { startStudioServer } from '#server/startStudioServer';

export interface BrowserRun {
  readonly dataDirectory: string;
  readonly port?: number;
  readonly opensBrowser: boolean;
  /** Absolute paths the first window opens: projects, avatars, pictures. */
  readonly files: readonly string[];
  readonly openHost: (options: ShellOptions) => Promise<Host>;
  /** One line for people. */
  readonly say: (line: string) => void;
  /** Resolves when the program is asked to end. */
  readonly ended: Promise<void>;
}

/** Serves the studio to browsers until asked to end. A second one on the same data hands its files to the first. */
export async function runBrowserStudio(run: BrowserRun): Promise<void> {
  const { dataDirectory } = run;
  const claim = await claimInstance(dataDirectory, 'browser');
  if (claim.kind === 'running') return await joinRunning(run, claim.record);
  try {
    await serve(run, (where) => claim.announce(where));
  } finally {
    await claim.release();
  }
}

/** Brings the running studio up with the files of this start. */
async function joinRunning(run: BrowserRun, record: InstanceRecord): Promise<void> {
  const { say, files } = run;
  const { url, handoverKey, processId } = record;
  if (url === undefined)
    return say(`The studio is open already, in a desktop window (process ${processId}).`);
  say(`The studio is running already: ${url}`);
  if (files.length > 0 && handoverKey !== undefined) {
    const outcome = await handFilesOver(url, handoverKey, files);
    // The page that is open has them: a second window on the same data would only confuse.
    if (outcome.kind === 'taken') return say('Its open window takes the files.');
    if (outcome.kind === 'refused') say(`It did not take the files: ${outcome.reason}`);
  }
  if (run.opensBrowser) await openInBrowser(url);
}

async function serve(
  run: BrowserRun,
  announce: (where: Pick<InstanceRecord, 'url' | 'handoverKey'>) => Promise<void>,
): Promise<void> {
  const { say, port } = run;
  const log = createFileLog(join(run.dataDirectory, 'studio.log'));
  const reveal = createReveal();
  const host = await run.openHost({
    dataDirectory: run.dataDirectory,
    confinesPaths: true,
    log,
    ...(reveal === undefined ? {} : { reveal }),
  });
  try {
    const handover = createFileHandover(host.door);
    const open = (paths: readonly string[]): boolean => {
      for (const path of paths) host.grantPath(path);
      return handover.open(paths);
    };
    open(run.files);
    const door = createHandoverDoor(open);
    const served = { ...host, door: handover.door };
    const server = await startStudioServer({
      host: served,
      log,
      handover: door,
      ...(port === undefined ? {} : { port }),
    });
    await announce({ url: server.url, handoverKey: door.key });
    say(`AvatarArtist Studio is at ${server.url}`);
    if (run.opensBrowser && !(await openInBrowser(server.url)))
      say('Open that address in a browser on this machine.');
    say('Press Ctrl-C to end it; work is saved as you go.');
    await run.ended;
    await server.close();
  } finally {
    await host.dispose();
  }
}
