import type { PinholeCamera } from '#common/camera/pinholeCamera';
import type { FaceZone } from '#common/reconstruction/shell/faceZone';
import { depthLayers, projectToNodes } from '#common/reconstruction/shell/headLayers';
import type { SkinBinding } from '#common/reconstruction/shell/shellBinding';
import type { ShellGrid } from '#common/reconstruction/shell/shellGrid';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import { poseVertices } from '#common/rig/poseVertices';
import type { RigPose } from '#common/rig/rigPose';

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

interface MirrorInput {
  readonly grid: ShellGrid;
  readonly camera: PinholeCamera;
  readonly pose: RigPose;
  readonly head: AvatarGeometry;
  readonly posedHead: Float32Array;
  readonly zone: FaceZone;
}

/** Radians of head yaw below which both sides are seen well enough. */
const TURNED_ENOUGH = 0.14;
/** Metres on the seen side of the mid plane that are not mirrored: the crown, where both sides agree. */
const MID_PLANE_MARGIN = 0.015;
const RIDES_ON_HEAD = 0.6;
/** Metres behind what the camera saw from which a mirrored point counts as hidden. */
const HIDDEN_DEPTH = 0.004;

/**
 * A turned head shows one ear and one side of the hair; the outline's lift gives the other side no shape of
 * its own. There the seen side is repeated in the mirror, with its texture, wherever the source could not
 * have seen it: inside the silhouette and behind the surface. The closed shell stays below, so no gap opens
 * where the two do not match.
 */
export function mirrorHiddenSide(surface: ShellSurface, input: MirrorInput): ShellSurface {
  const yaw = input.pose.head.yaw + input.pose.neck.yaw;
  if (Math.abs(yaw) < TURNED_ENOUGH) return surface;
  const seenSide = yaw > 0 ? -1 : 1;
  const mirrored = mirrorPositions(surface.positions);
  const posed = poseVertices({ ...surface.skin, joints: input.head.joints }, mirrored, input.pose);
  const usable = usableVertices(surface, posed, seenSide, input);
  const source: number[] = [];
  const renumbered = new Int32Array(usable.length).fill(-1);
  const first = surface.positions.length / 3;
  const added: number[] = [];
  for (let i = 0; i < surface.indices.length; i += 3) {
    const [a, b, c] = [surface.indices[i], surface.indices[i + 1], surface.indices[i + 2]];
    if (!usable[a] || !usable[b] || !usable[c]) continue;
    for (const vertex of [a, c, b]) {
      if (renumbered[vertex] < 0) renumbered[vertex] = first + source.push(vertex) - 1;
      added.push(renumbered[vertex]);
    }
  }
  return {
    positions: append(surface.positions, mirrored, source, 3),
    posedPositions: append(surface.posedPositions, posed, source, 3),
    uvs: append(surface.uvs, surface.uvs, source, 2),
    indices: Uint32Array.from([...surface.indices, ...added]),
    skin: {
      skinJoints: Uint8Array.from(append(surface.skin.skinJoints, surface.skin.skinJoints, source, 4)),
      skinWeights: append(surface.skin.skinWeights, surface.skin.skinWeights, source, 4),
    },
  };
}

function mirrorPositions(positions: Float32Array): Float32Array {
  return positions.map((value, k) => (k % 3 === 0 ? -value : value));
}

function usableVertices(
  surface: ShellSurface,
  posed: Float32Array,
  seenSide: number,
  input: MirrorInput,
): Uint8Array {
  const { grid, camera, head } = input;
  const shellFront = depthLayers(grid, camera, surface.posedPositions, surface.indices).nearest;
  const faceFront = depthLayers(grid, camera, input.posedHead, input.zone.kept).nearest;
  const headJoint = head.joints.findIndex((joint) => joint.name === 'head');
  const screen = projectToNodes(grid, camera, posed);
  const usable = new Uint8Array(posed.length / 3);
  for (let vertex = 0; vertex < usable.length; vertex++) {
    if (surface.positions[vertex * 3] * seenSide < MID_PLANE_MARGIN) continue;
    if (weightOf(surface.skin, vertex, headJoint) < RIDES_ON_HEAD) continue;
    const column = Math.round(screen[vertex * 3]);
    const row = Math.round(screen[vertex * 3 + 1]);
    if (column < 0 || row < 0 || column >= grid.size || row >= grid.size) continue;
    const node = row * grid.size + column;
    const front = Math.min(orFar(shellFront[node]), orFar(faceFront[node]));
    usable[vertex] = front < Infinity && screen[vertex * 3 + 2] > front + HIDDEN_DEPTH ? 1 : 0;
  }
  return usable;
}

function orFar(depth: number): number {
  return Number.isNaN(depth) ? Infinity : depth;
}

function weightOf(skin: SkinBinding, vertex: number, joint: number): number {
  let weight = 0;
  for (let slot = vertex * 4; slot < vertex * 4 + 4; slot++) {
    if (skin.skinJoints[slot] === joint) weight += skin.skinWeights[slot];
  }
  return weight;
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
