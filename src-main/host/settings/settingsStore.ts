import { readFile } from 'node:fs/promises';
import type { StudioSettings } from '#common/contract/api/settingsApi';
import { DEFAULT_SETTINGS, studioSettingsSchema } from '#common/contract/api/settingsApi';
import type { CheckedParams } from '#common/contract/hostApi';
import { systemCode } from '#host/files/diskErrors';
import { writeFileAtomically } from '#host/files/writeFileAtomically';
import type { Log } from '#host/log';
import { serially } from '#host/serially';

type SettingsChanges = CheckedParams<'settings.update'>['changes'];

export interface SettingsStore {
  /** Never fails: what cannot be read or understood gets its default. */
  get(): Promise<StudioSettings>;
  /** Replaces the members given; on the disk when it returns. @throws AppError `disk.*` */
  update(changes: SettingsChanges): Promise<StudioSettings>;
}

/** What the studio remembers between runs, one JSON file at `path`. Read again for each call: it is small. */
export function createSettingsStore(path: string, log: Log): SettingsStore {
  const inTurn = serially();
  const read = async (): Promise<StudioSettings> => {
    try {
      const parsed = studioSettingsSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
      if (parsed.success) return parsed.data;
      log.write('warn', 'The settings file holds no settings; defaults are used');
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') {
        log.write('warn', 'The settings file cannot be read; defaults are used', { error: String(error) });
      }
    }
    return DEFAULT_SETTINGS;
  };
  return {
    get: () => inTurn(read),
    update: (changes) =>
      inTurn(async () => {
        const settings = studioSettingsSchema.parse({ ...(await read()), ...changes });
        await writeFileAtomically(path, `${JSON.stringify(settings, undefined, 2)}\n`);
        return settings;
      }),
  };
}
