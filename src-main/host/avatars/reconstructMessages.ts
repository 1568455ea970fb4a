import type { WireError } from '#common/contract/wire';
import type { RgbaImage } from '#common/image/rasterImage';
import type { SourceCrop } from '#common/reconstruction/sourceCrop';
import type { FaceObservation } from '#common/tracking/faceObservation';
import type { Reconstruction, ReconstructInput } from '#host/avatars/reconstructor';

/** What the host asks the reconstruction thread; one call at a time. */
export type ReconstructCall =
  | { readonly method: 'cutCrop'; readonly image: RgbaImage; readonly observation: FaceObservation }
  | {
      readonly method: 'reconstruct';
      readonly input: ReconstructInput;
      /** The committed head model file. */
      readonly headModelPath: string;
    };

export interface ReconstructResults {
  readonly cutCrop: SourceCrop;
  readonly reconstruct: Reconstruction;
}

export type ReconstructAnswer =
  | { readonly kind: 'progress'; readonly stage: string; readonly fraction: number }
  | { readonly kind: 'stage'; readonly name: string; readonly milliseconds: number }
  | { readonly kind: 'done'; readonly result: ReconstructResults[keyof ReconstructResults] }
  | { readonly kind: 'failed'; readonly error: WireError };
