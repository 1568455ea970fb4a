import { join } from 'node:path';
import type { AvatarId, RestyleAvatarResult } from '#common/contract/api/libraryApi';
import { throwIfCancelled } from '#common/contract/errors';
import type { HostHandlers } from '#common/contract/hostApi';
import { decodeAvatar, encodeAvatarFile, openAvatarFile } from '#host/avatars/avatarFile';
import type { Restyler } from '#host/avatars/restyleInThread';
import type { Clock } from '#host/clock';
import { writeFileAtomically } from '#host/files/writeFileAtomically';
import { encodePng } from '#host/images/storedPicture';
import type { JobContext, JobRunner } from '#host/jobs/jobRunner';
import type { AvatarLibrary } from '#host/library/avatarLibrary';
import { listDomains, readDomains } from '#host/synthetic/readDomains';

export type LookHandlers = Pick<HostHandlers, 'library.looks' | 'library.restyle'>;

export interface LookServices {
  readonly assetsDirectory: string;
  readonly library: AvatarLibrary;
  readonly jobs: JobRunner;
  readonly restyler: Restyler;
  readonly clock: Clock;
  readonly appVersion: string;
}

/** The domain that changes nothing is no look. */
const PLAIN = 'realistic';
/** As `avatarNameSchema`. */
const LONGEST_NAME = 120;

/** `library.looks` and `library.restyle` */
export function createLookHandlers(services: LookServices): LookHandlers {
  const folder = join(services.assetsDirectory, 'domains');
  return {
    'library.looks': async () => {
      const ids = (await listDomains(folder)).filter((id) => id !== PLAIN);
      const recipes = await readDomains(folder, ids);
      const looks = [...recipes].map(([domain, { displayName, grade, note }]) => ({
        ...{ domain, displayName, grade, note },
        thumbnail: `/looks/${domain}.webp`,
      }));
      return { looks: looks.sort((a, b) => (a.displayName < b.displayName ? -1 : 1)) };
    },
    'library.restyle': (params) =>
      services.jobs.start('restyleAvatar', (context) => restyleInLibrary(params, context, services)),
  };
}

/** @throws AppError `library.noSuchAvatar`, `input.badOption`, `avatar.*`, `disk.*`, `job.cancelled` */
async function restyleInLibrary(
  { avatarId, domain }: { readonly avatarId: AvatarId; readonly domain: string },
  context: JobContext,
  { library, restyler, clock, appVersion }: LookServices,
): Promise<RestyleAvatarResult> {
  const opened = await openAvatarFile(await library.avatarFileOf(avatarId));
  const { avatar, look, thumbnail } = await restyler(await decodeAvatar(opened), domain, context);
  const { rights, source } = opened.manifest;
  const name = nameOf(avatar.name, look.displayName);
  const bytes = await encodeAvatarFile({ ...avatar, name }, await encodePng(thumbnail, true), {
    appVersion,
    created: clock.date(),
    sourceSha256: source.sha256,
    rightsNote: rights.note,
  });
  const place = await library.newPlace();
  throwIfCancelled(context.signal);
  await writeFileAtomically(place.path, bytes);
  library.didChange();
  return { avatarId: place.avatarId, name, look };
}

function nameOf(name: string, look: string): string {
  const ending = ` · ${look}`;
  return name.slice(0, LONGEST_NAME - ending.length) + ending;
}
