import { backpropagate } from '#engine/graph/grad';
import { evaluate } from '#engine/graph/reference/evaluate';
import { add, clip, greater, mul, select, sub } from '#engine/graph/ops/arithmetic';
import { stopGradient, toIndex } from '#engine/graph/ops/convert';
import { floor } from '#engine/graph/ops/elementwise';
import { gatherRows } from '#engine/graph/ops/gather';
import { slice, transpose } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import { constant, input, scalar } from '#engine/graph/ops/sources';
import type { OpDefinition, Tensor } from '#engine/graph/tensor';
import { apply, requireFloats, shapeError } from '#engine/graph/tensor';

export interface GridSampleOptions {
  /** What lies outside the picture: nothing, or its border. */
  readonly padding?: 'zeros' | 'border';
  /** -1 and 1 are the centres of the corner pixels instead of the picture's edges. */
  readonly alignsCorners?: boolean;
}

interface GridSampleAttributes {
  readonly padding: 'zeros' | 'border';
  readonly alignsCorners: boolean;
}

/**
 * ONNX's GridSample runs 6 times as fast as gathering the four neighbours, but has no gradient in ONNX; the
 * gradient is that of the gathered form, whose scatter-add is closed under differentiation.
 */
const gridSampleOp: OpDefinition<GridSampleAttributes> = {
  name: 'gridSample',
  infer: (inputs) => {
    requireFloats('gridSample', inputs);
    const [x, grid] = inputs;
    if (x.rank !== 4 || grid.rank !== 4 || grid.shape[3] !== 2 || grid.shape[0] !== x.shape[0]) {
      throw shapeError(
        'gridSample',
        inputs,
        'takes [batch, channels, height, width] and [batch, rows, columns, 2]',
      );
    }
    return { shape: [x.shape[0], x.shape[1], grid.shape[1], grid.shape[2]], elementType: 'float32' };
  },
  evaluate: ([x, grid], { inputs, attributes }) => {
    const [picture, positions] = [input('x', inputs[0].shape), input('grid', inputs[1].shape)];
    const feeds = new Map([['x', x], ['grid', grid]]); // prettier-ignore
    return evaluate([gatherNeighbours(picture, positions, attributes)], feeds)[0];
  },
  gradient: (g, { inputs: [x, grid], attributes }) =>
    backpropagate([gatherNeighbours(x, grid, attributes)], [g], [x, grid]),
  lower: (context, inputs, { attributes: { padding, alignsCorners } }) =>
    context.node('GridSample', inputs, {
      mode: { text: 'bilinear' },
      padding_mode: { text: padding },
      align_corners: { int: alignsCorners ? 1 : 0 },
    }),
};

/** Linear sampling as weighted row gathers, one for each corner of the cell around a position (4 or 8). */
function gatherNeighbours(x: Tensor, grid: Tensor, attributes: GridSampleAttributes): Tensor {
  const [batch, channels, ...sizes] = x.shape;
  const places = grid.shape.slice(1, -1);
  const count = sizes.reduce((product, size) => product * size, 1);
  const channelsLast = [0, ...sizes.map((_, axis) => axis + 2), 1];
  const table = reshape(transpose(x, channelsLast), [batch * count, channels]);
  // The grid names x first, pictures their last axis last.
  const positions = sizes.map((size, axis) => pixelPosition(grid, sizes.length - 1 - axis, size, attributes));
  const firsts = positions.map((position) => floor(stopGradient(position)));
  const sample = constant(
    Float32Array.from({ length: batch }, (_, n) => n * count),
    [batch, ...places.map(() => 1)],
  );
  let sum: Tensor | undefined;
  for (let corner = 0; corner < 2 ** sizes.length; corner++) {
    let weight: Tensor | undefined;
    let place: Tensor | undefined;
    sizes.forEach((size, axis) => {
      const step = (corner >> axis) & 1;
      const at = add(firsts[axis], step);
      const near = step === 1 ? sub(positions[axis], firsts[axis]) : sub(at, sub(positions[axis], 1));
      const own = mul(near, inside(at, size));
      weight = weight === undefined ? own : mul(weight, own);
      const clipped = clip(at, 0, size - 1);
      place = place === undefined ? clipped : add(mul(place, size), clipped);
    });
    const values = gatherRows(table, toIndex(add(place ?? 0, sample)));
    const weighted = mul(values, reshape(weight ?? scalar(1), [batch, ...places, 1]));
    sum = sum === undefined ? weighted : add(sum, weighted);
  }
  const rank = x.rank;
  const channelsSecond = [0, rank - 1, ...places.map((_, axis) => axis + 1)];
  return transpose(sum ?? table, channelsSecond);
}

/** Pixel coordinate (centres are whole numbers) of a grid coordinate in [-1, 1]. */
function pixelPosition(
  grid: Tensor,
  part: number,
  size: number,
  { padding, alignsCorners }: GridSampleAttributes,
): Tensor {
  const coordinate = reshape(slice(grid, { [-1]: [part, part + 1] }), grid.shape.slice(0, -1));
  const position = alignsCorners
    ? mul(add(coordinate, 1), (size - 1) / 2)
    : sub(mul(add(coordinate, 1), size / 2), 0.5);
  return padding === 'border' ? clip(position, 0, size - 1) : position;
}

/** 1 where a whole pixel coordinate lies in the picture, else 0. */
function inside(position: Tensor, size: number): Tensor {
  const fromBelow = select(greater(position, -0.5), constant([1], []), constant([0], []));
  return select(greater(position, size - 0.5), constant([0], []), fromBelow);
}

/**
 * Samples a picture or a volume linearly at normalised positions (PyTorch's grid_sample).
 *
 * @param x [batch, channels, height, width] or [batch, channels, depth, height, width]
 * @param grid [batch, rows, columns, 2] or [batch, layers, rows, columns, 3]: x, then y, then z, -1 to 1 over the
 *   picture
 * @returns [batch, channels, rows, columns] or [batch, channels, layers, rows, columns]
 */
export function gridSample(
  x: Tensor,
  grid: Tensor,
  { padding = 'zeros', alignsCorners = false }: GridSampleOptions = {},
): Tensor {
  if (x.rank !== 5) return apply(gridSampleOp, [x, grid], { padding, alignsCorners });
  // ONNX samples volumes from opset 20 on only, which WebGPU does not run.
  requireFloats('gridSample', [x, grid]);
  if (grid.rank !== 5 || grid.shape[4] !== 3 || grid.shape[0] !== x.shape[0]) {
    throw shapeError(
      'gridSample',
      [x, grid],
      'takes [batch, channels, depth, height, width] and [batch, layers, rows, columns, 3]',
    );
  }
  return gatherNeighbours(x, grid, { padding, alignsCorners });
}
