import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { invariant } from '#common/contract/errors';

/** Screen positions are snapped to 1/256 pixel, so that edge functions are integers and the fill rule is exact. */
export const SUBPIXELS = 256;
/** Points nearer than this to the camera plane are clipped, metres. */
export const NEAR_PLANE = 0.02;
/** Points farther than this outside the picture are clipped, pixels: edge functions stay below 2^53. */
export const GUARD_BAND = 1 << 15;

/** Vertices as the rasteriser sees them; `count` grows when clipping adds vertices behind the mesh's own. */
export interface ScreenVertices {
  count: number;
  /** Integers, 1/256 pixel, x right. */
  x: Float64Array;
  /** Integers, 1/256 pixel, y down. */
  y: Float64Array;
  /** Affine over the screen, greater is nearer: 1 / depth (perspective) or -depth (flat). */
  nearness: Float64Array;
  /** 1 where the vertex cannot be drawn without clipping. */
  outside: Uint8Array;
  /** True for 1 / depth: attributes are interpolated perspective-correct. */
  perspective: boolean;
}

export function createScreenVertices(capacity: number): ScreenVertices {
  return {
    count: 0,
    x: new Float64Array(capacity),
    y: new Float64Array(capacity),
    nearness: new Float64Array(capacity),
    outside: new Uint8Array(capacity),
    perspective: true,
  };
}

/** Makes room for `capacity` vertices, keeping the present ones. */
export function growScreenVertices(screen: ScreenVertices, capacity: number): void {
  if (screen.x.length >= capacity) return;
  const size = Math.max(capacity, Math.ceil(screen.x.length * 1.5));
  const grown = createScreenVertices(size);
  grown.x.set(screen.x);
  grown.y.set(screen.y);
  grown.nearness.set(screen.nearness);
  grown.outside.set(screen.outside);
  screen.x = grown.x;
  screen.y = grown.y;
  screen.nearness = grown.nearness;
  screen.outside = grown.outside;
}

/**
 * Projects a mesh's vertices.
 *
 * @param width picture width in pixels
 * @returns whether some vertex needs clipping
 */
export function projectVertices(
  screen: ScreenVertices,
  positions: Float32Array,
  camera: PinholeCamera,
  width: number,
): boolean {
  const count = positions.length / 3;
  growScreenVertices(screen, count);
  screen.count = count;
  screen.perspective = true;
  const { x: screenX, y: screenY, nearness, outside } = screen;
  const [r0, r1, r2, r3, r4, r5, r6, r7, r8] = camera.rotation;
  const [t0, t1, t2] = camera.translation;
  const scale = camera.focal * width * SUBPIXELS;
  const centreX = camera.principalX * width * SUBPIXELS;
  const centreY = camera.principalY * width * SUBPIXELS;
  const limit = GUARD_BAND * SUBPIXELS;
  let isAnyOutside = false;
  for (let vertex = 0, offset = 0; vertex < count; vertex++, offset += 3) {
    const x = positions[offset];
    const y = positions[offset + 1];
    const z = positions[offset + 2];
    const depth = r6 * x + r7 * y + r8 * z + t2;
    const inverse = 1 / depth;
    const pixelX = Math.round((r0 * x + r1 * y + r2 * z + t0) * inverse * scale + centreX);
    const pixelY = Math.round((r3 * x + r4 * y + r5 * z + t1) * inverse * scale + centreY);
    // Written so that NaN counts as outside.
    const isInside = depth >= NEAR_PLANE && Math.abs(pixelX) <= limit && Math.abs(pixelY) <= limit;
    screenX[vertex] = pixelX;
    screenY[vertex] = pixelY;
    nearness[vertex] = inverse;
    outside[vertex] = isInside ? 0 : 1;
    if (!isInside) isAnyOutside = true;
  }
  return isAnyOutside;
}

/**
 * Takes points that are in pixel space already; nothing is clipped, so they must lie within the guard band.
 *
 * @param points two floats each, pixels (centres at .5)
 * @param depths one float each, smaller is nearer; all equal when absent
 */
export function placeVertices(
  screen: ScreenVertices,
  points: Float32Array,
  depths: Float32Array | undefined,
): void {
  const count = points.length / 2;
  growScreenVertices(screen, count);
  screen.count = count;
  screen.perspective = false;
  for (let vertex = 0; vertex < count; vertex++) {
    const x = Math.round(points[vertex * 2] * SUBPIXELS);
    const y = Math.round(points[vertex * 2 + 1] * SUBPIXELS);
    const isInside = Math.abs(x) <= GUARD_BAND * SUBPIXELS && Math.abs(y) <= GUARD_BAND * SUBPIXELS;
    invariant(isInside, `point ${vertex} lies within ${GUARD_BAND} pixels of the picture`);
    screen.x[vertex] = x;
    screen.y[vertex] = y;
    screen.nearness[vertex] = depths ? -depths[vertex] : 0;
    screen.outside[vertex] = 0;
  }
}
