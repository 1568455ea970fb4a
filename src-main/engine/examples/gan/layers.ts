import { add, mul } from '#engine/graph/ops/arithmetic';
import { conv } from '#engine/graph/ops/convolution/convolution';
import { matmul } from '#engine/graph/ops/matmul';
import { reshape } from '#engine/graph/ops/reshape';
import { modulatedConv } from '#engine/graph/functions/modulatedConv';
import { lrelu } from '#engine/graph/functions/activation';
import { setupFilter, upfirdn } from '#engine/graph/functions/upfirdn';
import type { Scope } from '#engine/graph/parameters';
import { normal, zeros } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';

/** The filter of every change of resolution in StyleGAN2. */
export const FILTER = setupFilter([1, 3, 3, 1]);

export interface LinearOptions {
  /** What the biases start at. */
  readonly bias?: number;
  /** Learns slower by this factor: 0.01 in the mapping network. */
  readonly rateScale?: number;
}

/**
 * [batch, inputs] -> [batch, outputs]. Weights start with deviation 1 and are scaled when used, so Adam moves
 * all layers alike ("equalised learning rate", Progressive GAN, section 4.1).
 */
export function linear(
  scope: Scope,
  x: Tensor,
  outputs: number,
  { bias = 0, rateScale = 1 }: LinearOptions = {},
): Tensor {
  const inputs = x.shape[1];
  const weight = scope.parameter('weight', [inputs, outputs], normal(1 / rateScale));
  const start = { kind: 'constant', value: bias / rateScale } as const;
  const offset = mul(scope.parameter('bias', [outputs], start), rateScale);
  return add(matmul(x, mul(weight, rateScale / Math.sqrt(inputs))), offset);
}

/** [outputs, inputs, kernel, kernel], scaled as in `linear`. */
export function convWeight(scope: Scope, outputs: number, inputs: number, kernel: number): Tensor {
  const weight = scope.parameter('weight', [outputs, inputs, kernel, kernel], normal());
  return mul(weight, 1 / Math.sqrt(inputs * kernel * kernel));
}

/** Adds one learned number to each channel of [batch, channels, height, width]. */
export function addBias(scope: Scope, x: Tensor): Tensor {
  const channels = x.shape[1];
  return add(x, reshape(scope.parameter('bias', [channels], zeros), [channels, 1, 1]));
}

/** A convolution whose input channels the style w scales, as all of the generator's are. */
export function styledConv(
  scope: Scope,
  x: Tensor,
  w: Tensor,
  { channels, up = 1 }: { readonly channels: number; readonly up?: 1 | 2 },
): Tensor {
  const style = linear(scope.child('affine'), w, x.shape[1], { bias: 1 });
  const weight = scope.parameter('weight', [channels, x.shape[1], 3, 3], normal());
  return lrelu(addBias(scope, modulatedConv(x, weight, style, { up, filter: FILTER })));
}

/** A convolution of the discriminator; `down` halves the size, smoothed. */
export function plainConv(
  scope: Scope,
  x: Tensor,
  { channels, down = 1 }: { readonly channels: number; readonly down?: 1 | 2 },
): Tensor {
  const weight = convWeight(scope, channels, x.shape[1], 3);
  const filtered =
    down === 1
      ? conv(x, weight, { padding: 1 })
      : conv(upfirdn(x, FILTER, { padding: [2, 2, 2, 2] }), weight, { stride: 2 });
  return lrelu(addBias(scope, filtered));
}
