import type { ArkitChannel } from '#common/head/arkitChannels';
import type { HeadPart } from '#common/head/headModel';
import { rotationFromEuler } from '#common/rig/eulerRotation';
import type { EyeballShape } from '#common/rig/transfer/eyeballShape';
import { EYE_LOOK_PITCH, EYE_LOOK_YAW } from '#common/rig/poseWeights';
import type { RigDeltas } from '#common/rig/transfer/rigDeltas';

/**
 * Writes the eye-look morphs of one eyeball: at weight 1 an exact turn of EYE_LOOK_YAW or EYE_LOOK_PITCH about its
 * centre, at one half an exact half turn by the channel's half corrective (a straight blend of a 30 degree turn
 * would sink the eye by 0.4 mm). An ellipsoidal eye keeps its outline: the turn happens in its round space.
 */
export function turnEyeball(
  part: HeadPart,
  side: 'Left' | 'Right',
  eye: EyeballShape,
  neutral: Float32Array,
  deltas: RigDeltas,
): void {
  // The subject's left is +yaw: outwards for the left eye, inwards for the right.
  const out = side === 'Left' ? EYE_LOOK_YAW : -EYE_LOOK_YAW;
  const looks: readonly [ArkitChannel, number, number][] = [
    [`eyeLookOut${side}`, out, 0],
    [`eyeLookIn${side}`, -out, 0],
    [`eyeLookDown${side}`, 0, EYE_LOOK_PITCH],
    [`eyeLookUp${side}`, 0, -EYE_LOOK_PITCH],
  ];
  for (const [channel, yaw, pitch] of looks) {
    const whole = rotationFromEuler({ yaw, pitch, roll: 0 });
    const halfway = rotationFromEuler({ yaw: yaw / 2, pitch: pitch / 2, roll: 0 });
    const morph = deltas.morph(channel);
    const half = deltas.half(channel);
    for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) {
      turnVertex(eye, neutral, v, whole, morph);
      turnVertex(eye, neutral, v, halfway, half);
      for (let c = v * 3; c < v * 3 + 3; c++) half[c] -= morph[c] / 2;
    }
  }
}

function turnVertex(
  { centre, stretch }: EyeballShape,
  neutral: Float32Array,
  v: number,
  r: Float64Array,
  out: Float32Array,
): void {
  const x = (neutral[v * 3] - centre[0]) / stretch[0];
  const y = (neutral[v * 3 + 1] - centre[1]) / stretch[1];
  const z = (neutral[v * 3 + 2] - centre[2]) / stretch[2];
  out[v * 3] = (r[0] * x + r[1] * y + r[2] * z - x) * stretch[0];
  out[v * 3 + 1] = (r[3] * x + r[4] * y + r[5] * z - y) * stretch[1];
  out[v * 3 + 2] = (r[6] * x + r[7] * y + r[8] * z - z) * stretch[2];
}
