import { forEachIndex } from '#engine/graph/shape';
import type { LoweringContext, Tensor } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';
import type { GivenShape } from '#engine/graph/ops/convolution/convolution';

/** Taps along the row axis whose picture rows are the same ones but for a shift of whole output rows. */
interface RowPhase {
  /** First padded picture row that any of them meets. */
  readonly start: number;
  /** Rows from there, `stride` apart. */
  readonly count: number;
  /** How many output rows each tap is further down than the first. */
  readonly shifts: readonly number[];
  readonly taps: readonly number[];
}

/**
 * A convolution's weight gradient as few wide products. One axis (the last but one: rows) is not gathered from the
 * picture: a window one row further down is the same memory one row later, so the result's gradient is shifted
 * instead, by zeros before and after it. For 3 x 3 that is 3 copies of the picture and 3 of the gradient instead of 9
 * of the picture (twice each, slice and concatenation), and a product of [3 C, P] and [P, 3 O] instead of
 * [9 C, P] and [P, O], at the price of `kernel - 1` rows more to sum over.
 */
export function lowerWeightByRows(
  context: LoweringContext,
  inputs: readonly string[],
  node: Tensor<GivenShape>,
): string {
  const { axes } = node.attributes.geometry;
  const kernel = node.shape.slice(2);
  const rowAxis = kernel.length - 2;
  const isFolded = foldsBatch(node);
  const [x, y] = isFolded ? inputs.map((name) => swapBatch(context, name, kernel.length)) : inputs;
  const batch = isFolded ? 1 : node.inputs[0].shape[0];
  const phases = rowAxis < 0 ? [NO_ROWS] : rowPhases(kernel[rowAxis], node.inputs[1].shape[rowAxis + 2], axes[rowAxis]); // prettier-ignore
  const products = phases.map((phase) => {
    const windows = gatherWindows(context, x, phase, { node, batch });
    const shifted = shiftGradient(context, y, phase, { node, batch });
    const turned = context.node('Transpose', [windows], { perm: { ints: [0, 1, 3, 2] } });
    return sumOverBatch(context, context.node('MatMul', [shifted, turned]), batch);
  });
  const order = phases.flatMap(({ taps }) => taps);
  return orderTaps(context, products, order, node);
}

/** 1-D convolutions have no rows to shift. */
const NO_ROWS: RowPhase = { start: 0, count: 1, shifts: [0], taps: [0] };

function rowPhases(
  kernel: number,
  rows: number,
  { stride, dilation }: { readonly stride: number; readonly dilation: number },
): readonly RowPhase[] {
  const byRemainder = new Map<number, number[]>();
  for (let tap = 0; tap < kernel; tap++) {
    const remainder = (tap * dilation) % stride;
    byRemainder.set(remainder, [...(byRemainder.get(remainder) ?? []), tap]);
  }
  return [...byRemainder.values()].map((taps) => {
    const start = taps[0] * dilation;
    const shifts = taps.map((tap) => (tap * dilation - start) / stride);
    return { start, shifts, taps, count: rows + shifts[shifts.length - 1] };
  });
}

interface Factors {
  readonly node: Tensor<GivenShape>;
  /** Products that are summed afterwards: the samples, or 1 where the product itself sums over them. */
  readonly batch: number;
}

/**
 * Whether samples become positions, so that one product sums over them: worth turning both operands round where a
 * product for each sample would be larger than they are (many channels, few pixels).
 */
function foldsBatch(node: Tensor<GivenShape>): boolean {
  const [x, y] = node.inputs;
  return node.attributes.geometry.groups === 1 && x.shape[0] > 1 && node.size * x.shape[0] > x.size + y.size;
}

/** [N, C, ...] -> [C, N, ...]. */
function swapBatch(context: LoweringContext, value: string, spatialRank: number): string {
  const spatial = Array.from({ length: spatialRank }, (_, axis) => axis + 2);
  return context.node('Transpose', [value], { perm: { ints: [1, 0, ...spatial] } });
}

/** [N, G, columns * C/G, positions]: for every tap off the row axis, what it meets in the rows of the phase. */
function gatherWindows(
  context: LoweringContext,
  x: string,
  phase: RowPhase,
  { node, batch }: Factors,
): string {
  const { axes, groups } = node.attributes.geometry;
  const kernel = node.shape.slice(2);
  const rowAxis = kernel.length - 2;
  const [samples, channels, ...picture] = node.inputs[0].shape;
  const counts = node.inputs[1].shape.slice(2).map((size, axis) => (axis === rowAxis ? phase.count : size));
  const length = (samples / batch) * sizeOf(counts);
  const apart = context.integers([batch, groups, channels / groups, length]);
  // Without groups (and with samples for positions) the axes line up as they are.
  const axis = samples === batch ? 1 : 0;
  const windows: string[] = [];
  forEachIndex(kernel.map((size, at) => (at === rowAxis ? 1 : size)), (_, tap) => {
    const starts = tap.map((at, along) => (along === rowAxis ? phase.start : at * axes[along].dilation));
    const window = cutWindow(context, x, picture.map((size, along) => ({ ...axes[along], size, start: starts[along], count: counts[along] })));
    windows.push(groups === 1 ? window : context.node('Reshape', [window, apart]));
  });
  const joined = windows.length === 1 ? windows[0] : context.node('Concat', windows, { axis: { int: groups === 1 ? axis : 2 } });
  return context.node('Reshape', [joined, context.integers([batch, groups, -1, length])]);
} // prettier-ignore

interface AxisCut {
  readonly size: number;
  readonly padBefore: number;
  readonly padAfter: number;
  readonly stride: number;
  /** In the padded picture. */
  readonly start: number;
  readonly count: number;
}

/** `count` elements from `start` on, `stride` apart, of the padded picture, along each spatial axis. */
function cutWindow(context: LoweringContext, x: string, cuts: readonly AxisCut[]): string {
  const ends = cuts.map(({ start, count, stride }) => start + (count - 1) * stride + 1);
  // Padding by negative amounts cuts, so where nothing is skipped one pass does both.
  const isDense = cuts.every(({ stride }) => stride === 1);
  const before = cuts.map(({ padBefore, start }) => padBefore - (isDense ? start : 0));
  const after = cuts.map(({ padBefore, size, padAfter }, axis) =>
    isDense ? ends[axis] - size - padBefore : padAfter,
  );
  const isWhole = [...before, ...after].every((amount) => amount === 0);
  const padded = isWhole ? x : context.node('Pad', [x, context.integers([0, 0, ...before, 0, 0, ...after])]);
  if (isDense) return padded;
  return context.node('Slice', [
    padded,
    context.integers(cuts.map(({ start }) => start)),
    context.integers(ends),
    context.integers(cuts.map((_, axis) => axis + 2)),
    context.integers(cuts.map(({ stride }) => stride)),
  ]);
}

/** [N, G, O/G * taps, positions]: the result's gradient once for every tap of the phase, as many rows down. */
function shiftGradient(
  context: LoweringContext,
  y: string,
  { shifts, count }: RowPhase,
  { node, batch }: Factors,
): string {
  const [samples, outputs, ...positions] = node.inputs[1].shape;
  const { groups } = node.attributes.geometry;
  const width = positions[positions.length - 1];
  const above = sizeOf(positions.slice(0, -2));
  const rows = positions.length < 2 ? 1 : positions[positions.length - 2];
  const inner = (samples / batch) * above;
  const whole = context.integers([batch * outputs, inner, rows * width]);
  const plane = context.node('Reshape', [y, whole]);
  const copies = shifts.map((shift) => {
    const [before, after] = [shift * width, (count - rows - shift) * width];
    const isWhole = before === 0 && after === 0;
    return isWhole ? plane : context.node('Pad', [plane, context.integers([0, 0, before, 0, 0, after])]);
  });
  const joined = copies.length === 1 ? copies[0] : context.node('Concat', copies, { axis: { int: 1 } });
  return context.node('Reshape', [joined, context.integers([batch, groups, -1, inner * count * width])]);
}

function sumOverBatch(context: LoweringContext, products: string, batch: number): string {
  if (batch === 1) return products;
  return context.node('ReduceSum', [products, context.integers([0])], { keepdims: { int: 0 } });
}

/**
 * [G, O/G * taps, columns * C/G] of every phase -> the weight's own order. One axis moves at a time: that is a copy of
 * blocks or a transposed matrix, several times as fast as moving single numbers over all axes.
 */
function orderTaps(
  context: LoweringContext,
  products: readonly string[],
  order: readonly number[],
  node: Tensor<GivenShape>,
): string {
  const [outputs, perGroup, ...kernel] = node.shape;
  // Axes a convolution has not are 1.
  const [width, , depth = 1] = [...kernel].reverse();
  const shape = context.integers([outputs, -1, depth, width * perGroup]);
  const isInOrder = depth === 1 && products.length === 1;
  const parts = products.map((product) => (isInOrder ? product : context.node('Reshape', [product, shape])));
  const joined = parts.length === 1 ? parts[0] : context.node('Concat', parts, { axis: { int: 1 } });
  const places = order.map((_, tap) => order.indexOf(tap));
  const sorted = places.every((from, tap) => from === tap)
    ? joined
    : context.node('Gather', [joined, context.integers(places)], { axis: { int: 1 } });
  const rowsInside = depth === 1 ? sorted : context.node('Transpose', [sorted], { perm: { ints: [0, 2, 1, 3] } });
  const tapsFirst = context.node('Reshape', [rowsInside, context.integers([outputs, -1, perGroup])]);
  const channelsFirst = context.node('Transpose', [tapsFirst], { perm: { ints: [0, 2, 1] } });
  return context.node('Reshape', [channelsFirst, context.integers(node.shape)]);
} // prettier-ignore
