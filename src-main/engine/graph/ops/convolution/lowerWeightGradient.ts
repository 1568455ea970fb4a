import type { LoweringContext, Shape, Tensor } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';
import type { GivenShape } from '#engine/graph/ops/convolution/convolution';
import { convolutionAttributes, windowSize } from '#engine/graph/ops/convolution/geometry';
import { lowerWeightByRows } from '#engine/graph/ops/convolution/lowerWeightByRows';

/**
 * A convolution's weight gradient as ONNX: products of gathered windows, or a convolution with swapped roles, whose
 * kernel is as large as the picture (lowering/README.md has the timings). Windows that touch without overlapping are
 * the picture itself in another order.
 */
export function lowerWeightGradient(
  context: LoweringContext,
  inputs: readonly string[],
  node: Tensor<GivenShape>,
): string {
  const { groups } = node.attributes.geometry;
  if (context.backend.weightGradient === 'swappedConvolution' && groups === 1) {
    return bySwappedConvolution(context, inputs, node);
  }
  return isPatches(node) ? byPatches(context, inputs, node) : lowerWeightByRows(context, inputs, node);
}

function isPatches(node: Tensor<GivenShape>): boolean {
  const { axes, groups } = node.attributes.geometry;
  return (
    groups === 1 &&
    axes.some(({ stride }) => stride > 1) &&
    axes.every(
      ({ stride, padBefore, padAfter, dilation }, at) =>
        node.shape[at + 2] === stride && dilation === 1 && padBefore === 0 && padAfter === 0 &&
        node.inputs[0].shape[at + 2] === node.inputs[1].shape[at + 2] * stride,
    )
  );
} // prettier-ignore

/** [N, C, ...(positions, taps)] -> [N * positions, C * taps]; one product with [O, N * positions]. */
function byPatches(context: LoweringContext, [x, y]: readonly string[], node: Tensor<GivenShape>): string {
  const [outputs, channels, ...kernel] = node.shape;
  const [batch, , ...positions] = node.inputs[1].shape;
  const axes = kernel.length;
  const pairs = positions.flatMap((count, axis) => [count, kernel[axis]]);
  const apart = context.node('Reshape', [x, context.integers([batch, channels, ...pairs])]);
  const places = positions.map((_, axis) => 2 + 2 * axis);
  const order = [0, ...places, 1, ...places.map((axis) => axis + 1)];
  const turned = context.node('Transpose', [apart], { perm: { ints: order } });
  const patches = context.node('Reshape', [turned, context.integers([-1, channels * sizeOf(kernel)])]);
  const spatial = Array.from({ length: axes }, (_, axis) => axis + 2);
  const swapped = context.node('Transpose', [y], { perm: { ints: [1, 0, ...spatial] } });
  const gradients = context.node('Reshape', [swapped, context.integers([outputs, -1])]);
  const product = context.node('MatMul', [gradients, patches]);
  return context.node('Reshape', [product, context.integers(node.shape)]);
}

/** Channels become the batch and the result's gradient the kernel; stride and dilation change places. */
function bySwappedConvolution(
  context: LoweringContext,
  [x, y]: readonly string[],
  node: Tensor<GivenShape>,
): string {
  const { geometry } = node.attributes;
  const kernel: Shape = node.shape.slice(2);
  const order = { perm: { ints: [1, 0, ...kernel.map((_, axis) => axis + 2)] } };
  const swapped = geometry.axes.map((axis, at) => {
    // A stride may leave elements at the end unused; the swapped kernel must not reach them.
    const used =
      (node.inputs[1].shape[at + 2] - 1) * axis.stride + windowSize(kernel[at], axis) - axis.padBefore;
    const spare = node.inputs[0].shape[at + 2] - used;
    return {
      stride: axis.dilation,
      dilation: axis.stride,
      padBefore: axis.padBefore,
      padAfter: spare >= 0 ? 0 : -spare,
    };
  });
  const wide = context.node(
    'Conv',
    [context.node('Transpose', [x], order), context.node('Transpose', [y], order)],
    convolutionAttributes({ axes: swapped, groups: 1 }),
  );
  const spatial = context.integers(kernel.map((_, axis) => axis + 2));
  const starts = context.integers(kernel.map(() => 0));
  const cut = context.node('Slice', [wide, starts, context.integers(kernel), spatial]);
  return context.node('Transpose', [cut], order);
}
