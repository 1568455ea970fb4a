import type { RigPose } from '#common/rig/rigPose';

/** Remembers the values of the last pose, so that an unchanged one is neither evaluated nor uploaded again. */
export class PoseMemory {
  #values: Float64Array | undefined;

  /** @returns whether `pose` differs from the one taken before; callers may reuse and change their pose objects */
  take(pose: RigPose): boolean {
    const { head, neck, gaze, weights } = pose;
    const angles = [head.yaw, head.pitch, head.roll, neck.yaw, neck.pitch, neck.roll, gaze.yaw, gaze.pitch];
    const values = (this.#values ??= new Float64Array(weights.length + angles.length).fill(NaN));
    let isChanged = false;
    const put = (at: number, value: number): void => {
      if (values[at] !== value) isChanged = true;
      values[at] = value;
    };
    weights.forEach((weight, channel) => put(channel, weight));
    angles.forEach((angle, index) => put(weights.length + index, angle));
    return isChanged;
  }
}
