import { resizeBilinear } from '#engine/graph/functions/resize';
import type { Scope } from '#engine/graph/parameters';
import { constant } from '#engine/graph/ops/sources';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { discriminator } from '#engine/networks/discriminator/discriminator';
import type { DiscriminatorConfig } from '#engine/networks/discriminator/discriminatorConfig';
import type { PerceptualNetwork } from '#engine/networks/perceptual/perceptualDistance';

/**
 * What a discriminator of our own sees after each block. It was trained on the very pictures that are compared, so it
 * needs no foreign weights (spec 10.7). Where it judges pairs, the raw picture is the shrunken one.
 *
 * @param scope of the discriminator's parameters; leave them out of what is trained
 */
export function discriminatorFeatures(scope: Scope, config: DiscriminatorConfig): PerceptualNetwork {
  const { renderSize, labelSize } = config;
  return (image) => {
    const batch = image.shape[0];
    const raw = resizeBilinear(image, renderSize, renderSize, { isAntialiased: true });
    // The label meets the score alone, features do not know it.
    const label = broadcastTo(constant(new Float32Array(Math.max(1, labelSize))), [
      batch,
      Math.max(1, labelSize),
    ]);
    return discriminator(scope, { image, raw, label }, config).features.map((values) => ({ values }));
  };
}
