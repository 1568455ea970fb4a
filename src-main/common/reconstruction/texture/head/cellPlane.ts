import { distanceTransform } from '#common/image/distanceTransform';
import { maskAbove } from '#common/image/morphology';

/** What changes slowly over the skin is kept for every fourth texel of the chart, a cell. */
export const LIGHT_STEP = 4;

/** One float per cell. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** The texel in the middle of a cell. @param side cells, @param size texels along an edge of the chart. */
export function middleTexel(cell: number, side: number, size: number): number {
  const x = (cell % side) * LIGHT_STEP + (LIGHT_STEP >> 1);
  return (Math.floor(cell / side) * LIGHT_STEP + (LIGHT_STEP >> 1)) * size + x;
}

/** The texels in the middle of each cell. */
export function cellsOf(texels: Float32Array, size: number): Plane {
  const side = Math.floor(size / LIGHT_STEP);
  const data = new Float32Array(side * side);
  for (let cell = 0; cell < data.length; cell++) data[cell] = texels[middleTexel(cell, side, size)];
  return { width: side, height: side, data };
}

/** Widens a plane of [0, 1]: 1 up to `inner` cells around its set cells, falling to its own value at `outer`. In place. */
export function widenPlane(plane: Plane, inner: number, outer: number): void {
  const { width, height, data } = plane;
  const set = maskAbove(data, 0.5);
  if (!set.includes(1)) return;
  const { distance } = distanceTransform(set, width, height);
  for (let cell = 0; cell < data.length; cell++) {
    const near = Math.min(1, Math.max(0, (outer - distance[cell]) / (outer - inner)));
    if (near > data[cell]) data[cell] = near;
  }
}
