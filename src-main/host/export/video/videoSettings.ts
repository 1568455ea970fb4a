import { AppError } from '#common/contract/errors';
import type { FrameRate } from '#host/export/video/frameRate';

export type VideoContainer = 'mp4' | 'webm';

/** What an encoder is asked for; plain data, crosses to the worker. */
export interface VideoSettings {
  readonly container: VideoContainer;
  /** Carry transparency; WebM only. */
  readonly alpha: boolean;
  readonly width: number;
  readonly height: number;
  readonly fps: FrameRate;
  /** Bits per second to aim for; left out, quality is held constant and the size follows the content. */
  readonly bitrate?: number;
  /** Number of frames to come, where known: lets MP4 put its index in front of the pictures. */
  readonly frameCount?: number;
}

const MINIMUM_SIZE = 16;
const MAXIMUM_SIZE = 4096;

/** Throws `input.badOption` for settings that no encoder can meet. */
export function checkVideoSettings(settings: VideoSettings): void {
  const { width, height, alpha, container, bitrate } = settings;
  const isSize = (size: number): boolean =>
    Number.isInteger(size) && size >= MINIMUM_SIZE && size <= MAXIMUM_SIZE && size % 2 === 0;
  if (!isSize(width) || !isSize(height)) {
    throw new AppError(
      'input.badOption',
      `A video cannot be ${width} x ${height} pixels: both sides must be even, from ${MINIMUM_SIZE} to ${MAXIMUM_SIZE}.`,
    );
  }
  if (alpha && container === 'mp4') {
    throw new AppError(
      'input.badOption',
      'MP4 video cannot be transparent. Use WebM, or choose a background.',
    );
  }
  if (bitrate !== undefined && !(bitrate >= 10_000 && bitrate <= 200_000_000)) {
    throw new AppError(
      'input.badOption',
      `The bit rate must be from 10,000 to 200,000,000 bits per second (got ${bitrate}).`,
    );
  }
}

/** Two seconds between key frames: seeking stays quick and the cost of key frames small. */
export function keyFrameInterval({ numerator, denominator }: FrameRate): number {
  return Math.max(2, Math.round((2 * numerator) / denominator));
}
