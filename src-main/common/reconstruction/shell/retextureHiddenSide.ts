import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { cameraPosition } from '#common/camera/projectPoints';
import { vertexNormals } from '#common/raster/shading/vertexNormals';
import { jointWeight, smoothOverEdges, type SkinBinding } from '#common/reconstruction/shell/shellBinding';
import { VertexGrid } from '#common/reconstruction/shell/vertexGrid';
import type { RigPose } from '#common/rig/rigPose';
import { norm, norm3, portablePower, squared } from '#common/math/portableMath';

/** The shell without its expression deltas. */
export interface ShellSurface {
  /** Rest pose, world metres. */
  readonly positions: Float32Array;
  /** In the source pose: where the camera saw it. */
  readonly posedPositions: Float32Array;
  /** Crop coordinates / crop size; reflected at the picture's border. */
  readonly uvs: Float32Array;
  /** Counter-clockwise from outside. */
  readonly indices: Uint32Array;
  readonly skin: SkinBinding;
}

export interface HiddenSideInput {
  readonly camera: PinholeCamera;
  readonly pose: RigPose;
  /** 1 for vertices whose texture is face: they lend nothing, or a second mouth appears beside the cheek. */
  readonly overFace: Uint8Array;
  /** Index of the head joint: only what rides on it is mirrored. */
  readonly headJoint: number;
}

/** Radians of head yaw below which both sides are seen well enough. */
export const TURNED_ENOUGH = 0.14;
/** Cosine between normal and view below which the surface shows smear instead of picture. */
export const GRAZING = 0.22;
/** The same for a triangle by itself where its corners belong to better seen ones as well. */
const EDGE_ON = 0.3;
const FACING_SMOOTHING_PASSES = 3;
/** Share of the head joint from which a vertex counts as the head's. */
export const RIDES_ON_HEAD = 0.6;
/** Metres a mirrored point may lie from the seen surface and still borrow its texture. */
const BORROW_REACH = 0.045;

/**
 * A turned head shows one ear and one side of the hair; the other side of the lift is seen edge on, and the
 * outline's pixels would be smeared over it. Its triangles take the texture of the seen side instead, found
 * by mirroring each corner in the rest pose. Corners shared with triangles that keep their own texture are
 * split, so that nothing is stretched across the border.
 */
export function retextureHiddenSide(surface: ShellSurface, input: HiddenSideInput): ShellSurface {
  const yaw = input.pose.head.yaw + input.pose.neck.yaw;
  if (Math.abs(yaw) < TURNED_ENOUGH) return surface;
  const seenSign = yaw > 0 ? -1 : 1;
  const facing = vertexFacing(surface, input.camera);
  const eye = cameraPosition(input.camera);
  const lenders = seenVertices(surface, facing, seenSign, input.overFace);
  if (lenders.length === 0) return surface;
  const borrowed = borrowUvs(surface, lenders);
  const copies = new Map<number, number>();
  const sources: number[] = [];
  const count = surface.positions.length / 3;
  const indices = surface.indices.slice();
  for (let i = 0; i < indices.length; i += 3) {
    const corners = [indices[i], indices[i + 1], indices[i + 2]];
    const isGrazing = corners.every((vertex) => facing[vertex] <= GRAZING);
    if (!isGrazing && triangleFacing(surface.posedPositions, corners, eye) > EDGE_ON) continue;
    if (!corners.every((vertex) => isHiddenSide(surface, vertex, seenSign, input.headJoint))) continue;
    if (!corners.every((vertex) => borrowed[vertex * 2] >= 0)) continue;
    corners.forEach((vertex, k) => {
      let copy = copies.get(vertex);
      if (copy === undefined) {
        copy = count + sources.push(vertex) - 1;
        copies.set(vertex, copy);
      }
      indices[i + k] = copy;
    });
  }
  return {
    positions: append(surface.positions, surface.positions, sources, 3),
    posedPositions: append(surface.posedPositions, surface.posedPositions, sources, 3),
    uvs: append(surface.uvs, borrowed, sources, 2),
    indices,
    skin: {
      skinJoints: Uint8Array.from(append(surface.skin.skinJoints, surface.skin.skinJoints, sources, 4)),
      skinWeights: append(surface.skin.skinWeights, surface.skin.skinWeights, sources, 4),
    },
  };
}

/**
 * Cosine between the surface normal and the direction to the camera at each vertex, source pose, averaged
 * over neighbours: without that the border of what is borrowed is a saw.
 */
export function vertexFacing(surface: ShellSurface, camera: PinholeCamera): Float32Array {
  const eye = cameraPosition(camera);
  const p = surface.posedPositions;
  const normals = vertexNormals({ positions: p, indices: surface.indices });
  const facing = new Float32Array(p.length / 3);
  for (let vertex = 0; vertex < facing.length; vertex++) {
    const k = vertex * 3;
    const view = [eye[0] - p[k], eye[1] - p[k + 1], eye[2] - p[k + 2]];
    const dot = normals[k] * view[0] + normals[k + 1] * view[1] + normals[k + 2] * view[2];
    facing[vertex] = dot / norm3(view[0], view[1], view[2]);
  }
  smoothOverEdges(facing, 1, surface.indices, FACING_SMOOTHING_PASSES);
  return facing;
}

/** Cosine between a triangle's own normal and the direction to the camera. */
function triangleFacing(p: Float32Array, corners: readonly number[], eye: ArrayLike<number>): number {
  const [a, b, c] = corners.map((vertex) => vertex * 3);
  const normal = [0, 1, 2].map((axis) => {
    const [i, j] = [(axis + 1) % 3, (axis + 2) % 3];
    return (p[b + i] - p[a + i]) * (p[c + j] - p[a + j]) - (p[b + j] - p[a + j]) * (p[c + i] - p[a + i]);
  });
  const view = [0, 1, 2].map((axis) => eye[axis] - p[a + axis]);
  const dot = normal[0] * view[0] + normal[1] * view[1] + normal[2] * view[2];
  return dot / (norm(normal) * norm(view) + 1e-20);
}

/** Well-seen vertices on the side the camera looked at. */
export function seenVertices(
  surface: ShellSurface,
  facing: Float32Array,
  seenSign: number,
  overFace: Uint8Array,
): Uint32Array {
  const seen: number[] = [];
  for (let vertex = 0; vertex < facing.length; vertex++) {
    if (overFace[vertex] || facing[vertex] <= GRAZING) continue;
    if (surface.positions[vertex * 3] * seenSign > -0.01) seen.push(vertex);
  }
  return Uint32Array.from(seen);
}

/** Uv of the seen surface at each vertex's mirror image, -1 where nothing seen is near. */
function borrowUvs(surface: ShellSurface, lenders: Uint32Array): Float32Array {
  const grid = new VertexGrid(surface.positions, lenders);
  const mirrored = surface.positions.map((value, k) => (k % 3 === 0 ? -value : value));
  const borrowed = new Float32Array(surface.uvs.length).fill(-1);
  const neighbours = neighbourLists(surface, lenders);
  for (let vertex = 0; vertex < borrowed.length / 2; vertex++) {
    const hit = grid.nearest(mirrored, vertex, BORROW_REACH).vertex;
    if (hit < 0) continue;
    // Weighting the hit and its neighbours by distance keeps the texture smooth between lenders.
    let total = 0;
    let u = 0;
    let v = 0;
    for (const lender of neighbours.get(hit) ?? [hit]) {
      const weight =
        1 / portablePower(squareDistance(mirrored, vertex, surface.positions, lender) + 1e-6, 1.5);
      total += weight;
      u += weight * surface.uvs[lender * 2];
      v += weight * surface.uvs[lender * 2 + 1];
    }
    borrowed[vertex * 2] = u / total;
    borrowed[vertex * 2 + 1] = v / total;
  }
  return borrowed;
}

function neighbourLists(surface: ShellSurface, lenders: Uint32Array): Map<number, Set<number>> {
  const lists = new Map<number, Set<number>>();
  for (const lender of lenders) lists.set(lender, new Set([lender]));
  for (let i = 0; i < surface.indices.length; i++) {
    const a = surface.indices[i];
    const b = surface.indices[i % 3 === 2 ? i - 2 : i + 1];
    if (lists.has(a) && lists.has(b)) {
      lists.get(a)?.add(b);
      lists.get(b)?.add(a);
    }
  }
  return lists;
}

function squareDistance(a: Float32Array, i: number, b: Float32Array, j: number): number {
  return (
    squared(a[i * 3] - b[j * 3]) + squared(a[i * 3 + 1] - b[j * 3 + 1]) + squared(a[i * 3 + 2] - b[j * 3 + 2])
  );
}

function isHiddenSide(surface: ShellSurface, vertex: number, seenSign: number, headJoint: number): boolean {
  if (surface.positions[vertex * 3] * seenSign > 0) return false;
  return jointWeight(surface.skin, vertex, headJoint) >= RIDES_ON_HEAD;
}

function append(
  own: ArrayLike<number>,
  from: ArrayLike<number>,
  vertices: readonly number[],
  width: number,
): Float32Array {
  const out = new Float32Array(own.length + vertices.length * width);
  out.set(own);
  vertices.forEach((vertex, i) => {
    for (let k = 0; k < width; k++) out[own.length + i * width + k] = from[vertex * width + k];
  });
  return out;
}
