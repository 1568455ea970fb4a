import { readFile } from 'node:fs/promises';
import { matteOfCrop } from '#host/avatars/matteOfCrop';
import type { HeadModel } from '#common/head/headModel';
import { decodeHeadModel } from '#common/head/headModelCodec';
import type { RgbaImage } from '#common/image/rasterImage';
import { reconstructAvatar } from '#common/reconstruction/reconstructAvatar';
import { cutSourceCrop } from '#common/reconstruction/sourceCrop';
import type { Avatar } from '#common/rig/avatar';
import type { FaceTracker } from '#common/tracking/faceObservation';
import { decodePortrait } from '#host/images/decodePortrait';
import type { DevelopmentPortrait } from '#tools/evaluate/developmentPortraits';

/** One portrait and the avatar made of it. */
export interface Subject {
  readonly name: string;
  readonly kind: DevelopmentPortrait['kind'];
  readonly avatar: Avatar;
  /** Milliseconds by stage. */
  readonly stages: Readonly<Record<string, number>>;
}

/** Why a portrait gave no avatar. */
export interface Refusal {
  readonly name: string;
  readonly reason: string;
}

const HEAD_MODEL = 'assets/head/head-v1.bin';

export async function readHeadModel(): Promise<HeadModel> {
  return decodeHeadModel(await readFile(HEAD_MODEL));
}

/** Decode, track, crop, matte, reconstruct: as the program does, in this thread. */
export async function makeSubject(
  portrait: DevelopmentPortrait,
  model: HeadModel,
  tracker: FaceTracker,
): Promise<Subject | Refusal> {
  const { name, kind } = portrait;
  const { image } = await decodePortrait(await readFile(portrait.path), name);
  return subjectOf({ name, kind, image }, model, tracker);
}

/** As `makeSubject`, of a picture in memory. */
export async function subjectOf(
  { name, kind, image }: Pick<Subject, 'name' | 'kind'> & { readonly image: RgbaImage },
  model: HeadModel,
  tracker: FaceTracker,
): Promise<Subject | Refusal> {
  const stages: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    stages[stage] = performance.now() - start;
    return result;
  };
  const [face] = await timed('track', () => tracker.observe(image));
  if (face === undefined) return { name, reason: 'the tracker finds no face' };
  const source = await timed('crop', () => cutSourceCrop(image, face));
  const matte = await timed('matte', () => matteOfCrop(tracker, source));
  const { crop, validMask, observation } = source;
  const avatar = reconstructAvatar(
    { model, crop, matte, validMask, observation, name },
    {
      now: () => performance.now(),
      onStage: (stage, milliseconds) => {
        stages[stage] = milliseconds;
      },
    },
  );
  return { name, kind, avatar, stages };
}
