import { resizeBilinear } from '#engine/graph/functions/resize';
import { add, mul, sub } from '#engine/graph/ops/arithmetic';
import { rsqrt, square } from '#engine/graph/ops/elementwise';
import { slice } from '#engine/graph/ops/layout';
import { sum } from '#engine/graph/ops/reduce';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { IdentityConfig } from '#engine/networks/identity/identityConfig';
import { residualIdentity } from '#engine/networks/identity/residualIdentity';
import { stridedEncoder } from '#engine/networks/layers/stridedEncoder';

/**
 * From pictures to unit vectors that say who they show: [batch, 3, size, size], -1 to 1, to [batch, embedding]. Losses
 * take one as an argument: published weights where the user has them, our own network otherwise.
 */
export type IdentityNetwork = (picture: Tensor) => Tensor;

/**
 * The network that a config describes: cuts out the face, brings it to the network's size, and embeds it.
 *
 * @param picture [batch, 3, pictureSize, pictureSize], -1 to 1
 * @returns [batch, embedding], of length 1
 */
export function identityEmbedding(scope: Scope, picture: Tensor, config: IdentityConfig): Tensor {
  const { cropSize, embedding } = config;
  const crop = resizeBilinear(cutWindow(picture, config), cropSize, cropSize, { isAntialiased: true });
  const vector =
    config.kind === 'residual'
      ? residualIdentity(scope, crop, config)
      : stridedEncoder(scope, crop, config.widths, embedding);
  return mul(vector, rsqrt(add(sum(square(vector), [1], { keepAxes: true }), 1e-12)));
}

/** 1 - the cosine of the angle between both identities, [batch]: 0 for the same, 1 for strangers. */
export function identityDistance(network: IdentityNetwork, a: Tensor, b: Tensor): Tensor {
  return sub(1, sum(mul(network(a), network(b)), [1]));
}

function cutWindow(picture: Tensor, { window }: IdentityConfig): Tensor {
  const side = picture.shape[2];
  const [top, left, size] = [window.top, window.left, window.size].map((part) => Math.round(part * side));
  return slice(picture, { 2: [top, top + size], 3: [left, left + size] });
}
