import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { SamplePortrait } from '#common/contract/api/portraitsApi';
import type { Log } from '#host/log';

const catalogueSchema = z.array(
  z.strictObject({ name: z.string().regex(/^[a-z0-9-]+$/), title: z.string().min(1) }),
);

/** Where the sample pictures lie in the installation. */
export function samplePortraitsFolder(assetsDirectory: string): string {
  return resolve(assetsDirectory, 'samples');
}

/** The portraits that ship, as `assets/samples/samples.json` lists them; none where that is missing. */
export async function listSamplePortraits(folder: string, log: Log): Promise<SamplePortrait[]> {
  try {
    const catalogue = catalogueSchema.parse(JSON.parse(await readFile(join(folder, 'samples.json'), 'utf8')));
    return catalogue.map(({ name, title }) => ({
      name,
      title,
      path: join(folder, `${name}.png`),
      previewUrl: `/samples/${name}.png`,
    }));
  } catch (error) {
    log.write('warn', 'The sample portraits could not be listed', { error: String(error) });
    return [];
  }
}
