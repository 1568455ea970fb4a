import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { depthLayers, unprojectNode, type DepthLayers } from '#common/reconstruction/shell/headLayers';
import type { ShellGrid } from '#common/reconstruction/shell/shellGrid';
import { invertTransform, posePoint, TRANSFORM_SIZE } from '#common/rig/jointTransforms';

export interface MirroredVolumeInput {
  readonly grid: ShellGrid;
  readonly camera: PinholeCamera;
  /** Camera depth (metres) of the person's visible surface at each node, NaN outside. */
  readonly surface: Float32Array;
  /** Rest to posed transform of the head joint (3 x 4). */
  readonly head: Float64Array;
  /** Sign of rest x on the side the camera looked at. */
  readonly seenSign: number;
  /** Rows (node units) from here on are torso and stay out. */
  readonly lastRow: number;
}

/** The seen half counts this far beyond the middle plane, so that both halves meet; metres. */
const OVERLAP = 0.004;
/** Steps in depth between neighbouring nodes larger than this are two surfaces, not one; metres. */
const LARGEST_STEP = 0.035;

/**
 * Where the hidden half of a turned head would be if it were the mirror image of the seen half: depth at which
 * a line of sight enters it and leaves it, NaN where it misses. The head is mirrored about its own middle plane,
 * in its own rest pose.
 */
export function mirroredVolume(input: MirroredVolumeInput): DepthLayers {
  const { grid, camera, surface, lastRow } = input;
  const positions = new Float32Array(surface.length * 3);
  const usable = new Uint8Array(surface.length);
  const mirror = mirrorTransform(input.head);
  const inverse = invertTransform(input.head);
  const point = new Float64Array(3);
  const rest = new Float64Array(3);
  for (let node = 0; node < Math.min(surface.length, Math.floor(lastRow) * grid.size); node++) {
    if (Number.isNaN(surface[node])) continue;
    unprojectNode(grid, camera, [node % grid.size, Math.floor(node / grid.size)], surface[node], point);
    posePoint(inverse, 0, point, rest);
    if (rest[0] * input.seenSign < -OVERLAP) continue;
    usable[node] = 1;
    positions.set(posePoint(mirror, 0, point, rest), node * 3);
  }
  return depthLayers(grid, camera, positions, mirroredTriangles(input, usable));
}

/** Posed point to its mirror image: head . flip x . head^-1. */
function mirrorTransform(head: Float64Array): Float64Array {
  const inverse = invertTransform(head);
  const out = new Float64Array(TRANSFORM_SIZE);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 4; column++) {
      let sum = column === 3 ? head[row * 4 + 3] : 0;
      for (let k = 0; k < 3; k++) sum += (k === 0 ? -1 : 1) * head[row * 4 + k] * inverse[k * 4 + column];
      out[row * 4 + column] = sum;
    }
  }
  return out;
}

/** Both triangles of every cell whose corners are one surface, wound the other way round. */
function mirroredTriangles({ grid, surface }: MirroredVolumeInput, usable: Uint8Array): Uint32Array {
  const { size } = grid;
  const triangles: number[] = [];
  const add = (a: number, b: number, c: number): void => {
    if (!usable[a] || !usable[b] || !usable[c]) return;
    const depths = [surface[a], surface[b], surface[c]];
    if (Math.max(...depths) - Math.min(...depths) < LARGEST_STEP) triangles.push(a, b, c);
  };
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const node = row * size + column;
      // Clockwise on the screen faces away; the mirror turns it towards the camera.
      add(node, node + 1, node + size);
      add(node + 1, node + size + 1, node + size);
    }
  }
  return Uint32Array.from(triangles);
}
