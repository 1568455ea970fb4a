import { silu } from '#engine/graph/functions/activation';
import { replicatePad } from '#engine/graph/functions/replicatePad';
import { add } from '#engine/graph/ops/arithmetic';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { convTranspose, convolution, groupNorm } from '#engine/networks/layers/dense';

/** Planes keep their number, rows and columns are halved or doubled. */
const HALF = [1, 2, 2] as const;

type Amounts = readonly (readonly [before: number, after: number])[];

/**
 * What makes a strided window see every element: kernel - stride in all, the odd one before. For kernels of 4 that is
 * (2, 1) along the planes and (1, 1) along rows and columns.
 */
function samePadding(kernel: number, stride: readonly number[]): Amounts {
  return stride.map((step) => {
    const total = kernel - step;
    return [Math.ceil(total / 2), Math.floor(total / 2)] as const;
  });
}

/**
 * A 3-D convolution whose surroundings repeat the border; parameters under `conv`.
 *
 * @param x [batch, inputs, planes, rows, columns]
 */
export function borderConv(scope: Scope, x: Tensor, channels: number, kernel: number): Tensor {
  const padding = samePadding(kernel, [1, 1, 1]);
  return convolution(scope.child('conv'), x, channels, { kernel, padding, padMode: 'replicate' });
}

/** Halves rows and columns with windows of 4. */
export function halve(scope: Scope, x: Tensor, channels: number): Tensor {
  return convolution(scope.child('conv'), x, channels, {
    kernel: 4,
    stride: HALF,
    padding: samePadding(4, HALF),
    padMode: 'replicate',
  });
}

/** Doubles rows and columns: the border is repeated first, what reaches beyond it is cut; parameters under `convt`. */
export function double(scope: Scope, x: Tensor, channels: number): Tensor {
  const around = replicatePad(x, [[0, 0], [0, 0], ...samePadding(4, HALF)]); // prettier-ignore
  return convTranspose(scope.child('convt'), around, channels, { kernel: 4, stride: HALF, padding: 3 });
}

/** Group normalisation as all of the VAE has it. */
export function normalise(scope: Scope, x: Tensor, groups: number): Tensor {
  return groupNorm(scope, x, groups, { epsilon: 1e-6 });
}

/** x + conv(silu(norm(conv(silu(norm(x)))))): shape and channels stay. */
export function residualBlock(scope: Scope, x: Tensor, groups: number): Tensor {
  const channels = x.shape[1];
  const first = silu(normalise(scope.child('norm1'), x, groups));
  const inner = borderConv(scope.child('conv1'), first, channels, 3);
  const second = silu(normalise(scope.child('norm2'), inner, groups));
  return add(x, borderConv(scope.child('conv2'), second, channels, 3));
}
