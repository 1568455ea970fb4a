import { open, readFile, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** What a step reports; `step` counts finished steps. */
export type MetricsLine = Readonly<Record<string, number | string>> & { readonly step: number };

/**
 * Metrics as one JSON object a line, appended when a step ends: a killed run loses at most the line it was
 * writing. A run that goes on drops the lines after its checkpoint first, because it does those steps again.
 */
export class MetricsLog {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @param fromStep the step the run goes on from; 0 empties the file */
  static async open(path: string, fromStep: number): Promise<MetricsLog> {
    const kept = (await readMetrics(path)).filter(({ step }) => step <= fromStep);
    const aside = `${path}.writing`;
    const file = await open(aside, 'w');
    await file.writeFile(kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await file.sync();
    await file.close();
    await rename(aside, path);
    return new MetricsLog(await open(path, 'a'));
  }

  async append(line: MetricsLine): Promise<void> {
    // One write: lines of a killed process are whole or the last one is cut.
    await this.#file.appendFile(`${JSON.stringify(line)}\n`);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** The whole lines of a metrics file; none where there is no file. A last line that was cut off is left out. */
export async function readMetrics(path: string): Promise<readonly MetricsLine[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line) => {
    const parsed = parseLine(line);
    return parsed === undefined ? [] : [parsed];
  });
}

function parseLine(line: string): MetricsLine | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    const isLine = typeof parsed === 'object' && parsed !== null && 'step' in parsed;
    return isLine && typeof parsed.step === 'number' ? (parsed as MetricsLine) : undefined;
  } catch {
    // Cut off by a kill.
    return undefined;
  }
}
