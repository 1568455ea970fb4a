import { forEachIndex } from '#engine/graph/shape';
import type { LoweringContext, Tensor } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';
import type { GivenShape } from '#engine/graph/ops/convolution/convolution';
import type { ConvolutionAxis } from '#engine/graph/ops/convolution/geometry';
import { convolutionAttributes } from '#engine/graph/ops/convolution/geometry';
import { flipWeight } from '#engine/graph/ops/convolution/flipWeight';

/** Elements of the result that are `stride` apart along one axis: a plain convolution with every `stride`-th tap. */
interface AxisPhase {
  /** The kernel part begins with it: the convolution is the adjoint's, so taps go backwards. */
  readonly lastTap: number;
  readonly taps: number;
  readonly padBefore: number;
  readonly padAfter: number;
}

/**
 * A strided transposed convolution as stride^axes plain ones, one for each remainder of the position, whose results
 * are interleaved: nothing is multiplied by the zeros between, and no buffer of all products is needed.
 *
 * On the CPU a volume is 2 to 4 times as fast as in ConvTranspose (lowering/README.md); pictures are not.
 *
 * @returns undefined where a phase would need to cut y or has no tap at all, and for windows with gaps
 */
export function lowerByPhases(
  context: LoweringContext,
  [y, weight]: readonly string[],
  node: Tensor<GivenShape>,
): string | undefined {
  const { axes } = node.attributes.geometry;
  const [, channels, ...kernel] = node.inputs[1].shape;
  const [batch, , ...sizes] = node.shape;
  const positions = node.inputs[0].shape.slice(2);
  const counts = sizes.map((size, axis) => Math.ceil(size / axes[axis].stride));
  const byAxis = axes.map((axis, at) => axisPhases(axis, kernel[at], positions[at], counts[at]));
  if (byAxis.some((phases) => phases === undefined)) return undefined;

  const strides = axes.map(({ stride }) => stride);
  const spatial = kernel.map((_, axis) => axis + 2);
  // Turned round as a whole first: WebGPU's Slice is wrong where it goes backwards from the middle by more than 1.
  const turned = flipWeight(context, weight, node.inputs[1].shape, false);
  const parts: string[] = [];
  forEachIndex(strides, (_, remainder) => {
    const own = remainder.map((at, axis) => byAxis[axis]![at]);
    const kernelPart = context.node('Slice', [
      turned,
      context.integers(own.map(({ lastTap }, axis) => kernel[axis] - 1 - lastTap)),
      context.integers(kernel),
      context.integers(spatial),
      context.integers(strides),
    ]);
    const plain = own.map(({ padBefore, padAfter }) => ({ stride: 1, dilation: 1, padBefore, padAfter }));
    const part = context.node('Conv', [y, kernelPart], convolutionAttributes({ axes: plain, groups: 1 }));
    parts.push(context.node('Reshape', [part, context.integers([batch, 1, channels, ...counts])]));
  });
  return interleave(context, parts, { strides, counts, node });
}

function axisPhases(
  { stride, dilation, padBefore }: ConvolutionAxis,
  kernel: number,
  positions: number,
  count: number,
): readonly AxisPhase[] | undefined {
  if (dilation !== 1) return undefined;
  const phases = Array.from({ length: stride }, (_, at) => {
    const firstTap = (at + padBefore) % stride;
    const taps = Math.ceil((kernel - firstTap) / stride);
    const before = taps - 1 - Math.floor((at + padBefore) / stride);
    const after = count - positions - before + taps - 1;
    return { lastTap: firstTap + stride * (taps - 1), taps, padBefore: before, padAfter: after };
  });
  const isPlain = phases.every(({ taps, padBefore: before, padAfter }) => taps > 0 && before >= 0 && padAfter >= 0); // prettier-ignore
  return isPlain ? phases : undefined;
}

/** [N, 1, C, ...counts] of every remainder -> [N, C, ...counts times strides], cut to the node's shape. */
function interleave(
  context: LoweringContext,
  parts: readonly string[],
  { strides, counts, node }: { readonly strides: readonly number[]; readonly counts: readonly number[]; readonly node: Tensor<GivenShape> },
): string {
  const [batch, channels] = node.shape;
  const axes = strides.length;
  const joined = context.node('Concat', parts, { axis: { int: 1 } });
  const apart = context.node('Reshape', [joined, context.integers([batch, ...strides, channels, ...counts])]);
  const order = [0, axes + 1, ...strides.flatMap((_, axis) => [axes + 2 + axis, axis + 1])];
  const turned = context.node('Transpose', [apart], { perm: { ints: order } });
  const wide = counts.map((count, axis) => count * strides[axis]);
  const whole = context.node('Reshape', [turned, context.integers([batch, channels, ...wide])]);
  if (sizeOf(wide) === sizeOf(node.shape.slice(2))) return whole;
  return context.node('Slice', [
    whole,
    context.integers(wide.map(() => 0)),
    context.integers(node.shape.slice(2)),
    context.integers(wide.map((_, axis) => axis + 2)),
  ]);
} // prettier-ignore
