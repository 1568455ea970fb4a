import { smoothStep } from '#common/math/smoothStep';
import type { AvatarGeometry, SparseDelta } from '#common/rig/avatarGeometry';
import { VertexGrid } from '#common/reconstruction/shell/vertexGrid';
import { norm3 } from '#common/math/portableMath';

/** Four joints and weights a vertex, as in AvatarGeometry. */
export interface SkinBinding {
  readonly skinJoints: Uint8Array;
  readonly skinWeights: Float32Array;
}

/** How much of a vertex one joint carries, [0, 1]. */
export function jointWeight({ skinJoints, skinWeights }: SkinBinding, vertex: number, joint: number): number {
  let weight = 0;
  for (let slot = vertex * 4; slot < vertex * 4 + 4; slot++) {
    if (skinJoints[slot] === joint) weight += skinWeights[slot];
  }
  return weight;
}

const WEIGHT_SMOOTHING_PASSES = 12;

/**
 * Skin weights of the shell: those of the nearest head vertex in the source pose, then smoothed along the
 * shell so that hair which hangs over a shoulder bends instead of tearing.
 *
 * @param positions shell vertices, world metres, source pose.
 * @param candidates head vertices to take weights from.
 */
export function bindShell(
  positions: Float32Array,
  indices: Uint32Array,
  head: AvatarGeometry,
  posedHead: Float32Array,
  candidates: Uint32Array,
): SkinBinding {
  const count = positions.length / 3;
  const jointCount = head.joints.length;
  const dense = new Float32Array(count * jointCount);
  const nearest = new VertexGrid(posedHead, candidates);
  for (let vertex = 0; vertex < count; vertex++) {
    const source = nearest.nearest(positions, vertex).vertex * 4;
    for (let slot = source; slot < source + 4; slot++) {
      dense[vertex * jointCount + head.skinJoints[slot]] += head.skinWeights[slot];
    }
  }
  smoothOverEdges(dense, jointCount, indices, WEIGHT_SMOOTHING_PASSES);
  return strongestFour(dense, jointCount, count);
}

/** Averages `width` values a vertex with those of its neighbours, half and half, in place. */
export function smoothOverEdges(
  values: Float32Array,
  width: number,
  indices: Uint32Array,
  passes: number,
): void {
  const count = values.length / width;
  const sums = new Float32Array(values.length);
  const degree = new Float32Array(count);
  for (let pass = 0; pass < passes; pass++) {
    sums.fill(0);
    degree.fill(0);
    for (let i = 0; i < indices.length; i++) {
      const a = indices[i];
      const b = indices[i % 3 === 2 ? i - 2 : i + 1];
      degree[a]++;
      degree[b]++;
      for (let k = 0; k < width; k++) {
        sums[a * width + k] += values[b * width + k];
        sums[b * width + k] += values[a * width + k];
      }
    }
    for (let vertex = 0; vertex < count; vertex++) {
      if (degree[vertex] === 0) continue;
      for (let k = vertex * width; k < (vertex + 1) * width; k++) {
        values[k] = 0.5 * values[k] + (0.5 * sums[k]) / degree[vertex];
      }
    }
  }
}

function strongestFour(dense: Float32Array, width: number, count: number): SkinBinding {
  const skinJoints = new Uint8Array(count * 4);
  const skinWeights = new Float32Array(count * 4);
  const order = Array.from({ length: width }, (_, joint) => joint);
  for (let vertex = 0; vertex < count; vertex++) {
    const at = (joint: number): number => dense[vertex * width + joint];
    order.sort((a, b) => at(b) - at(a) || a - b);
    let total = 0;
    for (let slot = 0; slot < 4 && slot < width; slot++) total += at(order[slot]);
    for (let slot = 0; slot < 4 && slot < width; slot++) {
      skinJoints[vertex * 4 + slot] = at(order[slot]) > 0 ? order[slot] : 0;
      skinWeights[vertex * 4 + slot] = at(order[slot]) / total;
    }
  }
  return { skinJoints, skinWeights };
}

/** Metres from the face over which the shell follows the face's expression, then stays still. */
const FOLLOW_FULLY = 0.004;
const FOLLOW_NOT = 0.035;
const SMALLEST_DELTA = 1e-4;

/**
 * Expression deltas of the shell: each vertex near the face moves like the nearest face vertex, fading out
 * with distance, so that hair at the temple and skin under the jaw go along and no gap opens.
 *
 * @param rest shell vertices in the rest pose.
 * @param faceVertices head vertices of the face zone's skin.
 * @returns one delta per entry of `morphs`, vertex numbers counted from the shell's first vertex.
 */
export function followFace(
  rest: Float32Array,
  head: AvatarGeometry,
  faceVertices: Uint32Array,
  morphs: readonly SparseDelta[],
): SparseDelta[] {
  const count = rest.length / 3;
  const nearest = new VertexGrid(head.positions, faceVertices);
  const follows: number[] = [];
  const leader: number[] = [];
  const strength: number[] = [];
  for (let vertex = 0; vertex < count; vertex++) {
    const hit = nearest.nearest(rest, vertex, FOLLOW_NOT);
    if (hit.vertex < 0) continue;
    const weight = 1 - smoothStep(FOLLOW_FULLY, FOLLOW_NOT, hit.distance);
    if (weight <= 0) continue;
    follows.push(vertex);
    leader.push(hit.vertex);
    strength.push(weight);
  }
  const slot = new Int32Array(head.positions.length / 3);
  return morphs.map((morph) => {
    slot.fill(-1);
    for (let i = 0; i < morph.vertices.length; i++) slot[morph.vertices[i]] = i * 3;
    const vertices: number[] = [];
    const deltas: number[] = [];
    for (let i = 0; i < follows.length; i++) {
      const from = slot[leader[i]];
      if (from < 0) continue;
      const d = [0, 1, 2].map((axis) => morph.deltas[from + axis] * strength[i]);
      if (norm3(d[0], d[1], d[2]) < SMALLEST_DELTA) continue;
      vertices.push(follows[i]);
      deltas.push(d[0], d[1], d[2]);
    }
    return { vertices: Uint32Array.from(vertices), deltas: Float32Array.from(deltas) };
  });
}
