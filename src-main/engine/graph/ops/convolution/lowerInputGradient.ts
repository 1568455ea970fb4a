import type { LoweringContext, Tensor } from '#engine/graph/tensor';
import type { GivenShape } from '#engine/graph/ops/convolution/convolution';
import { flipWeight } from '#engine/graph/ops/convolution/flipWeight';
import { lowerByPhases } from '#engine/graph/ops/convolution/lowerByPhases';
import { convolutionAttributes, windowSize } from '#engine/graph/ops/convolution/geometry';

/**
 * The adjoint of a convolution as ONNX. Stride 1 runs as a plain convolution with the flipped weight, 1.3 to 1.6
 * times as fast on the CPU as ConvTranspose (engine-facts, section 2); volumes with a stride as one plain convolution
 * for each remainder. Pictures with a stride, groups of several channels and over-wide padding take ConvTranspose.
 */
export function lowerInputGradient(
  context: LoweringContext,
  [y, weight]: readonly string[],
  node: Tensor<GivenShape>,
): string {
  const { geometry } = node.attributes;
  const { axes, groups } = geometry;
  const [outputs, perGroup, ...kernel] = node.inputs[1].shape;
  const room = axes.map((axis, at) => windowSize(kernel[at], axis) - 1);
  // One filter for each channel is its own transpose.
  const isDepthwise = perGroup === 1 && outputs === groups;
  const canFlip =
    (groups === 1 || isDepthwise) &&
    axes.every(
      ({ stride, padBefore, padAfter }, at) => stride === 1 && padBefore <= room[at] && padAfter <= room[at],
    );
  if (context.backend.inputGradient === 'flippedConvolution' && canFlip) {
    const flipped = axes.map((axis, at) => ({
      ...axis,
      padBefore: room[at] - axis.padBefore,
      padAfter: room[at] - axis.padAfter,
    }));
    return context.node(
      'Conv',
      [y, flipWeight(context, weight, node.inputs[1].shape, isDepthwise)],
      convolutionAttributes({ axes: flipped, groups }),
    );
  }
  const isVolume = axes.length === 3 && groups === 1;
  const byPhases = isVolume ? lowerByPhases(context, [y, weight], node) : undefined;
  if (byPhases !== undefined) return byPhases;
  const output = axes.map((axis, at) => {
    const reached =
      (node.inputs[0].shape[at + 2] - 1) * axis.stride + room[at] + 1 - axis.padBefore - axis.padAfter;
    return node.shape[at + 2] - reached;
  });
  return context.node('ConvTranspose', [y, weight], {
    ...convolutionAttributes(geometry),
    output_padding: { ints: output },
  });
}
