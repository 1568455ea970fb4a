import { z } from 'zod';
import { maxPool } from '#engine/graph/functions/resize';
import { div, sub } from '#engine/graph/ops/arithmetic';
import { relu } from '#engine/graph/ops/elementwise';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { convolution } from '#engine/networks/layers/dense';
import type { ConfigName } from '#engine/networks/networkDefinition';
import type { FeatureLayer } from '#engine/networks/perceptual/perceptualDistance';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';

export const vggSchema = z.strictObject({
  /** Of the pictures that are compared; halved between stages. */
  pictureSize: z.int().min(16),
  stages: z.array(z.strictObject({ channels: z.int().min(1), layers: z.int().min(1) })).min(1),
});

export type VggConfig = z.output<typeof vggSchema>;

function fitted(name: ConfigName, widths: readonly number[]): VggConfig {
  const layers = [2, 2, 3, 3, 3];
  const stages = widths.map((channels, index) => ({ channels, layers: layers[index] }));
  return { pictureSize: TRIPLANE_CONTRACTS[name].imageSize, stages };
}

/** VGG-16. The compact ones are for whoever trains such a network; ours compare what the discriminator sees. */
export const VGG_CONFIGS: Readonly<Record<ConfigName, VggConfig>> = {
  released: fitted('released', [64, 128, 256, 512, 512]),
  paper: fitted('paper', [64, 128, 256, 512, 512]),
  'compact-gpu': fitted('compact-gpu', [16, 32, 64, 96, 96]),
  'compact-cpu': fitted('compact-cpu', [8, 16, 24, 32, 32]),
};

/** What LPIPS subtracts from red, green and blue between -1 and 1, and divides by. */
const SHIFT = [-0.03, -0.088, -0.188];
const SCALE = [0.458, 0.448, 0.45];

/** Equal weights until learned ones are loaded. */
const start = (channels: number) => ({ kind: 'constant', value: 1 / channels }) as const;

/**
 * LPIPS's view of a picture (arXiv 1801.03924): VGG-16 behind its five groups of convolutions, with a learned weight for
 * each channel. Keys `features.{k}.*` as VGG's file has them, `lin{k}.model.1.weight` as LPIPS's has them.
 *
 * @param picture [batch, 3, size, size], -1 to 1
 */
export function vggFeatures(scope: Scope, picture: Tensor, { stages }: VggConfig): readonly FeatureLayer[] {
  const perColour = (values: readonly number[]): Tensor => constant(values, [3, 1, 1]);
  let x = div(sub(picture, perColour(SHIFT)), perColour(SCALE));
  let index = 0;
  return stages.map(({ channels, layers }, stage) => {
    if (stage > 0) x = maxPool(x, 2, 2);
    for (let layer = 0; layer < layers; layer++, index += 2) {
      x = relu(convolution(scope.child(`features.${index}`), x, channels, { padding: 1 }));
    }
    // The pooling has a number too.
    index += 1;
    const weights = scope.parameter(`lin${stage}.model.1.weight`, [1, channels, 1, 1], start(channels));
    return { values: x, weights: reshape(weights, [channels]) };
  });
}
