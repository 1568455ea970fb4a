import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetricsLog, readMetrics } from '#engine/training/MetricsLog';

describe('a metrics log', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'metrics-'));
    path = join(folder, 'metrics.jsonl');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('has a line for each step as soon as it ends', async () => {
    const log = await MetricsLog.open(path, 0);
    await log.append({ step: 1, loss: 0.5 });
    await log.append({ step: 2, loss: 0.25 });
    expect(await readFile(path, 'utf8')).toBe('{"step":1,"loss":0.5}\n{"step":2,"loss":0.25}\n');
    await log.close();
  });

  it('drops what comes after the checkpoint, and a line that a kill cut off', async () => {
    await writeFile(path, '{"step":1,"loss":3}\n{"step":2,"loss":2}\n{"step":3,"loss":1}\n{"step":4,"lo');
    const log = await MetricsLog.open(path, 2);
    await log.append({ step: 3, loss: 9 });
    await log.close();
    expect(await readMetrics(path)).toEqual([1, 2, 3].map((step, k) => ({ step, loss: [3, 2, 9][k] })));
  });

  it('is read without the line that is being written', async () => {
    await writeFile(path, '{"step":1}\n');
    await appendFile(path, '{"step":2');
    expect(await readMetrics(path)).toEqual([{ step: 1 }]);
  });
});
