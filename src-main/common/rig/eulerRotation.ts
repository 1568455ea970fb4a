import { multiplyMat3, transposeMat3 } from '#common/math/mat3';
import type { EulerRotation } from '#common/rig/rigPose';
import { portableAngle, portableArcSine, portableCosine, portableSine } from '#common/math/portableMath';

/**
 * Row-major 3x3 rotation R = Ry(yaw) * Rx(pitch) * Rz(roll) in world axes (y up, x = subject's left, z out of
 * the face). With these axes the right-handed rotations already have the signs that `EulerRotation` promises.
 */
export function rotationFromEuler(
  euler: EulerRotation,
  out: Float64Array = new Float64Array(9),
): Float64Array {
  const cy = portableCosine(euler.yaw);
  const sy = portableSine(euler.yaw);
  const cp = portableCosine(euler.pitch);
  const sp = portableSine(euler.pitch);
  const cr = portableCosine(euler.roll);
  const sr = portableSine(euler.roll);
  out[0] = cy * cr + sy * sp * sr;
  out[1] = sy * sp * cr - cy * sr;
  out[2] = sy * cp;
  out[3] = cp * sr;
  out[4] = cp * cr;
  out[5] = -sp;
  out[6] = cy * sp * sr - sy * cr;
  out[7] = sy * sr + cy * sp * cr;
  out[8] = cy * cp;
  return out;
}

/**
 * The Euler angles of a row-major 3x3 rotation; pitch in [-pi/2, pi/2], yaw and roll in (-pi, pi]. At the pole
 * (looking straight up or down) yaw takes the whole turn and roll is zero.
 */
export function eulerFromRotation(rotation: ArrayLike<number>): EulerRotation {
  const sinPitch = Math.min(1, Math.max(-1, -rotation[5]));
  const pitch = portableArcSine(sinPitch);
  if (Math.abs(sinPitch) > 1 - 1e-12) {
    return { yaw: portableAngle(-rotation[6], rotation[0]), pitch, roll: 0 };
  }
  return {
    yaw: portableAngle(rotation[2], rotation[8]),
    pitch,
    roll: portableAngle(rotation[3], rotation[4]),
  };
}

/**
 * Shares one rotation of the head against the shoulders (what a tracker or fit measures) between neck and head:
 * the neck takes `neckShare` of each angle, the head what is left so that neck * head is the given rotation exactly.
 */
export function splitHeadRotation(
  total: ArrayLike<number>,
  neckShare = 0.4,
): { neck: EulerRotation; head: EulerRotation } {
  const euler = eulerFromRotation(total);
  const neck = { yaw: euler.yaw * neckShare, pitch: euler.pitch * neckShare, roll: euler.roll * neckShare };
  return { neck, head: eulerFromRotation(multiplyMat3(transposeMat3(rotationFromEuler(neck)), total)) };
}
