import { gridSample } from '#engine/graph/functions/gridSample';
import { mul } from '#engine/graph/ops/arithmetic';
import { concat, slice, stack, transpose } from '#engine/graph/ops/layout';
import { mean } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import type { Tensor } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';

/**
 * Which coordinates run along a plane's columns and rows. `distinct`: (x, y), (x, z), (z, y), as Next3D means it.
 * `repeated`: (x, y), (x, z), (z, x): in EG3D and the released networks the second and third plane show the same
 * side, one transposed (EG3D issues 53 and 67); their weights are trained with it.
 */
export type PlaneAxes = 'distinct' | 'repeated';

const [X, Y, Z] = [0, 1, 2];

const COLUMN_AND_ROW: Readonly<Record<PlaneAxes, readonly (readonly [column: number, row: number])[]>> = {
  distinct: [[X, Y], [X, Z], [Z, Y]], // prettier-ignore
  repeated: [[X, Y], [X, Z], [Z, X]], // prettier-ignore
};

export interface TriplaneSampling {
  readonly planeAxes: PlaneAxes;
  /** World units along a plane's side: 1 covers -0.5 to 0.5. Rows run upwards with y, not down as in pictures. */
  readonly boxWarp: number;
}

/**
 * The mean of what three feature planes hold at points, bilinear; nothing outside (EG3D section 4.2).
 *
 * @param planes [batch, 3, channels, size, size]
 * @param points [batch, count, 3] in the world
 * @returns [batch, count, channels]
 */
export function sampleTriplane(
  planes: Tensor,
  points: Tensor,
  { planeAxes, boxWarp }: TriplaneSampling,
): Tensor {
  const [batch, planeCount, channels, height, width] = planes.shape;
  if (planes.rank !== 5 || planeCount !== 3 || points.rank !== 3 || points.shape[0] !== batch) {
    throw shapeError('sampleTriplane', [planes, points], 'takes [batch, 3, channels, size, size] and [batch, count, 3]'); // prettier-ignore
  }
  const count = points.shape[1];
  const normalised = mul(points, 2 / boxWarp);
  const coordinate = (axis: number): Tensor => slice(normalised, { 2: [axis, axis + 1] });
  const grids = COLUMN_AND_ROW[planeAxes].map(([column, row]) =>
    concat([coordinate(column), coordinate(row)], 2),
  );
  const grid = reshape(stack(grids, 1), [batch * 3, 1, count, 2]);
  const sampled = gridSample(reshape(planes, [batch * 3, channels, height, width]), grid);
  return transpose(mean(reshape(sampled, [batch, 3, channels, count]), [1]));
}
