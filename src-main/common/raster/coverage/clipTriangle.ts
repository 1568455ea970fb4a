import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { GUARD_BAND, growScreenVertices, NEAR_PLANE, SUBPIXELS } from '#common/raster/coverage/screenVertices';
import type { ScreenVertices } from '#common/raster/coverage/screenVertices';

/** Pieces of clipped triangles; their vertices stand behind the mesh's own in ScreenVertices. */
export interface ClippedTriangles {
  /** Screen vertex indices, three per piece. */
  readonly indices: number[];
  /** The mesh triangle each piece was cut from. */
  readonly sources: number[];
  /** Barycentric weights of the clip vertices on their mesh triangle, three per vertex. */
  readonly barycentrics: number[];
  /** The mesh triangle each clip vertex lies on. */
  readonly vertexSources: number[];
}

export function createClippedTriangles(): ClippedTriangles {
  return { indices: [], sources: [], barycentrics: [], vertexSources: [] };
}

export function clearClippedTriangles(clipped: ClippedTriangles): void {
  clipped.indices.length = 0;
  clipped.sources.length = 0;
  clipped.barycentrics.length = 0;
  clipped.vertexSources.length = 0;
}

/** Homogeneous pixel coordinates (pixel * depth), depth, and barycentric weights on the mesh triangle. */
type ClipVertex = readonly [x: number, y: number, depth: number, b0: number, b1: number, b2: number];

// Signed distance to each clip plane; >= 0 is kept.
const PLANES: readonly ((vertex: ClipVertex) => number)[] = [
  ([, , depth]) => depth - NEAR_PLANE,
  ([x, , depth]) => GUARD_BAND * depth + x,
  ([x, , depth]) => GUARD_BAND * depth - x,
  ([, y, depth]) => GUARD_BAND * depth + y,
  ([, y, depth]) => GUARD_BAND * depth - y,
];

/**
 * Clips one mesh triangle to the near plane and the guard band (Sutherland and Hodgman 1974) and appends
 * what is left as a fan. Rare (a camera inside or beside the mesh), so written for clarity.
 */
export function clipTriangle(
  clipped: ClippedTriangles,
  screen: ScreenVertices,
  mesh: { readonly positions: Float32Array; readonly indices: Uint32Array; readonly triangle: number },
  camera: PinholeCamera,
  width: number,
): void {
  let polygon: ClipVertex[] = [0, 1, 2].map((corner) =>
    toClipVertex(mesh.positions, mesh.indices[mesh.triangle * 3 + corner], corner, camera, width),
  );
  for (const distance of PLANES) polygon = clipAgainst(polygon, distance);
  if (polygon.length < 3) return;
  const first = screen.count;
  growScreenVertices(screen, first + polygon.length);
  for (const [x, y, depth, ...weights] of polygon) {
    screen.x[screen.count] = Math.round((x / depth) * SUBPIXELS);
    screen.y[screen.count] = Math.round((y / depth) * SUBPIXELS);
    screen.nearness[screen.count] = 1 / depth;
    screen.count++;
    clipped.barycentrics.push(...weights);
    clipped.vertexSources.push(mesh.triangle);
  }
  for (let corner = 2; corner < polygon.length; corner++) {
    clipped.indices.push(first, first + corner - 1, first + corner);
    clipped.sources.push(mesh.triangle);
  }
}

function toClipVertex(
  positions: Float32Array,
  vertex: number,
  corner: number,
  camera: PinholeCamera,
  width: number,
): ClipVertex {
  const { rotation, translation } = camera;
  const [x, y, depth] = [0, 1, 2].map(
    (row) =>
      rotation[row * 3] * positions[vertex * 3] +
      rotation[row * 3 + 1] * positions[vertex * 3 + 1] +
      rotation[row * 3 + 2] * positions[vertex * 3 + 2] +
      translation[row],
  );
  return [
    (camera.focal * x + camera.principalX * depth) * width,
    (camera.focal * y + camera.principalY * depth) * width,
    depth,
    corner === 0 ? 1 : 0,
    corner === 1 ? 1 : 0,
    corner === 2 ? 1 : 0,
  ];
}

function clipAgainst(polygon: readonly ClipVertex[], distance: (vertex: ClipVertex) => number): ClipVertex[] {
  const kept: ClipVertex[] = [];
  polygon.forEach((current, index) => {
    const previous = polygon[(index + polygon.length - 1) % polygon.length];
    const currentDistance = distance(current);
    const previousDistance = distance(previous);
    if (currentDistance >= 0 !== previousDistance >= 0) {
      // From the kept end, so that the two triangles of a shared edge are cut at the same point.
      const [inner, outer] = currentDistance >= 0 ? [current, previous] : [previous, current];
      const inside = Math.max(currentDistance, previousDistance);
      const outside = Math.min(currentDistance, previousDistance);
      const t = inside / (inside - outside);
      kept.push(inner.map((value, axis) => value + (outer[axis] - value) * t) as unknown as ClipVertex);
    }
    if (currentDistance >= 0) kept.push(current);
  });
  return kept;
}
