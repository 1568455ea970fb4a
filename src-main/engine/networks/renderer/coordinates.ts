import { broadcastTo } from '#engine/graph/ops/broadcast';
import { concat } from '#engine/graph/ops/layout';
import { constant } from '#engine/graph/ops/sources';
import type { Tensor } from '#engine/graph/tensor';

/**
 * Appends two channels that say where a pixel is: x, then y, -1 to 1 over the centres of the outermost pixels.
 *
 * @param x [batch, channels, height, width]
 * @returns [batch, channels + 2, height, width]
 */
export function withCoordinates(x: Tensor): Tensor {
  const [batch, , height, width] = x.shape;
  const along = (at: number, size: number): number => (size === 1 ? -1 : -1 + (2 * at) / (size - 1));
  const values = new Float32Array(2 * height * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      values[row * width + column] = along(column, width);
      values[(height + row) * width + column] = along(row, height);
    }
  }
  const places = broadcastTo(constant(values, [1, 2, height, width]), [batch, 2, height, width]);
  return concat([x, places], 1);
}
