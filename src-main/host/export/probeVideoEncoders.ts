import type { VideoContainer, VideoSettings } from '#host/export/video/videoSettings';
import { VideoWorker } from '#host/export/video/VideoWorker';

/** One way to write video, tried out on this machine. */
export interface VideoEncoderReport {
  readonly container: VideoContainer;
  readonly codec: 'h264' | 'vp9';
  readonly alpha: boolean;
  readonly encoder: string;
  readonly licence: string;
  readonly isAvailable: boolean;
  /** Time to start it and encode four small pictures; 0 where it is not available. */
  readonly milliseconds: number;
  /** Why it is not available. */
  readonly reason?: string;
}

const ENCODERS = [
  {
    container: 'mp4',
    codec: 'h264',
    alpha: false,
    encoder: 'h264-mp4-encoder (minih264, wasm)',
    licence: 'MIT (encoder CC0-1.0)',
  },
  {
    container: 'webm',
    codec: 'vp9',
    alpha: false,
    encoder: 'libav.js (libvpx-vp9, wasm)',
    licence: 'LGPL-2.1 (libvpx BSD-3-Clause)',
  },
  {
    container: 'webm',
    codec: 'vp9',
    alpha: true,
    encoder: 'libav.js (libvpx-vp9, wasm)',
    licence: 'LGPL-2.1 (libvpx BSD-3-Clause)',
  },
] as const;

/** Encodes a few small pictures with every encoder, about 0.3 s in all. Never throws: failures are in the reports. */
export async function probeVideoEncoders(workerUrl: URL): Promise<VideoEncoderReport[]> {
  const reports: VideoEncoderReport[] = [];
  for (const encoder of ENCODERS) {
    const outcome = await tryOne(workerUrl, {
      container: encoder.container,
      alpha: encoder.alpha,
      width: 64,
      height: 64,
      fps: { numerator: 30, denominator: 1 },
    });
    reports.push({ ...encoder, ...outcome });
  }
  return reports;
}

async function tryOne(
  workerUrl: URL,
  settings: VideoSettings,
): Promise<Pick<VideoEncoderReport, 'isAvailable' | 'milliseconds' | 'reason'>> {
  // A thread each: one that fails to start must not take the others along.
  const worker = new VideoWorker(workerUrl);
  try {
    const answer = await worker.request({ kind: 'try', settings });
    if (answer.kind === 'tried' && answer.packets > 0) {
      return { isAvailable: true, milliseconds: answer.milliseconds };
    }
    return { isAvailable: false, milliseconds: 0, reason: 'it took pictures and gave nothing back' };
  } catch (error) {
    return {
      isAvailable: false,
      milliseconds: 0,
      reason: error instanceof Error ? error.message : String(error),
    };
  } finally {
    await worker.terminate();
  }
}
