import { AppError } from '#common/contract/errors';
import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { decodeGeometry } from '#common/project/avatarGeometryCodec';
import { AVATAR_ENTRIES } from '#common/project/avatarManifest';
import type { AvatarManifest } from '#common/project/avatarManifest';
import { readManifest } from '#common/project/avatarManifestMigrations';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import type { RigPose } from '#common/rig/rigPose';

/**
 * An avatar as the page shows it. Whoever loaded it owns it: `dispose` frees the decoded pictures (some 20 MB),
 * after no viewport shows it any more.
 */
export interface ViewportAvatar {
  readonly name: string;
  readonly geometry: AvatarGeometry;
  /** sRGB bytes exactly as stored, first row v = 0; the same for the other pictures. */
  readonly atlas: ImageBitmap;
  readonly source: {
    readonly camera: PinholeCamera;
    readonly pose: RigPose;
    readonly plate: ImageBitmap;
    /** The source crop, what `camera` saw. */
    readonly crop: ImageBitmap;
    /** Person coverage of the crop in its red channel. */
    readonly matte: ImageBitmap;
  };
  dispose(): void;
}

/**
 * Fetches an avatar's files and decodes them.
 *
 * @param url base URL of its files; entry names of AVATAR_ENTRIES are appended
 * @throws AppError `connection.lost` where the host does not answer, `avatar.damaged` for missing or
 *   undecodable entries, `avatar.notAnAvatar`, `avatar.tooNew`, `job.cancelled` after `signal` has fired
 */
export async function loadAvatar(url: string, signal?: AbortSignal): Promise<ViewportAvatar> {
  const base = url.endsWith('/') ? url : `${url}/`;
  const get = (name: string): Promise<Response> => fetchEntry(base, name, signal);
  const manifestText = get(AVATAR_ENTRIES.manifest).then((response) => response.text());
  const geometryBytes = get(AVATAR_ENTRIES.geometry).then((response) => response.arrayBuffer());
  const blob = (name: string): Promise<Blob> => get(name).then((response) => response.blob());
  const pictures = Promise.all([
    blob(AVATAR_ENTRIES.atlas),
    blob(AVATAR_ENTRIES.plate),
    blob(AVATAR_ENTRIES.crop),
    blob(AVATAR_ENTRIES.matte),
  ]);
  try {
    const [text, bytes, blobs] = await Promise.all([manifestText, geometryBytes, pictures]);
    return await decodeAvatar(readManifestText(text), new Uint8Array(bytes), blobs);
  } catch (error) {
    throw signal?.aborted ? cancelled(error) : error;
  }
}

async function decodeAvatar(
  manifest: AvatarManifest,
  geometryBytes: Uint8Array,
  [atlasBlob, plateBlob, cropBlob, matteBlob]: readonly Blob[],
): Promise<ViewportAvatar> {
  const geometry = decodeGeometry(geometryBytes, manifest.geometry);
  const opened: ImageBitmap[] = [];
  const open = async (picture: Blob, name: string, size: PictureSize): Promise<ImageBitmap> => {
    const bitmap = await decodePicture(picture, name, size);
    opened.push(bitmap);
    return bitmap;
  };
  const decoded = await Promise.allSettled([
    open(atlasBlob, AVATAR_ENTRIES.atlas, manifest.atlas),
    open(plateBlob, AVATAR_ENTRIES.plate, manifest.crop),
    open(cropBlob, AVATAR_ENTRIES.crop, manifest.crop),
    open(matteBlob, AVATAR_ENTRIES.matte, manifest.crop),
  ]);
  const dispose = (): void => opened.forEach((bitmap) => bitmap.close());
  const failure = decoded.find((result) => result.status === 'rejected');
  if (failure) {
    dispose();
    throw failure.reason as Error;
  }
  const [atlas, plate, crop, matte] = decoded.flatMap((result) =>
    result.status === 'fulfilled' ? [result.value] : [],
  );
  const { camera, pose } = manifest;
  return {
    name: manifest.name,
    geometry,
    atlas,
    source: {
      camera: {
        ...camera,
        rotation: Float64Array.from(camera.rotation),
        translation: Float64Array.from(camera.translation),
      },
      pose: { ...pose, weights: Float32Array.from(pose.weights) },
      plate,
      crop,
      matte,
    },
    dispose,
  };
}

async function fetchEntry(base: string, name: string, signal: AbortSignal | undefined): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(base + name, signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted) throw cancelled(error);
    throw new AppError('connection.lost', `The studio's host did not answer when asked for "${name}".`, {
      cause: error,
    });
  }
  if (response.ok) return response;
  throw damaged(`"${name}" cannot be read (status ${response.status})`);
}

function readManifestText(text: string): AvatarManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw damaged('its manifest is not JSON', error);
  }
  // Checksums are the host's business; what is shown was checked when the file was opened.
  return readManifest(json, { entries: {} }).manifest;
}

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** No colour conversion and no premultiplication: the page samples the same bytes as the headless renderer. */
async function decodePicture(blob: Blob, name: string, { width, height }: PictureSize): Promise<ImageBitmap> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  } catch (error) {
    throw damaged(`"${name}" cannot be decoded`, error);
  }
  if (bitmap.width === width && bitmap.height === height) return bitmap;
  const found = `${bitmap.width} x ${bitmap.height}`;
  bitmap.close();
  throw damaged(`"${name}" is ${found} pixels instead of ${width} x ${height}`);
}

function damaged(what: string, cause?: unknown): AppError {
  return new AppError(
    'avatar.damaged',
    `The avatar cannot be shown: ${what}.`,
    cause === undefined ? {} : { cause },
  );
}

function cancelled(cause: unknown): AppError {
  return new AppError('job.cancelled', 'Loading the avatar was cancelled.', { cause });
}
