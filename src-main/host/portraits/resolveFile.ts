import { basename } from 'node:path';
import type { FileReference } from '#common/contract/api/libraryApi';
import type { PortraitFile } from '#host/avatars/makeAvatar';
import type { UploadStore } from '#host/uploads/uploadStore';

/** The file a reference stands for. @throws AppError `upload.notFound` */
export function resolveFile(reference: string | FileReference, uploads: UploadStore): PortraitFile {
  if (typeof reference === 'string') return { path: reference, fileName: basename(reference) };
  if ('path' in reference) return { path: reference.path, fileName: basename(reference.path) };
  return uploads.get(reference.uploadId);
}
