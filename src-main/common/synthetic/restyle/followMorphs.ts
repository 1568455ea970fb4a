import type { HeadModel } from '#common/head/headModel';
import type { AvatarGeometry, SparseDelta } from '#common/rig/avatarGeometry';
import { CARRYING_JOINTS } from '#common/synthetic/heads/bind/carryByJoints';
import { followSurface, type SurfaceBinding } from '#common/synthetic/heads/bind/surfaceBinding';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';

/** Displacements below this are left out, metres. */
const NEGLIGIBLE = 2e-6;

/** Joints and weights of a piece's vertices, four a vertex, as the head under it is skinned. */
export function skinOfPiece(
  { follow, rest }: HeadPiece,
  model: HeadModel,
): { readonly joints: Uint8Array; readonly weights: Float32Array } {
  const count = rest.length / 3;
  if (follow.kind === 'model') {
    const first = follow.firstVertex * 4;
    return {
      joints: model.skinJoints.slice(first, first + count * 4),
      weights: model.skinWeights.slice(first, first + count * 4),
    };
  }
  const joints = new Uint8Array(count * 4);
  const weights = new Float32Array(count * 4);
  const carriers = CARRYING_JOINTS.map((name) => model.joints.findIndex((joint) => joint.name === name));
  const share = new Float64Array(model.joints.length);
  for (let v = 0; v < count; v++) {
    share.fill(0);
    if (follow.kind === 'joints') carriers.forEach((joint, c) => (share[joint] += follow.shares[v * 3 + c]));
    else addCornerSkin(follow.binding, v, model, share);
    writeLargest(share, joints, weights, v * 4);
  }
  return { joints, weights };
}

function addCornerSkin(
  { corners, weights }: SurfaceBinding,
  v: number,
  model: HeadModel,
  share: Float64Array,
): void {
  for (let c = 0; c < 3; c++) {
    const corner = corners[v * 3 + c];
    const weight = Math.max(0, weights[v * 3 + c]);
    for (let slot = corner * 4; slot < corner * 4 + 4; slot++)
      share[model.skinJoints[slot]] += weight * model.skinWeights[slot];
  }
}

function writeLargest(share: Float64Array, joints: Uint8Array, weights: Float32Array, at: number): void {
  const order = [...share.keys()].sort((a, b) => share[b] - share[a]).slice(0, 4);
  const total = order.reduce((sum, joint) => sum + share[joint], 0) || 1;
  order.forEach((joint, slot) => {
    if (share[joint] <= 0) return;
    joints[at + slot] = joint;
    weights[at + slot] = share[joint] / total;
  });
}

/**
 * What a morph of the head does to a piece, three floats a vertex of the piece: nothing to stiff ones, the head's own
 * displacement to its parts, and to bound ones what their triangle does. Undefined where nothing moves.
 */
export function morphOfPiece(
  { follow, rest }: HeadPiece,
  geometry: AvatarGeometry,
  morph: SparseDelta,
): Float32Array | undefined {
  if (follow.kind === 'joints') return undefined;
  const out = new Float32Array(rest.length);
  if (follow.kind === 'model') {
    const first = follow.firstVertex;
    const last = first + rest.length / 3;
    let moves = false;
    morph.vertices.forEach((vertex, i) => {
      if (vertex < first || vertex >= last) return;
      out.set(morph.deltas.subarray(i * 3, i * 3 + 3), (vertex - first) * 3);
      moves = true;
    });
    return moves ? out : undefined;
  }
  const moved = movedBinding(follow.binding, morph);
  if (moved.vertices.length === 0) return undefined;
  const surface = geometry.positions.slice();
  morph.vertices.forEach((vertex, i) => {
    for (let c = 0; c < 3; c++) surface[vertex * 3 + c] += morph.deltas[i * 3 + c];
  });
  const posed = followSurface(moved.binding, surface);
  moved.vertices.forEach((vertex, i) => {
    for (let c = 0; c < 3; c++) {
      const delta = posed[i * 3 + c] - rest[vertex * 3 + c];
      out[vertex * 3 + c] = Math.abs(delta) > NEGLIGIBLE ? delta : 0;
    }
  });
  return out;
}

/** The bound vertices whose triangle a morph touches. */
function movedBinding(
  { corners, weights, offsets }: SurfaceBinding,
  morph: SparseDelta,
): { vertices: number[]; binding: SurfaceBinding } {
  const touched = new Set(morph.vertices);
  const vertices: number[] = [];
  for (let v = 0; v < offsets.length / 3; v++)
    if (touched.has(corners[v * 3]) || touched.has(corners[v * 3 + 1]) || touched.has(corners[v * 3 + 2]))
      vertices.push(v);
  const pick = <Values extends Uint32Array | Float32Array>(values: Values, out: Values): Values => {
    vertices.forEach((v, i) => out.set(values.subarray(v * 3, v * 3 + 3), i * 3));
    return out;
  };
  const size = vertices.length * 3;
  return {
    vertices,
    binding: {
      corners: pick(corners, new Uint32Array(size)),
      weights: pick(weights, new Float32Array(size)),
      offsets: pick(offsets, new Float32Array(size)),
    },
  };
}
