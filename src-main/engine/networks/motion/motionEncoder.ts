import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { stridedEncoder } from '#engine/networks/layers/stridedEncoder';
import { hourglassMotion, motionCodeOf } from '#engine/networks/motion/hourglass';
import type { MotionConfig } from '#engine/networks/motion/motionConfig';

/**
 * From a picture of a face to a motion code: all the renderer knows of how a face moves besides the mesh. Any function
 * of this type will do, as long as the renderer was trained with its codes.
 *
 * @param crop [batch, 3, cropSize, cropSize], -1 to 1, cut as `motionCrop` says
 * @returns [batch, motionSize]
 */
export type MotionEncoder = (scope: Scope, crop: Tensor) => Tensor;

/** The encoder that a config describes: PD-FGC's, or a small one of our own (spec 10.7). */
export function motionEncoder(config: MotionConfig): MotionEncoder {
  if (config.kind === 'hourglass') return (scope, crop) => motionCodeOf(hourglassMotion(scope, crop, config));
  return (scope, crop) => stridedEncoder(scope, crop, config.widths, config.motionSize);
}
