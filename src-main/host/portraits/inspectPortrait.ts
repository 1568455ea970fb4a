import type { FileReference } from '#common/contract/api/libraryApi';
import type { PortraitFacts } from '#common/contract/api/portraitsApi';
import type { FaceTracker } from '#common/tracking/faceObservation';
import { describeFace, LARGEST_PICTURE_FILE } from '#host/avatars/makeAvatar';
import { readInputFile } from '#host/files/readInputFile';
import { decodePortrait } from '#host/images/decodePortrait';
import { encodePreview } from '#host/images/storedPicture';
import { resolveFile } from '#host/portraits/resolveFile';
import type { UploadStore } from '#host/uploads/uploadStore';

export interface InspectPortraitServices {
  readonly tracker: Pick<FaceTracker, 'observe'>;
  readonly uploads: UploadStore;
}

/** Longest side of the preview, pixels. */
const PREVIEW_SIDE = 1600;

/**
 * Decodes a picture under the same limits as `avatars.make`, finds its faces and keeps a preview of it, under
 * the upload's own id or, for a local file, a new one.
 *
 * @throws AppError `input.*`, `upload.notFound`, `disk.*`, and what the tracker throws
 */
export async function inspectPortrait(
  reference: FileReference,
  { tracker, uploads }: InspectPortraitServices,
): Promise<PortraitFacts> {
  const file = resolveFile(reference, uploads);
  const bytes = await readInputFile(file.path, 'a picture', LARGEST_PICTURE_FILE);
  const portrait = await decodePortrait(bytes, file.fileName);
  const preview = await encodePreview(portrait.image, PREVIEW_SIDE);
  const observations = await tracker.observe(portrait.image);
  const uploadId = 'uploadId' in reference ? reference.uploadId : undefined;
  const previewId = await uploads.addPreview(uploadId, preview);
  return {
    name: file.fileName,
    format: portrait.format,
    width: portrait.width,
    height: portrait.height,
    faces: observations.map((face, index) => describeFace(face, index, portrait.scale)),
    previewUrl: `/uploads/${previewId}/preview`,
  };
}
