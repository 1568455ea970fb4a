import { conv } from '#engine/graph/ops/convolution/convolution';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { reshape } from '#engine/graph/ops/reshape';
import type { Tensor } from '#engine/graph/tensor';

/**
 * A blur whose strength is a number of the step: early in a run the discriminator sees coarse shapes only, and the
 * generator is not pushed into details before it has a head (StyleGAN3, appendix F.1; supplement D.2).
 */
export interface BlurSchedule {
  /** Deviation at the start, pixels of the finished picture; EG3D has 10 at 512. */
  readonly deviation: number;
  /** Pictures until it is gone. */
  readonly pictures: number;
}

/** Taps of the widest filter; smaller ones are filled up with zeros, so that one graph serves a whole run. */
export function blurTapCount({ deviation }: BlurSchedule): number {
  return 2 * Math.floor(deviation * 3) + 1;
}

/**
 * The filter after so many pictures; a single 1 in the middle once the blur is gone.
 *
 * @returns [blurTapCount], sum 1
 */
export function blurTaps(schedule: BlurSchedule, picturesSeen: number): Float32Array {
  const count = blurTapCount(schedule);
  const deviation = schedule.deviation * Math.max(1 - picturesSeen / schedule.pictures, 0);
  const reach = Math.floor(deviation * 3);
  const middle = (count - 1) / 2;
  const taps = new Float32Array(count);
  for (let at = -reach; at <= reach; at++) {
    // Base 2 as in the published code: its deviation is a half-width.
    taps[middle + at] = deviation === 0 ? 1 : 2 ** -((at / deviation) ** 2);
  }
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  return taps.map((tap) => tap / total);
}

/**
 * Filters rows, then columns; what lies outside is 0.
 *
 * @param pictures [batch, channels, height, width]
 * @param taps [count], odd
 */
export function blur(pictures: Tensor, taps: Tensor): Tensor {
  const [channels, count] = [pictures.shape[1], taps.shape[0]];
  const reach = (count - 1) / 2;
  const along = (shape: readonly number[]): Tensor =>
    broadcastTo(reshape(taps, shape), [channels, 1, ...shape.slice(2)]);
  const rows = conv(pictures, along([1, 1, 1, count]), {
    groups: channels,
    padding: [
      [0, 0],
      [reach, reach],
    ],
  });
  return conv(rows, along([1, 1, count, 1]), {
    groups: channels,
    padding: [
      [reach, reach],
      [0, 0],
    ],
  });
}
