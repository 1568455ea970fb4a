import { ARKIT_CHANNELS } from '#common/head/arkitChannels';

/** Rotation as yaw (about y, + turns to the subject's left), pitch (about x, + looks down), roll (about z, counter-clockwise seen from the front) in radians; R = Ry(yaw) * Rx(pitch) * Rz(roll). */
export interface EulerRotation {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

/** Everything that moves the avatar. Camera and background are not part of it. */
export interface RigPose {
  /** 52 weights in ARKIT_CHANNELS order, [0, 1]. */
  readonly weights: Float32Array;
  /** Head relative to the neck. */
  readonly head: EulerRotation;
  /** Neck relative to the shoulders. */
  readonly neck: EulerRotation;
  /** Where both eyes look, added to the eye-look channels: yaw + to the subject's left, pitch + down, radians. */
  readonly gaze: { readonly yaw: number; readonly pitch: number };
}

const STILL: EulerRotation = { yaw: 0, pitch: 0, roll: 0 };

/** The rest pose. */
export function neutralPose(): RigPose {
  return {
    weights: new Float32Array(ARKIT_CHANNELS.length),
    head: STILL,
    neck: STILL,
    gaze: { yaw: 0, pitch: 0 },
  };
}
