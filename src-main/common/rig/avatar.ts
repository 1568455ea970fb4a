import type { PinholeCamera } from '#common/camera/pinholeCamera';
import type { FloatImage, RgbaImage } from '#common/image/rasterImage';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import type { RigPose } from '#common/rig/rigPose';
import type { FaceObservation } from '#common/tracking/faceObservation';

/** One person's avatar in memory; `host/avatars` stores it as a versioned zip. */
export interface Avatar {
  readonly name: string;
  readonly geometry: AvatarGeometry;
  /** sRGB, opaque, 2S x S with S at least 1024: left square the head's chart, right square the source crop. */
  readonly atlas: RgbaImage;
  readonly source: AvatarSource;
  /** Fitted coefficients, kept so that a later version can rebuild or retarget. */
  readonly fit: AvatarFit;
}

/**
 * Where the avatar was seen. The source crop is a square cut from the (upright) portrait around the head in
 * EG3D framing; camera, plate and matte belong to that crop.
 */
export interface AvatarSource {
  /** The source crop itself, sRGB. */
  readonly crop: RgbaImage;
  /** Person coverage of the crop, [0, 1]. */
  readonly matte: FloatImage;
  /** The crop with the person removed and the hole filled. */
  readonly plate: RgbaImage;
  /** Camera that took the crop, in avatar space. */
  readonly camera: PinholeCamera;
  /** Pose and expression in which `camera` sees the avatar as the crop shows it. */
  readonly pose: RigPose;
  /** In crop pixels. */
  readonly observation: FaceObservation;
}

export interface AvatarFit {
  /** Identity coefficients in standard deviations, in the head model's mode order. */
  readonly identity: Float32Array;
  /** Landmark residual of the parametric fit before the non-rigid step, root mean square, fraction of the eye span. */
  readonly residual: number;
  readonly headModelVersion: number;
}
