import type { WorkContext } from '#common/contract/progress';
import type { FloatImage, RgbaImage } from '#common/image/rasterImage';
import type { SourceCrop } from '#common/reconstruction/sourceCrop';
import type { Avatar } from '#common/rig/avatar';
import type { FaceObservation } from '#common/tracking/faceObservation';

export interface ReconstructInput {
  /** The source crop with its matte, and the face in crop pixels. */
  readonly crop: RgbaImage;
  readonly matte: FloatImage;
  /** 1 where the crop shows picture, 0 where it was extended. */
  readonly validMask: FloatImage;
  readonly observation: FaceObservation;
  readonly name: string;
}

export interface ReconstructContext extends WorkContext {
  /** Called at the end of each step with its name and duration. */
  readonly onStage?: (name: string, milliseconds: number) => void;
}

export interface Reconstruction {
  readonly avatar: Avatar;
  /** The neutral avatar seen from the front; sRGB with alpha, 256 pixels on a side. */
  readonly thumbnail: RgbaImage;
}

/** The heavy arithmetic between a tracked picture and an avatar, away from the host's own thread. */
export interface Reconstructor {
  /** Takes the picture's buffer: it is empty for the caller afterwards. */
  cutCrop(image: RgbaImage, observation: FaceObservation, context: WorkContext): Promise<SourceCrop>;
  /** Does not take its input's buffers. */
  reconstruct(input: ReconstructInput, context: ReconstructContext): Promise<Reconstruction>;
  dispose(): Promise<void>;
}
