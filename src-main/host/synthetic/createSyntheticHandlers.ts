import { join } from 'node:path';
import type { SyntheticApi } from '#common/contract/api/syntheticApi';
import type { HostHandlers } from '#common/contract/hostApi';
import type { Clock } from '#host/clock';
import type { JobRunner } from '#host/jobs/jobRunner';
import { generateDataset } from '#host/synthetic/generateDataset';
import type { GenerateOptions } from '#host/synthetic/generateDataset';
import { previewDomains } from '#host/synthetic/previewDomains';
import { listDomains } from '#host/synthetic/readDomains';
import { verifyDataset } from '#host/synthetic/verifyDataset';

export interface SyntheticServices {
  readonly jobs: JobRunner;
  readonly clock: Clock;
  readonly assetsDirectory: string;
  /** Where what was fetched is kept. */
  readonly cacheFolder: string;
  /** The bundled syntheticHeads.worker.js. */
  readonly workerUrl: URL;
}

export function createSyntheticHandlers({
  jobs,
  clock,
  assetsDirectory,
  cacheFolder,
  workerUrl,
}: SyntheticServices): Pick<HostHandlers, keyof SyntheticApi> {
  const options: GenerateOptions = {
    assetsDirectory,
    cacheFolder,
    workerUrl,
    allDomains: () => listDomains(join(assetsDirectory, 'domains')),
    milliseconds: () => clock.milliseconds(),
  };
  return {
    'synthetic.generate': (params) =>
      jobs.start('synthesize', (context) => generateDataset(params, context, options)),
    'synthetic.preview': (params) =>
      jobs.start('previewDomains', (context) => previewDomains(params, context, options)),
    'synthetic.verify': ({ folder }) =>
      jobs.start('verifyDataset', (context) => verifyDataset(folder, context)),
  };
}
