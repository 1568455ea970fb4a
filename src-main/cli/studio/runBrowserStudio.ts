import { join } from 'node:path';
import type { Host } from '#host/createHost';
import type { ShellOptions } from '#host/composeHost';
import { createFileHandover } from '#server/fileHandover';
import { createFileLog } from '#server/fileLog';
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

/** Serves the studio to browsers until asked to end. A second one on the same data only opens the first. */
export async function runBrowserStudio(run: BrowserRun): Promise<void> {
  const { dataDirectory, say } = run;
  const claim = await claimInstance(dataDirectory, 'browser');
  if (claim.kind === 'running') {
    const { url, processId } = claim.record;
    if (url === undefined)
      return say(`The studio is open already, in a desktop window (process ${processId}).`);
    say(`The studio is running already: ${url}`);
    if (run.files.length > 0)
      say('Open the file in its window: it takes files from a start of its own only.');
    if (run.opensBrowser) await openInBrowser(url);
    return;
  }
  try {
    await serve(run, (url) => claim.announce(url));
  } finally {
    await claim.release();
  }
}

async function serve(run: BrowserRun, announce: (url: string) => Promise<void>): Promise<void> {
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
    for (const path of run.files) host.grantPath(path);
    handover.open(run.files);
    const served = { ...host, door: handover.door };
    const server = await startStudioServer({ host: served, log, ...(port === undefined ? {} : { port }) });
    await announce(server.url);
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
