import { mul } from '#engine/graph/ops/arithmetic';
import { reshape } from '#engine/graph/ops/reshape';
import type { Tensor } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';

/**
 * The VAE's latent as diffusion sees it: planes below one another, scaled.
 * [batch, channels, planes, p, p] -> [batch, channels, planes * p, p]; in memory nothing moves.
 */
export function stackLatent(latent: Tensor, latentScale: number): Tensor {
  const [batch, channels, planes, rows, columns] = latent.shape;
  return mul(reshape(latent, [batch, channels, planes * rows, columns]), latentScale);
}

/** The inverse of `stackLatent`. */
export function unstackLatent(stacked: Tensor, planes: number, latentScale: number): Tensor {
  const [batch, channels, height, width] = stacked.shape;
  if (height % planes !== 0) throw shapeError('unstackLatent', [stacked], `takes ${planes} planes below one another`); // prettier-ignore
  return mul(reshape(stacked, [batch, channels, planes, height / planes, width]), 1 / latentScale);
}
