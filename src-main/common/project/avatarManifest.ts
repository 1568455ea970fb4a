import { z } from 'zod';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';

/** Marks the manifest as ours among all zips that hold a manifest.json. */
export const AVATAR_FORMAT = 'avatarartist.avatar';

/**
 * The newest version; raised with every change an older reader would misread, see avatarManifestMigrations. Version 2 has
 * a part `prop`, what a look has added; files without one are still written as version 1.
 */
export const AVATAR_FORMAT_VERSION = 2;

/** The lowest version whose readers know all of these parts. */
export function formatVersionFor(parts: readonly { readonly name: string }[]): 1 | 2 {
  return parts.some(({ name }) => name === 'prop') ? 2 : 1;
}

const count = z.int().min(0);
const numbers = (length: number): z.ZodType<number[]> => z.array(z.number()).length(length);
const euler = z.object({ yaw: z.number(), pitch: z.number(), roll: z.number() });

const sparseMorph = z.object({
  name: z.enum(ARKIT_CHANNELS),
  /** Moved vertices. */
  count,
  /** Metres of one unit of the stored 16-bit deltas; a power of two. */
  step: z.number().positive(),
});

/** Layout of `geometry.bin`; see avatarGeometryCodec. */
const geometryLayoutSchema = z.object({
  vertexCount: count.min(3).max(2_000_000),
  indexCount: count.min(3).max(12_000_000),
  parts: z
    .array(
      z.object({
        name: z.enum([
          'skin', 'mouthCavity', 'eyeLeft', 'eyeRight', 'teethUpper', 'teethLower', 'tongue', 'shell', 'prop',
        ]), // prettier-ignore
        firstIndex: count,
        indexCount: count,
        firstVertex: count,
        vertexCount: count,
      }),
    )
    .min(1)
    .max(64),
  joints: z
    .array(
      z.object({
        name: z.enum(['root', 'neck', 'head', 'jaw', 'eyeLeft', 'eyeRight']),
        parent: z.int().min(-1),
        position: z.tuple([z.number(), z.number(), z.number()]),
      }),
    )
    .min(1)
    .max(64),
  morphs: z.array(sparseMorph).length(ARKIT_CHANNELS.length),
  correctives: z
    .array(
      sparseMorph.extend({
        name: z.string().min(1),
        drivers: z
          .array(z.object({ channel: z.enum(ARKIT_CHANNELS), shape: z.enum(['linear', 'hat']) }))
          .min(1)
          .max(4),
      }),
    )
    .max(256),
});

export type GeometryLayout = z.output<typeof geometryLayoutSchema>;

/** Pixels; the limits keep a hostile file from asking for gigabytes of them. */
const pictureSize = (limit: number) =>
  z.object({ width: z.int().min(1).max(limit), height: z.int().min(1).max(limit) });

const entryFacts = z.object({ bytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/**
 * `manifest.json` of an avatar file, version 1 or 2. Unknown members are ignored, so that a later minor addition
 * stays readable. Lengths in metres, angles in radians.
 */
export const avatarManifestSchema = z.object({
  format: z.literal(AVATAR_FORMAT),
  formatVersion: z.literal([1, AVATAR_FORMAT_VERSION]),
  /** Version of the studio that wrote the file. */
  appVersion: z.string(),
  name: z.string().min(1),
  /** ISO 8601, UTC. */
  created: z.iso.datetime(),
  /** Licence and consent, for people; repeated as RIGHTS.txt. */
  rights: z.object({ note: z.string() }),
  /** SHA-256 of the portrait file, hexadecimal. The portrait itself is not stored, only the crop. */
  source: z.object({ sha256: z.string().regex(/^([0-9a-f]{64})?$/) }),
  geometry: geometryLayoutSchema,
  fit: z.object({
    identity: z.array(z.number()).max(1024),
    residual: z.number(),
    headModelVersion: z.int(),
  }),
  camera: z.object({
    focal: z.number().positive(),
    principalX: z.number(),
    principalY: z.number(),
    rotation: numbers(9),
    translation: numbers(3),
  }),
  /** Pose and expression of the source crop. */
  pose: z.object({
    weights: numbers(ARKIT_CHANNELS.length),
    head: euler,
    neck: euler,
    gaze: z.object({ yaw: z.number(), pitch: z.number() }),
  }),
  atlas: pictureSize(8192),
  /** Also the size of matte and plate. */
  crop: pictureSize(4096),
  /** Every other entry of the archive. */
  entries: z.record(z.string(), entryFacts),
});

export type AvatarManifest = z.output<typeof avatarManifestSchema>;
export type EntryFacts = z.output<typeof entryFacts>;

/** Names inside the archive. */
export const AVATAR_ENTRIES = {
  manifest: 'manifest.json',
  rights: 'RIGHTS.txt',
  thumbnail: 'thumbnail.png',
  geometry: 'geometry.bin',
  atlas: 'atlas.png',
  crop: 'crop.png',
  matte: 'matte.png',
  plate: 'plate.png',
  observation: 'observation.json',
} as const;

const finitePixels = z.number();

/** `observation.json`: the FaceObservation of the crop, in crop pixels. */
export const storedObservationSchema = z.object({
  imageWidth: z.int().positive(),
  imageHeight: z.int().positive(),
  landmarks: z.array(z.tuple([finitePixels, finitePixels, finitePixels])),
  confidence: z.number(),
  box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  headRotation: numbers(9),
  origin: z.enum(['tracked', 'manual']),
});
