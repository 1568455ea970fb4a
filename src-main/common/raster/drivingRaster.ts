import { EG3D_UNITS_PER_METRE } from '#common/camera/cameraLabel';
import { invariant } from '#common/contract/errors';
import type { HeadModel } from '#common/head/headModel';
import { rasterizeScreen } from '#common/raster/rasterizeVisibility';

/**
 * The mesh that poses a generator's neural texture: our parametric head by default (`headDrivingMesh`), or any mesh a
 * user brings (FLAME, FaceVerse): whoever loads one gives its posed vertices in this form. The expression is in the
 * vertices, the head's pose is not: it is in the camera (spec 2.7).
 */
export interface DrivingMesh {
  /** Three per vertex: metres, y up, the face looks to +z, origin at the head's centre. */
  readonly positions: Float32Array;
  /** Triangles, counter-clockwise seen from outside. */
  readonly indices: Uint32Array;
  /** Two per vertex in [0, 1], v down; vertices are split at seams. */
  readonly uvs: Float32Array;
  /** One per vertex: the texture is used where its interpolated value is at least one half (face and eyes). */
  readonly mask: Float32Array;
}

/** The part of the front plane that the raster covers; the first cell, and the one after the last. */
export interface PlaneWindow {
  /** Cells along each side of the plane, which covers one EG3D unit about the origin. */
  readonly planeSize: number;
  readonly faceRows: readonly [number, number];
  readonly faceColumns: readonly [number, number];
}

/**
 * Looks at the mesh from the front without perspective: where each cell of the window finds its texture.
 *
 * @param size rows and columns of the raster
 * @returns [size, size, 3]: u and v in [-1, 1] and alpha (0 or 1); 0 where the mesh is not. Rows run upwards with y, as
 *   those of feature planes do (`sampleTriplane`): upside down as a picture
 */
export function drivingRaster(mesh: DrivingMesh, window: PlaneWindow, size: number): Float32Array {
  const vertexCount = mesh.positions.length / 3;
  invariant(
    mesh.uvs.length === 2 * vertexCount,
    'the driving mesh has two texture coordinates for each vertex',
  );
  invariant(mesh.mask.length === vertexCount, 'the driving mesh has one mask value for each vertex');
  const { points, depths } = projectToWindow(mesh.positions, window, size);
  const { indices } = mesh;
  // Rasterised as a picture, top row first, so that outlines keep their sense.
  const seen = rasterizeScreen({ points, depths, indices, width: size, height: size, cull: 'back' });
  const raster = new Float32Array(size * size * 3);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const triangle = seen.triangles[pixel];
    if (triangle < 0) continue;
    let [u, v, mask] = [0, 0, 0];
    for (let corner = 0; corner < 3; corner++) {
      const vertex = indices[3 * triangle + corner];
      const weight = seen.barycentrics[3 * pixel + corner];
      u += weight * mesh.uvs[2 * vertex];
      v += weight * mesh.uvs[2 * vertex + 1];
      mask += weight * mesh.mask[vertex];
    }
    if (mask < 0.5) continue;
    const row = size - 1 - Math.floor(pixel / size);
    const at = (row * size + (pixel % size)) * 3;
    raster[at] = 2 * u - 1;
    raster[at + 1] = 2 * v - 1;
    raster[at + 2] = 1;
  }
  return raster;
}

/**
 * The holes that the mesh leaves: cells without mesh that no way leads to from the border. With a mask that holds the
 * eyes, that is the open mouth.
 *
 * @param raster [size, size, 3] of `drivingRaster`
 * @returns [size, size], 1 in holes
 */
export function enclosedHoles(raster: Float32Array, size: number): Float32Array {
  const holes = new Float32Array(size * size);
  for (let cell = 0; cell < size * size; cell++) holes[cell] = raster[3 * cell + 2] > 0 ? 0 : 1;
  const open = new Int32Array(size * size);
  let count = 0;
  const reach = (cell: number): void => {
    if (holes[cell] === 0) return;
    holes[cell] = 0;
    open[count++] = cell;
  };
  for (let at = 0; at < size; at++) {
    for (const cell of [at, (size - 1) * size + at, at * size, at * size + size - 1]) reach(cell);
  }
  while (count > 0) {
    const cell = open[--count];
    const column = cell % size;
    if (column > 0) reach(cell - 1);
    if (column < size - 1) reach(cell + 1);
    if (cell >= size) reach(cell - size);
    if (cell < size * (size - 1)) reach(cell + size);
  }
  return holes;
}

/** Where Next3D looks from: at the front plane (x, y), twice at the side plane (z, y), at the top plane (x, z). */
export type DrivingView = 'front' | 'left' | 'right' | 'top';

/**
 * The mesh turned so that `drivingRaster` sees it as a view does, with the view's plane as its own: Next3D's four
 * rasters cover whole planes.
 *
 * @param view `left` sees what the subject has on its left (+x), from there
 */
export function turnedMesh(mesh: DrivingMesh, view: DrivingView): DrivingMesh {
  if (view === 'front') return mesh;
  const { positions, indices } = mesh;
  // Column, row and nearness of a vertex; swapping two axes mirrors it, so triangles change their sense.
  const [column, row, near] = { left: [2, 1, 0], right: [2, 1, 0], top: [0, 2, 1] }[view];
  const sign = view === 'right' ? -1 : 1;
  const turned = new Float32Array(positions.length);
  for (let at = 0; at < positions.length; at += 3) {
    turned[at] = positions[at + column];
    turned[at + 1] = positions[at + row];
    turned[at + 2] = sign * positions[at + near];
  }
  return { ...mesh, positions: turned, indices: view === 'right' ? indices : indices.slice().reverse() };
}

/** Everything of a driving mesh but its posed vertices, for our parametric head: face and eyeballs are textured. */
export function headDrivingMesh(model: HeadModel): Omit<DrivingMesh, 'positions'> {
  const mask = new Float32Array(model.vertexCount);
  for (const { name, firstVertex, vertexCount } of model.parts) {
    const end = firstVertex + vertexCount;
    if (name === 'skin') mask.set(model.regions.face.subarray(firstVertex, end), firstVertex);
    if (name === 'eyeLeft' || name === 'eyeRight') mask.fill(1, firstVertex, end);
  }
  return { indices: model.indices, uvs: model.uvs, mask };
}

/** Pixel positions of a picture of the window, top row first, and distances from the viewer. */
function projectToWindow(
  positions: Float32Array,
  { planeSize, faceRows, faceColumns }: PlaneWindow,
  size: number,
): { readonly points: Float32Array; readonly depths: Float32Array } {
  const vertexCount = positions.length / 3;
  const points = new Float32Array(vertexCount * 2);
  const depths = new Float32Array(vertexCount);
  const cellsPerMetre = EG3D_UNITS_PER_METRE * planeSize;
  const [first, end] = faceRows;
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const column = positions[3 * vertex] * cellsPerMetre + planeSize / 2;
    const row = positions[3 * vertex + 1] * cellsPerMetre + planeSize / 2;
    points[2 * vertex] = ((column - faceColumns[0]) / (faceColumns[1] - faceColumns[0])) * size;
    points[2 * vertex + 1] = ((end - row) / (end - first)) * size;
    depths[vertex] = -positions[3 * vertex + 2];
  }
  return { points, depths };
}
