import type { Tensor } from '#engine/graph/tensor';

/**
 * How unlike two batches of pictures are, [batch, 3, height, width] each, -1 to 1; one number, 0 for equal ones. A
 * perceptual distance compares what a network sees in them: published weights where the user has them, the features of
 * our own discriminator otherwise.
 */
export type PictureDistance = (made: Tensor, truth: Tensor) => Tensor;
