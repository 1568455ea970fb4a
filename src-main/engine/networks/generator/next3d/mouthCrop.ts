import { gridSample } from '#engine/graph/functions/gridSample';
import { add, div, mul, sub } from '#engine/graph/ops/arithmetic';
import { concat, slice } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import type { Tensor } from '#engine/graph/tensor';

/**
 * Cuts a box out of a plane and brings it to a size.
 *
 * @param plane [batch, channels, side, side]
 * @param box [batch, 4]: first and last column, first and last row, -1 to 1 over the plane
 * @returns [batch, channels, size, size]
 */
export function cutBox(plane: Tensor, box: Tensor, size: number): Tensor {
  const positions = ([low, high]: readonly Tensor[], share: Tensor): Tensor =>
    add(low, mul(share, sub(high, low)));
  const { column, row } = cellMiddles(size);
  return gridSample(plane, gridOf(positions(edges(box, 0), column), positions(edges(box, 2), row), size));
}

/**
 * Puts a picture back where its box was.
 *
 * @param picture [batch, channels, any, any]
 * @param side cells along each side of the plane
 * @returns [batch, channels, side, side], 0 outside the box
 */
export function pasteBox(picture: Tensor, box: Tensor, side: number): Tensor {
  const inBox = ([low, high]: readonly Tensor[], share: Tensor): Tensor =>
    sub(mul(div(sub(sub(mul(share, 2), 1), low), sub(high, low)), 2), 1);
  const { column, row } = cellMiddles(side);
  return gridSample(picture, gridOf(inBox(edges(box, 0), column), inBox(edges(box, 2), row), side));
}

/** First and last column or row, [batch, 1] each. */
function edges(box: Tensor, first: number): readonly Tensor[] {
  return [first, first + 1].map((at) => slice(box, { 1: [at, at + 1] }));
}

/** [1, size * size] each, shares of the side. */
function cellMiddles(size: number): { readonly column: Tensor; readonly row: Tensor } {
  const share = (at: (cell: number) => number): Tensor =>
    constant(
      Float32Array.from({ length: size * size }, (_, cell) => (at(cell) + 0.5) / size),
      [1, size * size],
    );
  return { column: share((cell) => cell % size), row: share((cell) => Math.floor(cell / size)) };
}

function gridOf(x: Tensor, y: Tensor, size: number): Tensor {
  const shape = [x.shape[0], size, size, 1];
  return concat([reshape(x, shape), reshape(y, shape)], 3);
}
