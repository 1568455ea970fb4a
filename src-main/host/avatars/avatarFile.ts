import { createHash } from 'node:crypto';
import { AppError } from '#common/contract/errors';
import { decodeGeometry, encodeGeometry } from '#common/project/avatarGeometryCodec';
import {
  AVATAR_ENTRIES,
  AVATAR_FORMAT,
  formatVersionFor,
  storedObservationSchema,
} from '#common/project/avatarManifest';
import type { AvatarManifest, EntryFacts } from '#common/project/avatarManifest';
import { readManifest } from '#common/project/avatarManifestMigrations';
import type { Avatar } from '#common/rig/avatar';
import type { FaceObservation } from '#common/tracking/faceObservation';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import { readInputFile } from '#host/files/readInputFile';
import type { ZipEntry, ZipLimits } from '#host/files/zipArchive';
import { readZip, writeZip } from '#host/files/zipArchive';
import { decodeMattePng, decodePng, encodeMattePng, encodePng } from '#host/images/storedPicture';

/** What an avatar file says beside the avatar itself. */
export interface AvatarFacts {
  readonly appVersion: string;
  readonly created: Date;
  /** SHA-256 of the portrait file, hexadecimal. */
  readonly sourceSha256: string;
  readonly rightsNote: string;
}

/** An avatar file taken apart; `avatar` is decoded on demand by `decodeAvatar`. */
export interface OpenedAvatarFile {
  readonly manifest: AvatarManifest;
  readonly storedFormatVersion: number;
  readonly entries: ReadonlyMap<string, Uint8Array>;
  /** Of the whole file. */
  readonly bytes: number;
}

/** Many times what a 2048-pixel atlas needs, and little enough to hold in memory. */
const LIMITS: ZipLimits = { entries: 32, entryBytes: 192e6, totalBytes: 384e6 };
const LARGEST_FILE = 384e6;
/** Of `manifest.json` and `observation.json`; both take some ten kilobytes. */
const LARGEST_TEXT = 4e6;

/**
 * The bytes of an avatar file: a zip of `manifest.json` and the entries of AVATAR_ENTRIES. The same avatar
 * and facts give the same bytes.
 *
 * @param thumbnail PNG
 */
export async function encodeAvatarFile(
  avatar: Avatar,
  thumbnail: Uint8Array,
  facts: AvatarFacts,
): Promise<Uint8Array> {
  const { source, atlas } = avatar;
  const geometry = encodeGeometry(avatar.geometry);
  const [atlasPng, crop, matte, plate] = await Promise.all([
    encodePng(atlas, false),
    encodePng(source.crop, true),
    encodeMattePng(source.matte),
    encodePng(source.plate, false),
  ]);
  const picture = (name: string, bytes: Uint8Array): ZipEntry => ({ name, bytes, compress: false });
  const text = (name: string, value: string): ZipEntry => ({
    name,
    bytes: new TextEncoder().encode(value),
    compress: true,
  });
  const contents = [
    text(AVATAR_ENTRIES.rights, `${facts.rightsNote}\n`),
    picture(AVATAR_ENTRIES.thumbnail, thumbnail),
    { name: AVATAR_ENTRIES.geometry, bytes: geometry.bytes, compress: true },
    picture(AVATAR_ENTRIES.atlas, atlasPng),
    picture(AVATAR_ENTRIES.crop, crop),
    picture(AVATAR_ENTRIES.matte, matte),
    picture(AVATAR_ENTRIES.plate, plate),
    text(AVATAR_ENTRIES.observation, JSON.stringify(storeObservation(source.observation))),
  ];
  const manifest = describeAvatar(avatar, facts, geometry.layout, entryFacts(contents));
  return await writeZip([text(AVATAR_ENTRIES.manifest, JSON.stringify(manifest, undefined, 1)), ...contents]);
}

/**
 * Reads and checks an avatar file: limits, names, checksums, manifest (migrated where it is older).
 *
 * @throws AppError as `readInputFile`, and `avatar.notAnAvatar`, `avatar.damaged`,
 * `avatar.tooNew`, `avatar.unsafeArchive`
 */
export async function openAvatarFile(path: string): Promise<OpenedAvatarFile> {
  return openAvatarBytes(await readInputFile(path, 'an avatar file', LARGEST_FILE));
}

/** As `openAvatarFile`, for bytes already in memory. */
export function openAvatarBytes(bytes: Uint8Array): OpenedAvatarFile {
  const entries = readZip(bytes, LIMITS);
  const manifestBytes = entries.get(AVATAR_ENTRIES.manifest);
  if (manifestBytes === undefined) {
    throw new AppError('avatar.notAnAvatar', 'This is not an avatar file: the archive has no manifest.');
  }
  entries.delete(AVATAR_ENTRIES.manifest);
  const facts = entryFacts([...entries].map(([name, entry]) => ({ name, bytes: entry })));
  const { manifest, storedFormatVersion } = readManifest(parseJson(manifestBytes), { entries: facts });
  for (const [name, { sha256 }] of Object.entries(manifest.entries)) {
    if (facts[name]?.sha256 !== sha256) {
      throw damaged(facts[name] === undefined ? `"${name}" is missing` : `"${name}" was changed`);
    }
  }
  return { manifest, storedFormatVersion, entries, bytes: bytes.length };
}

/** Decodes geometry and pictures. @throws AppError `avatar.damaged` */
export async function decodeAvatar({ manifest, entries }: OpenedAvatarFile): Promise<Avatar> {
  const entry = (name: string): Uint8Array => {
    const bytes = entries.get(name);
    if (bytes === undefined) throw damaged(`"${name}" is missing`);
    return bytes;
  };
  const { atlas, crop, matte, plate, geometry } = AVATAR_ENTRIES;
  const [atlasImage, cropImage, matteImage, plateImage] = await Promise.all([
    decodePng(entry(atlas), manifest.atlas, atlas),
    decodePng(entry(crop), manifest.crop, crop),
    decodeMattePng(entry(matte), manifest.crop, matte),
    decodePng(entry(plate), manifest.crop, plate),
  ]);
  const { camera, pose, fit } = manifest;
  return {
    name: manifest.name,
    geometry: decodeGeometry(entry(geometry), manifest.geometry),
    atlas: atlasImage,
    source: {
      crop: cropImage,
      matte: matteImage,
      plate: plateImage,
      camera: {
        ...camera,
        rotation: Float64Array.from(camera.rotation),
        translation: Float64Array.from(camera.translation),
      },
      pose: { ...pose, weights: Float32Array.from(pose.weights) },
      observation: loadObservation(entry(AVATAR_ENTRIES.observation)),
    },
    fit: { ...fit, identity: Float32Array.from(fit.identity) },
  };
}

function describeAvatar(
  avatar: Avatar,
  facts: AvatarFacts,
  geometry: AvatarManifest['geometry'],
  entries: AvatarManifest['entries'],
): AvatarManifest {
  const { fit, source, atlas } = avatar;
  const { camera, pose, crop } = source;
  return {
    format: AVATAR_FORMAT,
    formatVersion: formatVersionFor(geometry.parts),
    appVersion: facts.appVersion,
    name: avatar.name,
    created: facts.created.toISOString(),
    rights: { note: facts.rightsNote },
    source: { sha256: facts.sourceSha256 },
    geometry,
    fit: { ...fit, identity: [...fit.identity] },
    camera: { ...camera, rotation: [...camera.rotation], translation: [...camera.translation] },
    pose: { ...pose, weights: [...pose.weights] },
    atlas: { width: atlas.width, height: atlas.height },
    crop: { width: crop.width, height: crop.height },
    entries,
  };
}

function entryFacts(
  entries: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Record<string, EntryFacts> {
  return Object.fromEntries(
    entries.map(({ name, bytes }) => [
      name,
      { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
    ]),
  );
}

function storeObservation(observation: FaceObservation): unknown {
  const { landmarks, headRotation } = observation;
  const points = Array.from({ length: landmarks.length / 3 }, (_, point) => [
    ...landmarks.subarray(point * 3, point * 3 + 3),
  ]);
  return { ...observation, landmarks: points, headRotation: [...headRotation] };
}

function loadObservation(bytes: Uint8Array): FaceObservation {
  const parsed = storedObservationSchema.safeParse(parseJson(bytes));
  if (!parsed.success || parsed.data.landmarks.length !== LANDMARK_COUNT) {
    throw damaged('its face observation is malformed');
  }
  const { landmarks, headRotation } = parsed.data;
  return {
    ...parsed.data,
    landmarks: Float32Array.from(landmarks.flat()),
    headRotation: Float32Array.from(headRotation),
  };
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > LARGEST_TEXT) {
    throw new AppError('avatar.unsafeArchive', 'The avatar file was refused: one of its texts is too long.');
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw damaged('one of its texts is not JSON', error);
  }
}

function damaged(what: string, cause?: unknown): AppError {
  return new AppError(
    'avatar.damaged',
    `The avatar file is damaged: ${what}.`,
    cause === undefined ? {} : { cause },
  );
}
