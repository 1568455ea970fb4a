import type { WireError } from '#common/contract/wire';
import type { FloatImage, RgbaImage } from '#common/image/rasterImage';
import type { FaceObservation, ManualFacePoints, ObserveOptions } from '#common/tracking/faceObservation';

/** What the studio asks the engine's tracker; pictures' buffers travel by transfer. */
export type TrackerCall =
  | { readonly method: 'observe'; readonly image: RgbaImage; readonly options: ObserveOptions }
  | { readonly method: 'observeManual'; readonly image: RgbaImage; readonly points: ManualFacePoints }
  | { readonly method: 'matte'; readonly image: RgbaImage }
  | {
      readonly method: 'videoNext';
      /** Chosen by the caller; the first frame with a new number starts a video. */
      readonly videoId: number;
      readonly image: RgbaImage;
      readonly timeSeconds: number;
    };

/** Result of each call. */
export interface TrackerResults {
  readonly observe: FaceObservation[];
  readonly observeManual: FaceObservation;
  readonly matte: FloatImage;
  readonly videoNext: FaceObservation | undefined;
}

export type TrackerRequest = TrackerCall & { readonly kind: 'tracker'; readonly id: number };

export type TrackerResponse =
  | {
      readonly kind: 'tracker';
      readonly id: number;
      readonly result: TrackerResults[keyof TrackerResults];
    }
  | { readonly kind: 'tracker'; readonly id: number; readonly error: WireError };
