import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { AvatarId } from '#common/contract/api/libraryApi';
import type { FoundFace, MakeAvatarResult, WrittenOutput } from '#common/contract/avatarResults';
import { AppError } from '#common/contract/errors';
import type { CheckedParams } from '#common/contract/hostApi';
import type { FloatImage } from '#common/image/rasterImage';
import { matteOfCrop } from '#host/avatars/matteOfCrop';
import type { FaceObservation, FaceTracker, ManualFacePoints } from '#common/tracking/faceObservation';
import { encodeAvatarFile } from '#host/avatars/avatarFile';
import type { Reconstructor } from '#host/avatars/reconstructor';
import type { Clock } from '#host/clock';
import { asWriteError } from '#host/files/diskErrors';
import type { OutputFileSystem, OutputTransaction } from '#host/files/outputTransaction';
import { withOutputs } from '#host/files/outputTransaction';
import { readInputFile } from '#host/files/readInputFile';
import type { DecodedPortrait } from '#host/images/decodePortrait';
import { decodePortrait } from '#host/images/decodePortrait';
import { encodePng } from '#host/images/storedPicture';
import type { JobContext } from '#host/jobs/jobRunner';
import { createStageTimer } from '#host/jobs/stageTimer';

export interface MakeAvatarServices {
  readonly tracker: FaceTracker;
  readonly reconstructor: Reconstructor;
  readonly clock: Clock;
  readonly appVersion: string;
  /** The disk, unless a test brings its own. */
  readonly files?: OutputFileSystem;
}

/** What to make and where to put it, with every reference of the call already turned into a path. */
export interface MakeAvatarRequest extends Pick<
  CheckedParams<'avatars.make'>,
  'face' | 'landmarks' | 'name'
> {
  readonly portrait: PortraitFile;
  readonly destination: AvatarDestination;
}

/** A picture on this machine and what to call it: an upload lies under a name of ours. */
export interface PortraitFile {
  readonly path: string;
  readonly fileName: string;
}

/** A folder that gets `<name>.avatar` and `<name>.png`, or one file of the library, which needs no thumbnail beside it. */
export type AvatarDestination =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'library'; readonly path: string; readonly avatarId: AvatarId };

/** A larger picture file is not read. */
export const LARGEST_PICTURE_FILE = 512e6;

const RIGHTS_NOTE =
  'This avatar was computed from one portrait. The rights in the portrait and the rights of the person it ' +
  'shows remain theirs. Use it only with the consent of that person, and say that it is computer-made where ' +
  'people could take it for a recording.';

/**
 * One portrait to one avatar file and its thumbnail: decode, track, choose a face, cut the crop, matte,
 * reconstruct (fit, rig, shell, texture), thumbnail, write. Cancelling stops at the next step, inside the
 * reconstruction at once; nothing is left behind by a job that did not succeed.
 *
 * @throws AppError `input.*`, `disk.*`, `job.cancelled`, and what tracker and reconstruction throw
 */
export async function makeAvatar(
  request: MakeAvatarRequest,
  context: JobContext,
  services: MakeAvatarServices,
): Promise<MakeAvatarResult> {
  const { tracker, reconstructor, clock } = services;
  const timer = createStageTimer(clock, context);
  const name = request.name ?? defaultName(request.portrait.fileName);

  const { portrait, sha256 } = await timer.run('decode', () => readPortrait(request.portrait));
  return await withOutputs(async (outputs) => {
    const reserved = await reserveOutputs(outputs, request.destination, name);

    const observations = await timer.run('track', () => observe(tracker, portrait, request));
    const { observation, chosenFace } = chooseFace(observations, request);
    const faces = observations.map((face, index) => describeFace(face, index, portrait.scale));
    const source = await timer.run('crop', () => reconstructor.cutCrop(portrait.image, observation, context));
    const matte = await timer.run('matte', () => matteOfCrop(tracker, source));
    const { avatar, thumbnail } = await reconstructor.reconstruct(
      { ...source, matte, name },
      { ...context, onStage: (stage, milliseconds) => timer.add(stage, milliseconds) },
    );
    const outputsWritten = await timer.run('write', async () => {
      const png = await encodePng(thumbnail, true);
      const { appVersion } = services;
      const facts = { appVersion, created: clock.date(), sourceSha256: sha256, rightsNote: RIGHTS_NOTE };
      const contents = { avatar: await encodeAvatarFile(avatar, png, facts), thumbnail: png };
      const written: WrittenOutput[] = [];
      for (const output of reserved) written.push(await writeOutput(output, contents[output.kind]));
      return written;
    });
    const { destination } = request;
    return {
      name,
      ...(destination.kind === 'library' ? { avatarId: destination.avatarId } : {}),
      picture: { format: portrait.format, width: portrait.width, height: portrait.height },
      faces,
      chosenFace,
      fitResidual: avatar.fit.residual,
      matte: { coverage: meanOf(matte), origin: portrait.hasAlpha ? 'given' : 'tracked' },
      stages: timer.stages,
      milliseconds: timer.elapsed(),
      outputs: outputsWritten,
    };
  }, services.files);
}

async function readPortrait(file: PortraitFile): Promise<{ portrait: DecodedPortrait; sha256: string }> {
  const bytes = await readInputFile(file.path, 'a picture', LARGEST_PICTURE_FILE);
  return {
    portrait: await decodePortrait(bytes, file.fileName),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

async function observe(
  tracker: FaceTracker,
  portrait: DecodedPortrait,
  { landmarks }: MakeAvatarRequest,
): Promise<FaceObservation[]> {
  return landmarks === undefined
    ? await tracker.observe(portrait.image)
    : [await tracker.observeManual(portrait.image, toWorkingPixels(landmarks, portrait))];
}

function toWorkingPixels(points: ManualFacePoints, portrait: DecodedPortrait): ManualFacePoints {
  const { width, height, scale } = portrait;
  const scaled = Object.entries(points).map(([name, [x, y]]: [string, readonly [number, number]]) => {
    if (x >= 0 && y >= 0 && x <= width && y <= height) return [name, [x * scale, y * scale]];
    throw new AppError(
      'input.badLandmarks',
      `The landmark "${name}" at ${x}, ${y} lies outside the picture of ${width} x ${height} pixels.`,
      { details: { landmark: name } },
    );
  });
  return Object.fromEntries(scaled) as ManualFacePoints;
}

function chooseFace(
  observations: readonly FaceObservation[],
  { face, landmarks, portrait }: MakeAvatarRequest,
): { observation: FaceObservation; chosenFace: number } {
  const picture = portrait.fileName;
  const [largest] = observations;
  if (largest === undefined) {
    throw new AppError(
      'input.noFaceFound',
      `No face was found in "${picture}". Use a picture in which the face is larger and seen from the front, ` +
        'or place five landmarks by hand.',
    );
  }
  if (landmarks !== undefined) return { observation: largest, chosenFace: 0 };
  const index = face ?? 1;
  const observation = observations[index - 1];
  if (observation === undefined) {
    const found = observations.length === 1 ? 'one face was' : `${observations.length} faces were`;
    throw new AppError('input.noSuchFace', `There is no face ${index} in "${picture}": ${found} found.`, {
      details: { face: index, faces: observations.length },
    });
  }
  return { observation, chosenFace: index };
}

/** A face as callers see it: pixels of the upright picture at its own size. `scale` is DecodedPortrait's. */
export function describeFace({ box, confidence }: FaceObservation, index: number, scale: number): FoundFace {
  const pixels = (value: number): number => Math.round(value / scale);
  return {
    index: index + 1,
    box: { x: pixels(box.x), y: pixels(box.y), width: pixels(box.width), height: pixels(box.height) },
    confidence: Math.round(confidence * 1000) / 1000,
  };
}

interface ReservedOutput {
  readonly kind: 'avatar' | 'thumbnail';
  readonly path: string;
  readonly temporaryPath: string;
}

/** Reserved before the work begins, so that an unwritable place is found at once. */
async function reserveOutputs(
  outputs: OutputTransaction,
  destination: AvatarDestination,
  name: string,
): Promise<ReservedOutput[]> {
  const reserve = async (kind: ReservedOutput['kind'], path: string): Promise<ReservedOutput> => ({
    kind,
    path,
    temporaryPath: await outputs.reserveFile(path),
  });
  if (destination.kind === 'library') return [await reserve('avatar', destination.path)];
  await outputs.makeFolder(destination.path);
  return [
    await reserve('avatar', join(destination.path, `${name}.avatar`)),
    await reserve('thumbnail', join(destination.path, `${name}.png`)),
  ];
}

async function writeOutput(
  { kind, path, temporaryPath }: ReservedOutput,
  bytes: Uint8Array,
): Promise<WrittenOutput> {
  try {
    await writeFile(temporaryPath, bytes);
  } catch (error) {
    throw asWriteError(error, path);
  }
  return { kind, path, bytes: bytes.length };
}

function meanOf({ data }: FloatImage): number {
  let sum = 0;
  for (const value of data) sum += value;
  return Math.round((sum / data.length) * 1000) / 1000;
}

/** The picture's file name without what a file name may not hold everywhere. */
function defaultName(fileName: string): string {
  const stem = basename(fileName, extname(fileName)).replace(/[/\\:*?"<>|\p{Cc}]/gu, '-');
  return stem.replace(/^\.+/, '').slice(0, 120) || 'avatar';
}
