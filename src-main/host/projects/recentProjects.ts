import { readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import type { RecentProject } from '#common/contract/api/projectsApi';
import type { Clock } from '#host/clock';
import { systemCode } from '#host/files/diskErrors';
import type { OutputFileSystem } from '#host/files/outputTransaction';
import { writeFileAtomically } from '#host/files/writeFileAtomically';
import type { Log } from '#host/log';
import { stampOf } from '#host/projects/fileStamp';
import { serially } from '#host/serially';

/** Files kept in the list; the oldest fall off. */
export const MAX_RECENT = 30;

const schema = z.object({
  version: z.literal(1),
  recent: z
    .array(z.object({ path: z.string().min(1), name: z.string(), opened: z.iso.datetime() }))
    .max(10 * MAX_RECENT),
});

type StoredRecent = z.output<typeof schema>['recent'];

/** The project files opened or saved last, newest first, in one small JSON file. */
export interface RecentProjects {
  list(): Promise<RecentProject[]>;
  /** Puts a file first. Never throws: a list that cannot be written must not fail the opening. */
  remember(path: string, name: string): Promise<void>;
  /** @throws AppError `disk.*` */
  forget(path: string): Promise<void>;
}

/** @param path the JSON file; a damaged one is set aside under `<path>.damaged` and the list begins anew */
export function createRecentProjects(
  path: string,
  { clock, log, files }: { readonly clock: Clock; readonly log: Log; readonly files?: OutputFileSystem },
): RecentProjects {
  const inTurn = serially();

  const read = async (): Promise<StoredRecent> => {
    try {
      return schema.parse(JSON.parse(await readFile(path, 'utf8'))).recent;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      log.write('warn', 'The list of recent projects is unreadable', { error: String(error) });
      await rename(path, `${path}.damaged`).catch(() => undefined);
      return [];
    }
  };
  const write = (recent: StoredRecent): Promise<void> =>
    writeFileAtomically(path, JSON.stringify({ version: 1, recent }, undefined, 1), files);

  return {
    list: () =>
      inTurn(async () => {
        const recent = await read();
        return await Promise.all(
          recent.map(async (entry) => ({ ...entry, exists: await isThere(entry.path) })),
        );
      }),
    remember: (file, name) =>
      inTurn(async () => {
        const others = (await read()).filter((entry) => entry.path !== file);
        const first = { path: file, name, opened: clock.date().toISOString() };
        await write([first, ...others].slice(0, MAX_RECENT));
      }).catch((error: unknown) => {
        log.write('warn', 'The list of recent projects could not be written', { error: String(error) });
      }),
    forget: (file) =>
      inTurn(async () => {
        const recent = await read();
        const kept = recent.filter((entry) => entry.path !== file);
        if (kept.length < recent.length) await write(kept);
      }),
  };
}

/** A file that cannot be looked at (an unmounted drive's folder) counts as gone. */
async function isThere(path: string): Promise<boolean> {
  return (await stampOf(path).catch(() => undefined)) !== undefined;
}
