import type { AvatarJoint } from '#common/rig/avatarGeometry';
import type { AttachedPart } from '#common/reconstruction/fit/attachedParts';
import type { EyePartName } from '#common/reconstruction/fit/gazeRefinement';

/**
 * One person's head as one picture shows it. Vertices are in the head model's order, all parts, model space
 * (metres, head unrotated). The camera has the canonical focal length (CANONICAL_FOCAL times the crop's
 * width) and its principal point in the middle of the crop.
 */
export interface HeadFit {
  readonly headModelVersion: number;
  /** Identity coefficients in standard deviations, the model's mode order. */
  readonly identity: Float32Array;
  /** The source's expression: 52 weights in ARKIT_CHANNELS order, [0, 1]; gaze is in the eye-look channels. */
  readonly weights: Float32Array;
  /**
   * The part of `weights` that is expression (`shownExpression`): what leads from `neutral` to `source`. The
   * rest is how this face is built and stays in `neutral`.
   */
  readonly shownWeights: Float32Array;
  /** Row-major 3x3, model axes to camera axes (x right, y down, z forward). */
  readonly rotation: Float64Array;
  /** Camera = rotation * model + translation, metres. */
  readonly translation: Float64Array;
  /** The person's neutral face, vertexCount * 3: lips closed, eyes open, gaze ahead. */
  readonly neutral: Float32Array;
  /**
   * The person in the source's expression, vertexCount * 3: meets the landmarks exactly. Differs from neutral
   * plus the model's expression only where the neutral had to be made natural (lips, upper lids).
   */
  readonly source: Float32Array;
  /** Joints moved to the person. */
  readonly joints: readonly AvatarJoint[];
  /** How the eyeballs were moved and scaled from the parametric head. */
  readonly eyeballs: Readonly<Record<EyePartName, AttachedPart>>;
  /** Landmarks against the parametric fit (no non-rigid step), root mean square over what was seen, fraction of the eye span. */
  readonly residual: number;
  /** As `residual`, after the non-rigid step and without the outline (whose points slide). */
  readonly finalResidual: number;
  /** Trust in each of the 478 landmarks, [0, 1]. */
  readonly confidences: Float32Array;
  /** Triangles of the source face that the non-rigid step folded, before and after damping. */
  readonly folds: { readonly before: number; readonly after: number };
}
