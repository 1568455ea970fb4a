import { forEachIndex } from '#engine/graph/shape';
import type { LoweringContext, Shape, Tensor } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';
import type { GivenShape } from '#engine/graph/ops/convolution/convolution';
import { convolutionAttributes, windowSize } from '#engine/graph/ops/convolution/geometry';

/**
 * A convolution's weight gradient as ONNX. Gathering the windows (im2col) and one batched MatMul is 2 to 5 times
 * as fast on the CPU as a convolution with swapped roles, whose kernel is as large as the picture
 * (engine-facts, section 2); it costs a temporary of `taps` times the activation.
 */
export function lowerWeightGradient(
  context: LoweringContext,
  inputs: readonly string[],
  node: Tensor<GivenShape>,
): string {
  const { groups } = node.attributes.geometry;
  return context.backend.weightGradient === 'swappedConvolution' && groups === 1
    ? bySwappedConvolution(context, inputs, node)
    : byWindows(context, inputs, node);
}

function byWindows(context: LoweringContext, [x, y]: readonly string[], node: Tensor<GivenShape>): string {
  const { axes, groups } = node.attributes.geometry;
  const [outputs, perGroup, ...kernel] = node.shape;
  const [batch, channels, ...picture] = node.inputs[0].shape;
  const positions = node.inputs[1].shape.slice(2);
  const count = sizeOf(positions);
  const taps = sizeOf(kernel);

  const padded = padSpatial(context, x, node);
  const spatialAxes = context.integers(kernel.map((_, axis) => axis + 2));
  const strides = context.integers(axes.map(({ stride }) => stride));
  const windows: string[] = [];
  forEachIndex(kernel, (_, tap) => {
    const starts = tap.map((at, axis) => at * axes[axis].dilation);
    const ends = starts.map((start, axis) => start + (positions[axis] - 1) * axes[axis].stride + 1);
    const isWhole = starts.every((start, axis) => start === 0 && axes[axis].stride === 1 &&
      ends[axis] === picture[axis] + axes[axis].padBefore + axes[axis].padAfter); // prettier-ignore
    const window = isWhole
      ? padded
      : context.node('Slice', [
          padded,
          context.integers(starts),
          context.integers(ends),
          spatialAxes,
          strides,
        ]);
    windows.push(context.node('Reshape', [window, context.integers([batch, 1, channels, count])]));
  });
  const columns = windows.length === 1 ? windows[0] : context.node('Concat', windows, { axis: { int: 1 } });

  // [N, G, taps * C/G, P] x [N, G, P, O/G] -> [N, G, taps * C/G, O/G], then the sum over N.
  const grouped = groupColumns(context, columns, { batch, taps, groups, perGroup, count });
  const gradients = context.node('Reshape', [y, context.integers([batch, groups, outputs / groups, count])]);
  const turned = context.node('Transpose', [gradients], { perm: { ints: [0, 1, 3, 2] } });
  const products = context.node('MatMul', [grouped, turned]);
  const total =
    batch === 1
      ? products
      : context.node('ReduceSum', [products, context.integers([0])], { keepdims: { int: 0 } });
  const apart = context.node('Reshape', [
    total,
    context.integers([groups, taps, perGroup, outputs / groups]),
  ]);
  const ordered = context.node('Transpose', [apart], { perm: { ints: [0, 3, 2, 1] } });
  return context.node('Reshape', [ordered, context.integers(node.shape)]);
}

interface ColumnSizes {
  readonly batch: number;
  readonly taps: number;
  readonly groups: number;
  readonly perGroup: number;
  readonly count: number;
}

/** [N, taps, C, P] -> [N, G, taps * C/G, P]; a copy only where there are groups. */
function groupColumns(context: LoweringContext, columns: string, sizes: ColumnSizes): string {
  const { batch, taps, groups, perGroup, count } = sizes;
  const target = context.integers([batch, groups, taps * perGroup, count]);
  if (groups === 1) return context.node('Reshape', [columns, target]);
  const apart = context.node('Reshape', [columns, context.integers([batch, taps, groups, perGroup, count])]);
  const ordered = context.node('Transpose', [apart], { perm: { ints: [0, 2, 1, 3, 4] } });
  return context.node('Reshape', [ordered, target]);
}

function padSpatial(context: LoweringContext, x: string, node: Tensor<GivenShape>): string {
  const { axes } = node.attributes.geometry;
  if (axes.every(({ padBefore, padAfter }) => padBefore === 0 && padAfter === 0)) return x;
  const before = [0, 0, ...axes.map(({ padBefore }) => padBefore)];
  const after = [0, 0, ...axes.map(({ padAfter }) => padAfter)];
  return context.node('Pad', [x, context.integers([...before, ...after])]);
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
