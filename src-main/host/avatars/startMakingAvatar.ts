import type { CheckedParams } from '#common/contract/hostApi';
import type { StartedJob } from '#common/contract/jobs';
import { makeAvatar } from '#host/avatars/makeAvatar';
import type { Reconstructor } from '#host/avatars/reconstructor';
import type { Clock } from '#host/clock';
import type { JobRunner } from '#host/jobs/jobRunner';
import type { Lazy } from '#host/lazily';
import type { AvatarLibrary } from '#host/library/avatarLibrary';
import { resolveFile } from '#host/portraits/resolveFile';
import type { UploadStore } from '#host/uploads/uploadStore';
import type { FaceTracker } from '#common/tracking/faceObservation';

export interface StartMakingServices {
  readonly jobs: JobRunner;
  readonly tracker: Pick<Lazy<FaceTracker>, 'get'>;
  readonly reconstructor: Pick<Lazy<Reconstructor>, 'get'>;
  readonly library: AvatarLibrary;
  readonly uploads: UploadStore;
  readonly clock: Clock;
  readonly appVersion: string;
}

/**
 * `avatars.make`: turns the call's references into files and places, then runs `makeAvatar` as a job. Without
 * `outDirectory` the avatar goes to the library.
 *
 * @throws AppError `upload.notFound`, `disk.*` where the library cannot be made
 */
export async function startMakingAvatar(
  { portrait, outDirectory, ...rest }: CheckedParams<'avatars.make'>,
  { jobs, library, uploads, ...services }: StartMakingServices,
): Promise<StartedJob<'makeAvatar'>> {
  const file = resolveFile(portrait, uploads);
  const destination =
    outDirectory === undefined
      ? ({ kind: 'library', ...(await library.newPlace()) } as const)
      : ({ kind: 'folder', path: outDirectory } as const);
  return jobs.start('makeAvatar', async (context) => {
    const result = await makeAvatar({ ...rest, portrait: file, destination }, context, {
      tracker: services.tracker.get(),
      reconstructor: services.reconstructor.get(),
      clock: services.clock,
      appVersion: services.appVersion,
    });
    if (destination.kind === 'library') library.didChange();
    if (typeof portrait !== 'string' && 'uploadId' in portrait) uploads.release(portrait.uploadId);
    return result;
  });
}
