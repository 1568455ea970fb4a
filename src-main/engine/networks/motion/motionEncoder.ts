import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { convolutionalMotion } from '#engine/networks/motion/convolutionalMotion';
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

/** The encoder that a config describes. */
export function motionEncoder(config: MotionConfig): MotionEncoder {
  if (config.kind === 'convolutional') return (scope, crop) => convolutionalMotion(scope, crop, config);
  return (scope, crop) => motionCodeOf(hourglassMotion(scope, crop, config));
}
