import type { LibraryApi } from '#common/contract/api/libraryApi';
import type { HostHandlers } from '#common/contract/hostApi';
import type { LookHandlers } from '#host/library/createLookHandlers';
import type { AvatarLibrary } from '#host/library/avatarLibrary';
import { resolveFile } from '#host/portraits/resolveFile';
import type { UploadStore } from '#host/uploads/uploadStore';

/** `library.*` */
export function createLibraryHandlers(
  library: AvatarLibrary,
  uploads: UploadStore,
): Pick<HostHandlers, Exclude<keyof LibraryApi, keyof LookHandlers>> {
  return {
    'library.list': async () => ({ avatars: await library.list() }),
    'library.rename': async ({ avatarId, name }) => ({ avatar: await library.rename(avatarId, name) }),
    'library.duplicate': async ({ avatarId }) => ({ avatar: await library.duplicate(avatarId) }),
    'library.trash': async ({ avatarId }) => {
      await library.trash(avatarId);
      return {};
    },
    'library.restore': async ({ avatarId }) => ({ avatar: await library.restore(avatarId) }),
    'library.import': async ({ file }) => {
      const avatar = await library.importFile(resolveFile(file, uploads).path);
      if ('uploadId' in file) uploads.release(file.uploadId);
      return { avatar };
    },
    'library.inspect': ({ avatarId }) => library.inspect(avatarId),
  };
}
