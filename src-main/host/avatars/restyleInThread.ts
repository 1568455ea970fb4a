import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ProceduralLook } from '#common/contract/avatarResults';
import { AppError, throwIfCancelled } from '#common/contract/errors';
import { fromWire } from '#common/contract/wire';
import type { RgbaImage } from '#common/image/rasterImage';
import type { Avatar } from '#common/rig/avatar';
import type { RestyleAnswer, RestyleCall, RestyleResult } from '#host/avatars/restyleMessages';
import type { JobContext } from '#host/jobs/jobRunner';
import { readDomains } from '#host/synthetic/readDomains';

/** An avatar in a look, with a picture of it. */
export interface Restyled {
  readonly avatar: Avatar;
  readonly look: ProceduralLook;
  readonly thumbnail: RgbaImage;
}

/**
 * Restyles an avatar in a domain of `assets/domains`.
 *
 * @throws AppError `input.badOption` for a domain there is not, or an avatar that cannot take a look; `job.cancelled`,
 *   `model.missing`, `engine.crashed`
 */
export type Restyler = (avatar: Avatar, domain: string, context: JobContext) => Promise<Restyled>;

/** @param workerUrl the bundled restyle.worker.js; each call has a thread of its own, ended when it is cancelled */
export function createRestyler(assetsDirectory: string, workerUrl: URL): Restyler {
  return async (avatar, domain, context) => {
    const recipe = (await readDomains(join(assetsDirectory, 'domains'), [domain])).get(domain);
    if (recipe === undefined) throw new AppError('input.badOption', `There is no domain "${domain}".`);
    const headModelPath = join(assetsDirectory, 'head', 'head-v1.bin');
    const {
      avatar: restyled,
      omitted,
      thumbnail,
    } = await inThread(workerUrl, { avatar, recipe, headModelPath }, context);
    const { displayName, grade, note } = recipe;
    return { avatar: restyled, thumbnail, look: { domain, displayName, grade, note, omitted } };
  };
}

async function inThread(
  workerUrl: URL,
  call: RestyleCall,
  { signal, onProgress }: JobContext,
): Promise<RestyleResult> {
  throwIfCancelled(signal);
  const worker = new Worker(workerUrl, { workerData: call });
  const stop = new AbortController();
  try {
    return await new Promise<RestyleResult>((resolve, reject) => {
      worker.on('message', (answer: RestyleAnswer) => {
        if (answer.kind === 'progress') onProgress(answer);
        else if (answer.kind === 'done') resolve(answer.result);
        else reject(fromWire(answer.error));
      });
      worker.once('error', (cause) => reject(crashed(cause)));
      worker.once('exit', () => reject(crashed(undefined)));
      const cancel = (): void => reject(new AppError('job.cancelled', 'Restyling was cancelled.'));
      signal.addEventListener('abort', cancel, { once: true, signal: stop.signal });
    });
  } finally {
    stop.abort();
    await worker.terminate();
  }
}

function crashed(cause: unknown): AppError {
  return new AppError(
    'engine.crashed',
    'Restyling ended unexpectedly; try again, or choose another look.',
    cause === undefined ? {} : { cause },
  );
}
