import { CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { invariant } from '#common/contract/errors';
import { multiplyMat3 } from '#common/math/mat3';
import type { HeadFit } from '#common/reconstruction/fit/headFit';
import { splitHeadRotation } from '#common/rig/eulerRotation';
import { jointTransforms, TRANSFORM_SIZE } from '#common/rig/jointTransforms';
import type { RigPose } from '#common/rig/rigPose';

/** World axes (y up, z towards the viewer) to OpenCV camera axes, for a camera looking along -z. */
const FACING_CAMERA = Float64Array.of(1, 0, 0, 0, -1, 0, 0, 0, -1);

/** Share of the source's head rotation that the neck takes. */
const NECK_SHARE = 0.4;

/**
 * The camera and pose in which the avatar looks as its source crop. Shoulders face the camera in the rest
 * pose, so the camera looks straight along -z and the whole head rotation is the rig's, shared by neck and
 * head joint. For points that ride on the head joint, camera of posed = fit.rotation * x + fit.translation,
 * exactly.
 */
export function sourceView(fit: HeadFit): { camera: PinholeCamera; pose: RigPose } {
  const { neck, head } = splitHeadRotation(multiplyMat3(FACING_CAMERA, fit.rotation), NECK_SHARE);
  const pose: RigPose = { weights: fit.shownWeights, neck, head, gaze: { yaw: 0, pitch: 0 } };
  const index = fit.joints.findIndex((joint) => joint.name === 'head');
  invariant(index >= 0, 'a fitted head has a head joint');
  const transform = jointTransforms(fit.joints, pose).subarray(index * TRANSFORM_SIZE);
  const translation = new Float64Array(3);
  for (let row = 0; row < 3; row++) {
    translation[row] = fit.translation[row] - FACING_CAMERA[row * 4] * transform[row * 4 + 3];
  }
  return {
    camera: {
      focal: CANONICAL_FOCAL,
      principalX: 0.5,
      principalY: 0.5,
      rotation: FACING_CAMERA.slice(),
      translation,
    },
    pose,
  };
}
