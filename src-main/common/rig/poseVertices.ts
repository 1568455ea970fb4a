import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import {
  blendTransforms,
  jointTransforms,
  posePoint,
  TRANSFORM_SIZE,
  type JointPose,
} from '#common/rig/jointTransforms';

/**
 * Linear blend skinning of any vertices in rest space by a geometry's weights: for shapes that are not the
 * rig's own (the fitted source expression). `RigEvaluator` does the same, faster, for its own morphs.
 *
 * @param rest vertexCount * 3, world metres, rest space.
 */
export function poseVertices(
  geometry: Pick<AvatarGeometry, 'joints' | 'skinJoints' | 'skinWeights'>,
  rest: Float32Array,
  pose: JointPose,
): Float32Array {
  const transforms = jointTransforms(geometry.joints, pose);
  const blended = new Float64Array(TRANSFORM_SIZE);
  const point = new Float64Array(3);
  const out = new Float32Array(rest.length);
  for (let vertex = 0; vertex < rest.length / 3; vertex++) {
    blendTransforms(transforms, geometry.skinJoints, geometry.skinWeights, vertex * 4, blended);
    posePoint(blended, 0, rest.subarray(vertex * 3, vertex * 3 + 3), point);
    out.set(point, vertex * 3);
  }
  return out;
}
