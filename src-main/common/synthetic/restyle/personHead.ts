import { evaluateHead } from '#common/head/evaluateHead';
import type { HeadModel } from '#common/head/headModel';
import type { Avatar } from '#common/rig/avatar';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import { transferRig } from '#common/rig/transferRig';
import type { AvatarTopology } from '#common/synthetic/restyle/avatarTopology';
import { squared } from '#common/math/portableMath';

/** Reach of the weights with which the fit's last step goes over to skin that the portrait did not show, metres. */
const REACH = 0.018;
/** Every so many'th vertex of the face is enough for a smooth mean. */
const FACE_STEP = 3;

/**
 * The whole head of a fitted person, rigged: what the avatar keeps of the head model as it is, and scalp, ears, neck and
 * shoulders, which its shell stands for, from the fitted identity, drawn to meet the face. About a second.
 *
 * @param modes added to the identity by name, standard deviations
 */
export function personHead(
  avatar: Avatar,
  model: HeadModel,
  { avatarVertex }: AvatarTopology,
  modes: Readonly<Record<string, number>>,
): AvatarGeometry {
  const neutral = evaluateHead(model, avatar.fit.identity);
  const difference = new Float32Array(neutral.length);
  const known: number[] = [];
  for (let v = 0; v < model.vertexCount; v++) {
    const own = avatarVertex[v];
    if (own < 0) continue;
    for (let c = 0; c < 3; c++)
      difference[v * 3 + c] = avatar.geometry.positions[own * 3 + c] - neutral[v * 3 + c];
    if (v < model.parts[0].vertexCount && v % FACE_STEP === 0) known.push(v);
  }
  const places = neutral.slice();
  for (let v = 0; v < model.vertexCount; v++) {
    if (avatarVertex[v] < 0) meanDifference(places, difference, known, v);
    for (let c = 0; c < 3; c++) neutral[v * 3 + c] += difference[v * 3 + c];
  }
  const joints = avatar.geometry.joints.map((joint) => ({ ...joint, position: [...joint.position] }));
  model.identity.forEach(({ name, delta, jointDelta }) => {
    const amount = modes[name] ?? 0;
    if (amount === 0) return;
    for (let k = 0; k < neutral.length; k++) neutral[k] += amount * delta[k];
    joints.forEach(({ position }, j) => {
      for (let c = 0; c < 3; c++) position[c] += amount * jointDelta[j * 3 + c];
    });
  });
  return transferRig(model, {
    neutral,
    joints: joints.map(({ name, parent, position: [x, y, z] }) => ({ name, parent, position: [x, y, z] })),
  });
}

function meanDifference(
  places: Float32Array,
  difference: Float32Array,
  known: readonly number[],
  vertex: number,
): void {
  const k = vertex * 3;
  let total = 1e-9;
  let [dx, dy, dz] = [0, 0, 0];
  for (const other of known) {
    const o = other * 3;
    const square =
      squared(places[o] - places[k]) +
      squared(places[o + 1] - places[k + 1]) +
      squared(places[o + 2] - places[k + 2]);
    const near = 1 / (1 + square / (REACH * REACH));
    const weight = near * near * near;
    total += weight;
    dx += weight * difference[o];
    dy += weight * difference[o + 1];
    dz += weight * difference[o + 2];
  }
  difference[k] = dx / total;
  difference[k + 1] = dy / total;
  difference[k + 2] = dz / total;
}
