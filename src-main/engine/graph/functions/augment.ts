import { add } from '#engine/graph/ops/arithmetic';
import { slice, transpose } from '#engine/graph/ops/layout';
import { matmul } from '#engine/graph/ops/matmul';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import { gridSample } from '#engine/graph/functions/gridSample';
import type { Tensor } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';

/** What is done to each picture; drawn by training/augmentation. */
export interface Augmentation {
  /**
   * [batch, 2, 3]: where a pixel of the result is read, as an affine map of its normalised position (x, y, 1);
   * flips, translations, scale and rotation composed.
   */
  readonly placement: Tensor;
  /** [batch, 3, 4]: an affine map of the colour (r, g, b, 1); brightness, contrast and saturation composed. */
  readonly colour: Tensor;
}

/**
 * Differentiable augmentation of what a discriminator sees (StyleGAN2-ADA). One bilinear look-up replaces the
 * paper's wavelet-filtered warp, and the border is repeated instead of mirrored: at training sizes the pictures
 * are small, and the discriminator sees both sets through the same.
 *
 * @param x [batch, 3, height, width]
 */
export function augment(x: Tensor, { placement, colour }: Augmentation): Tensor {
  const [batch, channels, height, width] = x.shape;
  if (channels !== 3) throw shapeError('augment', [x], 'takes pictures with 3 channels');
  const positions = matmul(pixelCentres(height, width), transpose(placement));
  const moved = gridSample(x, reshape(positions, [batch, height, width, 2]), { padding: 'border' });
  const pixels = reshape(moved, [batch, 3, height * width]);
  const mixed = matmul(slice(colour, { 2: [0, 3] }), pixels);
  return reshape(add(mixed, slice(colour, { 2: [3, 4] })), x.shape);
}

/** [height * width, 3]: x, y in (-1, 1) and 1. */
function pixelCentres(height: number, width: number): Tensor {
  const values = new Float32Array(height * width * 3);
  for (let at = 0; at < height * width; at++) {
    values[3 * at] = (2 * (at % width) + 1) / width - 1;
    values[3 * at + 1] = (2 * Math.floor(at / width) + 1) / height - 1;
    values[3 * at + 2] = 1;
  }
  return constant(values, [height * width, 3]);
}
