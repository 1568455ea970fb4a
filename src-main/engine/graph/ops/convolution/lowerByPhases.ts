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
  /** Below 0: as many of y are not reached. */
  readonly padBefore: number;
  readonly padAfter: number;
}

/**
 * A strided transposed convolution as stride^axes plain ones, one for each remainder of the position, whose results
 * are interleaved: nothing is multiplied by the zeros between, and no buffer of all products is needed.
 *
 * On the CPU a volume is 2 to 4 times as fast as in ConvTranspose (lowering/README.md); pictures are not.
 *
 * @returns undefined where a phase has no tap at all, and for windows with gaps
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
    const plain = own.map(({ padBefore, padAfter }) => ({
      stride: 1,
      dilation: 1,
      padBefore: Math.max(0, padBefore),
      padAfter: Math.max(0, padAfter),
    }));
    const reached = cutUnreached(context, y, own, positions);
    const part = context.node(
      'Conv',
      [reached, kernelPart],
      convolutionAttributes({ axes: plain, groups: 1 }),
    );
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
  return phases.every(({ taps }) => taps > 0) ? phases : undefined;
}

/** The part of y that a phase sees: padding of the transposed convolution cuts its result. */
function cutUnreached(
  context: LoweringContext,
  y: string,
  phase: readonly AxisPhase[],
  positions: readonly number[],
): string {
  const starts = phase.map(({ padBefore }) => Math.max(0, -padBefore));
  const ends = phase.map(({ padAfter }, axis) => positions[axis] + Math.min(0, padAfter));
  if (starts.every((start) => start === 0) && ends.every((end, axis) => end === positions[axis])) return y;
  const spatial = phase.map((_, axis) => axis + 2);
  return context.node('Slice', [
    y,
    context.integers(starts),
    context.integers(ends),
    context.integers(spatial),
  ]);
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
