import { vertexNormals, weldByPosition } from '#common/raster/shading/vertexNormals';
import { VertexGrid } from '#common/reconstruction/shell/vertexGrid';

export interface FaceSurface {
  /** Head vertices, rest pose, metres. */
  readonly positions: Float32Array;
  /** The face zone's skin, three vertex numbers a triangle. */
  readonly triangles: Uint32Array;
  /** The skin that goes on from there. */
  readonly surroundings: Uint32Array;
}

/** Shell this near the face (metres) is in its way; what stands farther out is a brim or a strand. */
const REACH = 0.03;
/** How far under the skin it goes. */
const UNDER = 0.0025;
/** Metres from the face zone's edge over which the shell may come up to meet it. */
const EDGE = 0.006;

/**
 * Takes shell vertices that lie on or just over the skin of the face to under it, in place: the coarse sheets cross
 * the finer skin in combs. At the edge of the face zone the shell stays, there it takes over from the skin.
 *
 * @param positions shell, rest pose.
 * @param isFree 1 for vertices that may move.
 */
export function tuckBehindFace(positions: Float32Array, isFree: Uint8Array, face: FaceSurface): void {
  const weld = weldByPosition(face.positions);
  const normals = vertexNormals({ positions: face.positions, indices: face.triangles, weld });
  const surroundings = new Set(Array.from(face.surroundings, (vertex) => weld[vertex]));
  const skinVertices = [...new Set(face.triangles)];
  const border = skinVertices.filter((vertex) => surroundings.has(weld[vertex]));
  if (border.length === 0) return;
  const nearestSkin = new VertexGrid(face.positions, Uint32Array.from(skinVertices));
  const nearestBorder = new VertexGrid(face.positions, Uint32Array.from(border));
  for (let vertex = 0; vertex < isFree.length; vertex++) {
    if (!isFree[vertex]) continue;
    const skin = nearestSkin.nearest(positions, vertex, REACH).vertex;
    if (skin < 0) continue;
    let height = 0;
    for (let axis = 0; axis < 3; axis++) {
      height += (positions[vertex * 3 + axis] - face.positions[skin * 3 + axis]) * normals[skin * 3 + axis];
    }
    const edge = nearestBorder.nearest(face.positions, skin, EDGE);
    const inner = edge.vertex < 0 ? 1 : edge.distance / EDGE;
    const excess = (height + UNDER) * inner;
    if (excess <= 0) continue;
    for (let axis = 0; axis < 3; axis++) positions[vertex * 3 + axis] -= excess * normals[skin * 3 + axis];
  }
}
