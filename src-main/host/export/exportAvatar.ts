import { stat, writeFile } from 'node:fs/promises';
import type { ExportAvatarResult, ProceduralLook, WrittenOutput } from '#common/contract/avatarResults';
import { AppError } from '#common/contract/errors';
import type { ExportAvatarRequest } from '#common/contract/hostApi';
import type { RgbaImage } from '#common/image/rasterImage';
import type { AvatarManifest } from '#common/project/avatarManifest';
import type { AvatarBackground, FrameJob } from '#common/raster/avatarFrameRenderer';
import type { Avatar } from '#common/rig/avatar';
import type { MotionClip } from '#common/timeline/motionClip';
import { withLoop } from '#common/timeline/sampleMotion';
import { decodeAvatar, openAvatarFile } from '#host/avatars/avatarFile';
import type { Restyler } from '#host/avatars/restyleInThread';
import type { Clock } from '#host/clock';
import { encodeVideo } from '#host/export/encodeVideo';
import type { GlbMotion } from '#host/export/glb/glbMotion';
import type { FrameFolder } from '#host/export/frameFolder';
import { FRAME_INDEX, openFrameFolder } from '#host/export/frameFolder';
import type { FramePlan } from '#host/export/framePlan';
import { planFrames } from '#host/export/framePlan';
import { FrameRenderPool } from '#host/export/frameRenderPool';
import { writeGlb } from '#host/export/writeGlb';
import { asWriteError } from '#host/files/diskErrors';
import type { OutputFileSystem, OutputTransaction } from '#host/files/outputTransaction';
import { withOutputs } from '#host/files/outputTransaction';
import { encodePng } from '#host/images/storedPicture';
import type { JobContext } from '#host/jobs/jobRunner';
import type { StageTimer } from '#host/jobs/stageTimer';
import { createStageTimer } from '#host/jobs/stageTimer';
import type { MotionLibrary } from '#host/motions/motionLibrary';

export interface ExportAvatarServices {
  readonly motions: MotionLibrary;
  /** The bundled frameRender.worker.js and videoEncode.worker.js. */
  readonly frameWorkerUrl: URL;
  readonly videoWorkerUrl: URL;
  readonly restyler: Restyler;
  readonly clock: Clock;
  /** The disk, unless a test brings its own. */
  readonly files?: OutputFileSystem;
}

/** What the steps of one export share. */
interface ExportWork {
  readonly request: ExportAvatarRequest;
  readonly context: JobContext;
  readonly services: ExportAvatarServices;
  readonly timer: StageTimer;
  readonly outputs: OutputTransaction;
  readonly avatar: Avatar;
  readonly manifest: AvatarManifest;
  readonly motion: MotionClip | undefined;
  readonly plan: FramePlan;
}

/**
 * Writes what was asked for: GLB, and in one rendering pass video, frames and still. Frames stream from the
 * render threads to the encoder, so memory does not grow with the length. All outputs appear together at the
 * end, or none.
 *
 * @throws AppError `input.*`, `avatar.*`, `disk.*`, `encoder.unavailable`, `export.invalidGltf`, `job.cancelled`
 */
export async function exportAvatar(
  request: ExportAvatarRequest,
  context: JobContext,
  services: ExportAvatarServices,
): Promise<ExportAvatarResult> {
  refuseTransparentMp4(request);
  const timer = createStageTimer(services.clock, context);
  const { avatar: portrayed, manifest } = await timer.run('open', async () => {
    const opened = await openAvatarFile(request.avatar);
    return { avatar: await decodeAvatar(opened), manifest: opened.manifest };
  });
  const restyled = await restyle(request, portrayed, { context, services, timer });
  const { avatar } = restyled;
  const motion = await timer.run('motion', () => loadMotion(request, services.motions));
  const plan = planFrames(avatar, motion, request);
  const written = await withOutputs(async (outputs) => {
    const work = { request, context, services, timer, outputs, avatar, manifest, motion, plan };
    return [...(await exportGlb(work)), ...(await exportPictures(work))];
  }, services.files);
  return {
    name: avatar.name,
    ...(restyled.look && { look: restyled.look }),
    ...(motion === undefined ? {} : { motion: motion.name }),
    durationSeconds: plan.durationSeconds,
    frameCount: plan.frameCount,
    stages: timer.stages,
    milliseconds: timer.elapsed(),
    outputs: written,
  };
}

/** The avatar in the look asked for. */
async function restyle(
  { domain }: ExportAvatarRequest,
  avatar: Avatar,
  { context, services, timer }: Pick<ExportWork, 'context' | 'services' | 'timer'>,
): Promise<{ readonly avatar: Avatar; readonly look?: ProceduralLook }> {
  if (domain === undefined) return { avatar };
  return await timer.run('restyle', () => services.restyler(avatar, domain, context));
}

/** The motion asked for, repeating or holding its end as asked; by default as its document says. */
export async function loadMotion(
  { motion }: ExportAvatarRequest,
  motions: MotionLibrary,
): Promise<MotionClip | undefined> {
  return motion && withLoop(await motions.load(motion), motion.loop);
}

async function exportGlb(work: ExportWork): Promise<WrittenOutput[]> {
  const { request, context, timer, outputs, avatar, manifest } = work;
  const { glb } = request;
  if (glb === undefined) return [];
  const path = await outputs.reserveFile(glb);
  return await timer.run('glb', async () => {
    const motion = glbMotion(work);
    const { bytes, report } = await writeGlb(avatar, {
      path,
      ...(motion === undefined ? {} : { motion }),
      extras: { rights: manifest.rights.note, sourceSha256: manifest.source.sha256 },
      signal: context.signal,
      onProgress: context.onProgress,
    });
    const { vertices, triangles, morphTargets, animationKeys, validation, comparison } = report;
    const { errors: validatorErrors, warnings: validatorWarnings } = validation;
    const checks = { validatorErrors, validatorWarnings };
    // What glTF cannot hold, in millimetres: the user would otherwise not know why lips part in another program.
    const correctiveMillimetres = Math.round(comparison.correctiveMetres * 1e4) / 10;
    const details = { vertices, triangles, morphTargets, animationKeys, correctiveMillimetres, ...checks };
    return [{ kind: 'glb', path: glb, bytes, details }];
  });
}

/** One key per frame, both ends included, so that a loop closes on its first pose. */
function glbMotion({ plan, motion, request }: ExportWork): GlbMotion | undefined {
  if (!plan.hasPose) return undefined;
  const { fps } = request;
  const keyCount = motion === undefined ? 1 : plan.frameCount + 1;
  const frames = Array.from({ length: keyCount }, (_, key) => plan.poseAt(key / fps));
  return { name: motion?.name ?? 'Pose', fps, frames };
}

/** Video, frames and still, from one pass over the frames. */
async function exportPictures(work: ExportWork): Promise<WrittenOutput[]> {
  const { request, context, services, timer, outputs, avatar, plan } = work;
  const { video, frames, still, size } = request;
  if (video === undefined && frames === undefined && still === undefined) return [];
  const folder = frames === undefined ? undefined : await openFolder(work, frames);
  const stillTemporary = still === undefined ? undefined : await outputs.reserveFile(still);
  const videoTemporary = video === undefined ? undefined : await outputs.reserveFile(video);
  const frameCount = video === undefined && frames === undefined ? 1 : plan.frameCount;

  return await timer.run('render', async () => {
    const pool = new FrameRenderPool({
      avatar,
      settings: { width: size, height: size, background: backgroundOf(request) },
      workerUrl: services.frameWorkerUrl,
    });
    try {
      let stillBytes = 0;
      const rendered = pool.renderFrames(frameJobs(plan, frameCount), context.signal);
      const taken = tapFrames(rendered, async (frame, frameIndex) => {
        if (frameIndex === 0 && still !== undefined && stillTemporary !== undefined) {
          stillBytes = await writePng(stillTemporary, still, frame);
        }
        await folder?.add(frame);
        context.onProgress({ stage: 'render', fraction: (frameIndex + 1) / frameCount });
      });
      const written: WrittenOutput[] = [];
      if (video !== undefined && videoTemporary !== undefined) {
        written.push(await writeVideo(work, { frames: taken, temporary: videoTemporary, path: video }));
      } else {
        await drain(taken);
      }
      if (folder !== undefined && frames !== undefined) {
        const { bytes, frames: count } = await folder.finish();
        written.push({ kind: 'frames', path: frames, bytes, details: { frames: count } });
      }
      if (still !== undefined) written.push({ kind: 'still', path: still, bytes: stillBytes });
      return written;
    } finally {
      await pool.dispose();
    }
  });
}

async function openFolder(
  { request, outputs, avatar, motion }: ExportWork,
  path: string,
): Promise<FrameFolder> {
  const { fps, size } = request;
  return openFrameFolder(await outputs.reserveFolder(path, FRAME_INDEX), {
    name: avatar.name,
    ...(motion === undefined ? {} : { motion: motion.name }),
    fps,
    size,
    background: backgroundName(request),
  });
}

async function writeVideo(
  { request, context, services, plan }: ExportWork,
  target: { readonly frames: AsyncIterable<RgbaImage>; readonly temporary: string; readonly path: string },
): Promise<WrittenOutput> {
  const container = isMp4(target.path) ? 'mp4' : 'webm';
  const { size, fps } = request;
  const encoded = await encodeVideo(target.frames, {
    path: target.temporary,
    container,
    alpha: backgroundName(request) === 'transparent',
    fps,
    width: size,
    height: size,
    frameCount: plan.frameCount,
    workerUrl: services.videoWorkerUrl,
    signal: context.signal,
  });
  const { size: bytes } = await stat(target.temporary);
  const { codec, encoder, frames, milliseconds } = encoded;
  const framesPerSecond = Math.round((frames / milliseconds) * 10_000) / 10;
  return { kind: 'video', path: target.path, bytes, details: { codec, encoder, frames, framesPerSecond } };
}

function* frameJobs(plan: FramePlan, frameCount: number): Generator<FrameJob> {
  for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) yield plan.frameAt(frameIndex);
}

/** Passes frames on after `look` is done with each. */
async function* tapFrames(
  frames: AsyncIterable<RgbaImage>,
  look: (frame: RgbaImage, frameIndex: number) => Promise<void>,
): AsyncGenerator<RgbaImage, void, void> {
  let frameIndex = 0;
  for await (const frame of frames) {
    await look(frame, frameIndex++);
    yield frame;
  }
}

async function drain(frames: AsyncIterable<RgbaImage>): Promise<void> {
  for await (const frame of frames) void frame;
}

async function writePng(temporary: string, path: string, frame: RgbaImage): Promise<number> {
  const bytes = await encodePng(frame, true);
  try {
    await writeFile(temporary, bytes);
  } catch (error) {
    throw asWriteError(error, path);
  }
  return bytes.length;
}

function refuseTransparentMp4({ video, background }: ExportAvatarRequest): void {
  if (video === undefined || !isMp4(video) || background !== 'transparent') return;
  throw new AppError(
    'input.badOption',
    'MP4 video cannot be transparent. Use .webm, or choose photo or a colour as the background.',
  );
}

function isMp4(path: string): boolean {
  return path.toLowerCase().endsWith('.mp4');
}

/** What was asked for; by default transparent, and the photo where that cannot be. */
function backgroundName({ background, video }: ExportAvatarRequest): string {
  return background ?? (video !== undefined && isMp4(video) ? 'photo' : 'transparent');
}

function backgroundOf(request: ExportAvatarRequest): AvatarBackground {
  const name = backgroundName(request);
  if (name === 'transparent' || name === 'photo') return { kind: name };
  const value = Number.parseInt(name.slice(1), 16);
  return { kind: 'color', rgb: [value >> 16, (value >> 8) & 255, value & 255] };
}
