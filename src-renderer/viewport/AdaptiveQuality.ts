/**
 * `full` is the headless renderer's picture: four samples an edge, light mixed linearly, four texture taps. `draft` has
 * one sample and filters the stored bytes: a quarter of the work, seen only while something moves on a slow device.
 */
export type FrameQuality = 'full' | 'draft';

/** A full frame that takes longer than this leaves too little of the 33 ms of playback, milliseconds. */
const SLOW_FRAME = 20;
/** How long nothing must change before a draft is drawn again in full, milliseconds. */
export const SETTLE_MILLISECONDS = 160;

/**
 * The one rule for giving up quality: where a full frame, measured once on this device and scaled by the number of
 * pixels, takes longer than 20 ms, frames are drafts, and 160 ms after the last change, or after the end of what plays or
 * is dragged, the picture is drawn in full. A fast device never sees a draft.
 */
export class AdaptiveQuality {
  #millisecondsPerPixel: number | undefined;

  get isMeasured(): boolean {
    return this.#millisecondsPerPixel !== undefined;
  }

  /** A full frame of `pixels` took this long, until the GPU had finished. */
  didMeasure(milliseconds: number, pixels: number): void {
    this.#millisecondsPerPixel = milliseconds / pixels;
  }

  /** For a frame that others may follow. */
  movingQuality(pixels: number): FrameQuality {
    return (this.#millisecondsPerPixel ?? 0) * pixels > SLOW_FRAME ? 'draft' : 'full';
  }
}
