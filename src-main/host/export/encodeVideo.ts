import type { RgbaImage } from '#common/image/rasterImage';
import { AppError, invariant, throwIfCancelled } from '#common/contract/errors';
import type { WorkContext } from '#common/contract/progress';
import { type FrameRate, toFrameRate } from '#host/export/video/frameRate';
import {
  checkVideoSettings,
  type VideoContainer,
  type VideoSettings,
} from '#host/export/video/videoSettings';
import { withOutputs } from '#host/files/outputTransaction';
import { VideoWorker } from '#host/export/video/VideoWorker';

export interface EncodeVideoOptions extends WorkContext {
  /** Destination; appears only when complete. */
  readonly path: string;
  readonly container: VideoContainer;
  /** Carry transparency (WebM only). Without it the frames' alpha is not looked at. */
  readonly alpha: boolean;
  readonly fps: number | FrameRate;
  /** Even, 16 to 4096. */
  readonly width: number;
  readonly height: number;
  /** Bits per second; left out, quality is held constant (about 38 dB). */
  readonly bitrate?: number;
  /** Number of frames to come, where known: gives progress, and MP4 with its index in front. */
  readonly frameCount?: number;
  /** Where the bundled `videoEncode.worker.js` is. */
  readonly workerUrl: URL;
}

export interface EncodedVideo {
  /** `h264` or `vp9`, with `+alpha` where it is transparent. */
  readonly codec: string;
  readonly encoder: string;
  readonly bytes: number;
  readonly frames: number;
  readonly milliseconds: number;
}

/**
 * Encodes frames to a video file in a thread of its own. Frames are pulled one at a time and copied, so the
 * source may reuse its picture; at most three wait for the encoder. Memory does not grow with the length.
 *
 * Throws `input.badOption` (odd sizes, transparent MP4, a frame of another size, no frames), `disk.*`,
 * `encoder.unavailable`, `job.cancelled`, and whatever the frame source throws; in every case nothing is left
 * at `path` that was not there before, and the source is told to stop (`return`).
 */
export async function encodeVideo(
  frames: AsyncIterable<RgbaImage>,
  options: EncodeVideoOptions,
): Promise<EncodedVideo> {
  const start = performance.now();
  const settings = settingsOf(options);
  checkVideoSettings(settings);
  throwIfCancelled(options.signal);
  return await withOutputs(async (outputs) => {
    const path = await outputs.reserveFile(options.path);
    const worker = new VideoWorker(options.workerUrl);
    try {
      await worker.request({ kind: 'open', path, destination: options.path, settings });
      await sendFrames(worker, frames, settings, options);
      const answer = await worker.request({ kind: 'finish' });
      throwIfCancelled(options.signal);
      invariant(answer.kind === 'finished', 'the encoder answers the end with the result');
      const { bytes, frames: count } = answer;
      return { ...describe(settings), bytes, frames: count, milliseconds: performance.now() - start };
    } finally {
      await worker.terminate();
    }
  });
}

function describe({ container, alpha }: VideoSettings): Pick<EncodedVideo, 'codec' | 'encoder'> {
  return container === 'mp4'
    ? { codec: 'h264', encoder: 'h264-mp4-encoder (minih264, wasm)' }
    : { codec: alpha ? 'vp9+alpha' : 'vp9', encoder: 'libav.js (libvpx-vp9, wasm)' };
}

function settingsOf(options: EncodeVideoOptions): VideoSettings {
  const { container, alpha, width, height, bitrate, frameCount } = options;
  return {
    container,
    alpha,
    width,
    height,
    fps: toFrameRate(options.fps),
    ...(bitrate === undefined ? {} : { bitrate }),
    ...(frameCount === undefined ? {} : { frameCount }),
  };
}

async function sendFrames(
  worker: VideoWorker,
  frames: AsyncIterable<RgbaImage>,
  { width, height, frameCount }: VideoSettings,
  { signal, onProgress }: WorkContext,
): Promise<void> {
  let sent = 0;
  for await (const frame of frames) {
    throwIfCancelled(signal);
    if (frame.width !== width || frame.height !== height) {
      throw new AppError(
        'input.badOption',
        `Frame ${sent} is ${frame.width} x ${frame.height}; the video is ${width} x ${height}.`,
      );
    }
    await worker.sendFrame(frame.data);
    sent++;
    if (frameCount !== undefined) {
      if (sent > frameCount) {
        throw new AppError('internal.invariant', `More frames came than the ${frameCount} announced.`);
      }
      onProgress?.({ stage: 'encode', fraction: sent / frameCount });
    }
  }
  throwIfCancelled(signal);
  if (sent === 0) throw new AppError('input.badOption', 'A video needs at least one frame.');
}
