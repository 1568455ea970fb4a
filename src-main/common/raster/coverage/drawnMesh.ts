import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { clearClippedTriangles, clipTriangle, createClippedTriangles } from '#common/raster/coverage/clipTriangle';
import type { ClippedTriangles } from '#common/raster/coverage/clipTriangle';
import { fillTriangle } from '#common/raster/coverage/fillTriangle';
import { clearSampleBuffer } from '#common/raster/coverage/sampleBuffer';
import type { SampleBuffer } from '#common/raster/coverage/sampleBuffer';
import { createScreenVertices, projectVertices } from '#common/raster/coverage/screenVertices';
import type { ScreenVertices } from '#common/raster/coverage/screenVertices';
import { createTriangleSetup, setUpTriangle } from '#common/raster/coverage/triangleSetup';
import type { TriangleSetup } from '#common/raster/coverage/triangleSetup';

/**
 * A mesh on its way to the screen, and the scratch it needs. The ids in the sample buffer are primitives:
 * below `triangleCount` the mesh's own triangles, above it pieces of clipped ones.
 */
export interface DrawnMesh {
  indices: Uint32Array;
  vertexCount: number;
  triangleCount: number;
  readonly screen: ScreenVertices;
  readonly clipped: ClippedTriangles;
  /** The clipped pieces' indices, as the setup wants them. */
  clippedIndices: Uint32Array;
  readonly setup: TriangleSetup;
}

export function createDrawnMesh(): DrawnMesh {
  return {
    indices: new Uint32Array(0),
    vertexCount: 0,
    triangleCount: 0,
    screen: createScreenVertices(0),
    clipped: createClippedTriangles(),
    clippedIndices: new Uint32Array(0),
    setup: createTriangleSetup(),
  };
}

/** A range of triangles; back faces (clockwise seen) are skipped where `isBackCulled`. */
export interface DrawRange {
  readonly firstTriangle: number;
  readonly triangleCount: number;
  readonly isBackCulled: boolean;
}

/** Projects and clips a mesh; `drawRanges` then fills it. Positions in metres. */
export function projectMesh(
  drawn: DrawnMesh,
  mesh: { readonly positions: Float32Array; readonly indices: Uint32Array },
  camera: PinholeCamera,
  width: number,
): void {
  takeTopology(drawn, mesh.indices, mesh.positions.length / 3);
  const { screen, clipped } = drawn;
  if (!projectVertices(screen, mesh.positions, camera, width)) return;
  const { outside } = screen;
  for (let triangle = 0; triangle < drawn.triangleCount; triangle++) {
    const at = triangle * 3;
    if (outside[mesh.indices[at]] | outside[mesh.indices[at + 1]] | outside[mesh.indices[at + 2]]) {
      clipTriangle(clipped, screen, { ...mesh, triangle }, camera, width);
    }
  }
  drawn.clippedIndices = Uint32Array.from(clipped.indices);
}

/** Sets the mesh whose vertices the caller has put into `drawn.screen` itself. */
export function takeTopology(drawn: DrawnMesh, indices: Uint32Array, vertexCount: number): void {
  drawn.indices = indices;
  drawn.vertexCount = vertexCount;
  drawn.triangleCount = indices.length / 3;
  clearClippedTriangles(drawn.clipped);
}

/** Clears the buffer and fills it with the mesh, range by range. */
export function drawRanges(drawn: DrawnMesh, buffer: SampleBuffer, ranges: readonly DrawRange[]): void {
  clearSampleBuffer(buffer);
  addRanges(drawn, buffer, ranges, 0);
}

/** Fills the mesh into a buffer that may hold others already: its primitives' ids count from `firstId`. */
export function addRanges(
  drawn: DrawnMesh,
  buffer: SampleBuffer,
  ranges: readonly DrawRange[],
  firstId: number,
): void {
  const { screen, setup, clipped } = drawn;
  const { outside } = screen;
  for (const range of ranges) {
    const options = { buffer, isBackCulled: range.isBackCulled };
    const end = range.firstTriangle + range.triangleCount;
    for (let triangle = range.firstTriangle; triangle < end; triangle++) {
      const at = triangle * 3;
      const { indices } = drawn;
      if (outside[indices[at]] | outside[indices[at + 1]] | outside[indices[at + 2]]) continue;
      if (setUpTriangle(setup, screen, indices, at, options)) fillTriangle(setup, buffer, firstId + triangle);
    }
    clipped.sources.forEach((source, piece) => {
      if (source < range.firstTriangle || source >= end) return;
      if (setUpTriangle(setup, screen, drawn.clippedIndices, piece * 3, options)) {
        fillTriangle(setup, buffer, firstId + drawn.triangleCount + piece);
      }
    });
  }
}

/** The mesh triangle of a primitive id. */
export function sourceTriangle(drawn: DrawnMesh, id: number): number {
  return id < drawn.triangleCount ? id : drawn.clipped.sources[id - drawn.triangleCount];
}

/** Whether a primitive shows its front (counter-clockwise seen, y up). */
export function isFrontFace(drawn: DrawnMesh, id: number): boolean {
  const isPiece = id >= drawn.triangleCount;
  const indices = isPiece ? drawn.clippedIndices : drawn.indices;
  const at = (isPiece ? id - drawn.triangleCount : id) * 3;
  const c = indices[at + 2];
  return edgeAt(drawn.screen, indices[at], indices[at + 1], drawn.screen.x[c], drawn.screen.y[c]) < 0;
}

/**
 * Barycentric weights of a screen point on a primitive's mesh triangle, perspective-correct where the
 * vertices are. For single points; the shader works with planes.
 *
 * @param x 1/256 pixel, as `y`
 * @param out the three weights, in the order of the triangle's indices
 * @returns interpolated nearness
 */
export function barycentricsAt(
  drawn: DrawnMesh,
  id: number,
  x: number,
  y: number,
  out: Float64Array,
): number {
  const { screen, triangleCount } = drawn;
  const isPiece = id >= triangleCount;
  const indices = isPiece ? drawn.clippedIndices : drawn.indices;
  const at = (isPiece ? id - triangleCount : id) * 3;
  const a = indices[at];
  const b = indices[at + 1];
  const c = indices[at + 2];
  const { nearness } = screen;
  let weightA = edgeAt(screen, b, c, x, y);
  let weightB = edgeAt(screen, c, a, x, y);
  let weightC = edgeAt(screen, a, b, x, y);
  const area = weightA + weightB + weightC;
  const near = (weightA * nearness[a] + weightB * nearness[b] + weightC * nearness[c]) / area;
  if (screen.perspective) {
    weightA *= nearness[a];
    weightB *= nearness[b];
    weightC *= nearness[c];
  }
  const sum = weightA + weightB + weightC;
  out[0] = weightA / sum;
  out[1] = weightB / sum;
  out[2] = weightC / sum;
  if (isPiece) toMeshTriangle(drawn, [a, b, c], out);
  return near;
}

function edgeAt(screen: ScreenVertices, from: number, to: number, x: number, y: number): number {
  const { x: screenX, y: screenY } = screen;
  return (
    (screenX[to] - screenX[from]) * (y - screenY[from]) - (screenY[to] - screenY[from]) * (x - screenX[from])
  );
}

function toMeshTriangle(drawn: DrawnMesh, vertices: readonly number[], weights: Float64Array): void {
  const { barycentrics } = drawn.clipped;
  const onPiece = Array.from(weights);
  weights.fill(0);
  vertices.forEach((vertex, corner) => {
    const at = (vertex - drawn.vertexCount) * 3;
    for (let axis = 0; axis < 3; axis++) weights[axis] += onPiece[corner] * barycentrics[at + axis];
  });
}
