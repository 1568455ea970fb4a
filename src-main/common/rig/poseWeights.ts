import { ARKIT_CHANNELS, channelIndex } from '#common/head/arkitChannels';
import type { Corrective } from '#common/head/headModel';
import type { RigPose } from '#common/rig/rigPose';

/** Eye turn of an eye-look channel at weight 1, radians: 30 degrees sideways, 25 degrees up or down. */
export const EYE_LOOK_YAW = (30 * Math.PI) / 180;
export const EYE_LOOK_PITCH = (25 * Math.PI) / 180;

const LEFT = {
  in: channelIndex('eyeLookInLeft'),
  out: channelIndex('eyeLookOutLeft'),
  up: channelIndex('eyeLookUpLeft'),
  down: channelIndex('eyeLookDownLeft'),
};
const RIGHT = {
  in: channelIndex('eyeLookInRight'),
  out: channelIndex('eyeLookOutRight'),
  up: channelIndex('eyeLookUpRight'),
  down: channelIndex('eyeLookDownRight'),
};

/**
 * The 52 weights that morphs and exporters use: `pose.weights` clamped to [0, 1] (NaN becomes 0), with the gaze
 * added to the eye-look channels. A gaze first takes back the opposite channel, then raises its own, so that
 * channels and gaze add as angles and a zero gaze changes nothing.
 */
export function effectiveWeights(
  pose: Pick<RigPose, 'weights' | 'gaze'>,
  out: Float32Array = new Float32Array(ARKIT_CHANNELS.length),
): Float32Array {
  for (let channel = 0; channel < ARKIT_CHANNELS.length; channel++) {
    const weight = pose.weights[channel];
    out[channel] = weight > 0 ? Math.min(1, weight) : 0;
  }
  const sideways = pose.gaze.yaw / EYE_LOOK_YAW;
  addSigned(out, LEFT.out, LEFT.in, sideways);
  addSigned(out, RIGHT.in, RIGHT.out, sideways);
  const down = pose.gaze.pitch / EYE_LOOK_PITCH;
  addSigned(out, LEFT.down, LEFT.up, down);
  addSigned(out, RIGHT.down, RIGHT.up, down);
  return out;
}

/** Activation of a corrective in [0, 1]: the product over its drivers, linear w or hat 4w(1-w). */
export function correctiveActivation(drivers: Corrective['drivers'], weights: ArrayLike<number>): number {
  let activation = 1;
  for (const driver of drivers) {
    const weight = weights[channelIndex(driver.channel)];
    activation *= driver.shape === 'hat' ? 4 * weight * (1 - weight) : weight;
  }
  return activation;
}

function addSigned(weights: Float32Array, positive: number, negative: number, amount: number): void {
  if (!(amount !== 0) || Number.isNaN(amount)) return;
  const [own, opposite] = amount > 0 ? [positive, negative] : [negative, positive];
  const size = Math.abs(amount);
  const taken = Math.min(size, weights[opposite]);
  weights[opposite] -= taken;
  weights[own] = Math.min(1, weights[own] + size - taken);
}
