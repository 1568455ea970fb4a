import { resizeBilinear } from '#engine/graph/functions/resize';
import { mean } from '#engine/graph/ops/reduce';
import type { Tensor } from '#engine/graph/tensor';
import type { IdentityNetwork } from '#engine/networks/identity/identity';
import { identityDistance } from '#engine/networks/identity/identity';
import type { PerceptualNetwork } from '#engine/networks/perceptual/perceptualDistance';
import { perceptualDistance } from '#engine/networks/perceptual/perceptualDistance';

/** How unlike two batches of pictures are, [batch, 3, size, size] each, -1 to 1; one number, 0 for equal ones. */
export type PictureDistance = (made: Tensor, truth: Tensor) => Tensor;

/**
 * What a network sees in both: LPIPS where the user has its published weights (`vggFeatures`), else the features of our
 * own discriminator (`discriminatorFeatures`). The network's parameters are not trained by it.
 *
 * @param size what pictures are brought to first; raw and finished ones differ, and a discriminator knows one size
 */
export function perceptualLoss(network: PerceptualNetwork, size: number): PictureDistance {
  return (made, truth) => mean(perceptualDistance(network, brought(made, size), brought(truth, size)));
}

/** Whether it is the same person, by published or own weights. @param size as for `perceptualLoss` */
export function identityLoss(network: IdentityNetwork, size: number): PictureDistance {
  return (made, truth) => mean(identityDistance(network, brought(made, size), brought(truth, size)));
}

function brought(picture: Tensor, size: number): Tensor {
  return picture.shape[2] === size ? picture : resizeBilinear(picture, size, size, { isAntialiased: true });
}
