import type { SampleBuffer } from '#common/raster/coverage/sampleBuffer';
import { SUBPIXELS } from '#common/raster/coverage/screenVertices';
import type { ScreenVertices } from '#common/raster/coverage/screenVertices';

/**
 * One triangle ready to be filled. Edge function i is `edge[3i] * x + edge[3i+1] * y + edge[3i+2]` with x, y
 * in 1/256 pixel, all integers (exact in doubles); it is >= 0 exactly where the fill rule counts the point
 * as inside. Nearness is affine in the same coordinates.
 */
export interface TriangleSetup {
  readonly edge: Float64Array;
  /** d/dx, d/dy, value at the origin. */
  readonly nearness: Float64Array;
  /** No sample of the triangle is nearer. */
  nearest: number;
  /** Pixel rectangle, inclusive. */
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** Relative: more than what interpolation and rounding to 32 bits add to the nearest corner. */
const NEARNESS_ERROR = 1e-6;
/** Triangles within so many pixels are looked up pixel by pixel before they are prepared. */
const FEW_PIXELS = 16;

export function createTriangleSetup(): TriangleSetup {
  return { edge: new Float64Array(9), nearness: new Float64Array(3), nearest: 0, minX: 0, minY: 0, maxX: -1, maxY: -1 };
}

/**
 * Prepares the triangle of three screen vertices.
 *
 * @param corners vertex indices, three from `first`; counter-clockwise seen (y up) is the front
 * @returns false where there is nothing to fill: degenerate, culled, off the picture or hidden by what the buffer holds
 */
export function setUpTriangle(
  setup: TriangleSetup,
  screen: ScreenVertices,
  corners: Uint32Array,
  first: number,
  options: { readonly buffer: SampleBuffer; readonly isBackCulled: boolean },
): boolean {
  const { x, y, nearness } = screen;
  const a = corners[first];
  let b = corners[first + 1];
  let c = corners[first + 2];
  // With y down, the front side's (counter-clockwise seen) area is negative; the fill wants it positive.
  let area = (x[b] - x[a]) * (y[c] - y[a]) - (y[b] - y[a]) * (x[c] - x[a]);
  if (area === 0 || (area > 0 && options.isBackCulled)) return false;
  const { buffer } = options;
  // A pixel's samples lie within it, so the pixels that hold the corners bound every sample covered.
  setup.minX = Math.max(0, Math.floor(Math.min(x[a], x[b], x[c]) / SUBPIXELS));
  setup.maxX = Math.min(buffer.width - 1, Math.floor(Math.max(x[a], x[b], x[c]) / SUBPIXELS));
  setup.minY = Math.max(0, Math.floor(Math.min(y[a], y[b], y[c]) / SUBPIXELS));
  setup.maxY = Math.min(buffer.height - 1, Math.floor(Math.max(y[a], y[b], y[c]) / SUBPIXELS));
  if (setup.minX > setup.maxX || setup.minY > setup.maxY) return false;
  const nearest = Math.max(nearness[a], nearness[b], nearness[c]);
  setup.nearest = nearest + Math.abs(nearest) * NEARNESS_ERROR;
  if (isHidden(setup, buffer)) return false;
  if (area < 0) {
    area = -area;
    const swap = b;
    b = c;
    c = swap;
  }
  setEdge(setup.edge, 0, screen, b, c);
  setEdge(setup.edge, 3, screen, c, a);
  setEdge(setup.edge, 6, screen, a, b);
  const { edge, nearness: plane } = setup;
  plane[0] = (edge[0] * nearness[a] + edge[3] * nearness[b] + edge[6] * nearness[c]) / area;
  plane[1] = (edge[1] * nearness[a] + edge[4] * nearness[b] + edge[7] * nearness[c]) / area;
  plane[2] = nearness[a] - plane[0] * x[a] - plane[1] * y[a];
  return true;
}

/** Whether all pixels about a small triangle are nearer than it; large ones are asked as they are filled. */
function isHidden({ minX, minY, maxX, maxY, nearest }: TriangleSetup, { farthest, width }: SampleBuffer): boolean {
  if ((maxX - minX + 1) * (maxY - minY + 1) > FEW_PIXELS) return false;
  for (let y = minY; y <= maxY; y++) {
    for (let pixel = y * width + minX; pixel <= y * width + maxX; pixel++) {
      if (farthest[pixel] < nearest) return false;
    }
  }
  return true;
}

/** Writes the edge function of from -> to, positive on the inside. */
function setEdge(edge: Float64Array, at: number, screen: ScreenVertices, from: number, to: number): void {
  const dx = screen.x[to] - screen.x[from];
  const dy = screen.y[to] - screen.y[from];
  edge[at] = -dy;
  edge[at + 1] = dx;
  edge[at + 2] = dy * screen.x[from] - dx * screen.y[from];
  // Top-left rule: a point on an edge belongs to the triangle to its right or below, so points on the other
  // edges (integers: value exactly 0) must fail `>= 0`.
  const isTopOrLeft = dy < 0 || (dy === 0 && dx > 0);
  if (!isTopOrLeft) edge[at + 2] -= 1;
}
