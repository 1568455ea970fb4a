import { ARKIT_CHANNELS, type ArkitChannel } from '#common/head/arkitChannels';
import type { AvatarGeometry, AvatarJoint, SparseCorrective } from '#common/rig/avatarGeometry';

/** Joints of a plausible head, metres. */
export const HEAD_JOINTS: readonly AvatarJoint[] = [
  { name: 'root', parent: -1, position: [0, -0.3, -0.02] },
  { name: 'neck', parent: 0, position: [0, -0.16, -0.03] },
  { name: 'head', parent: 1, position: [0, -0.06, -0.01] },
  { name: 'jaw', parent: 2, position: [0, -0.01, 0.01] },
  { name: 'eyeLeft', parent: 2, position: [0.031, 0.028, 0.075] },
  { name: 'eyeRight', parent: 2, position: [-0.031, 0.028, 0.075] },
];

export interface RigParts {
  readonly positions: readonly number[];
  /** Per vertex: [joint, weight] pairs, up to four. */
  readonly skin: readonly (readonly (readonly [number, number])[])[];
  readonly morphs?: Partial<Record<ArkitChannel, { vertices: number[]; deltas: number[] }>>;
  readonly correctives?: readonly SparseCorrective[];
}

/** A rig of loose points: enough for everything that moves vertices, without triangles. */
export function aRig(parts: RigParts): AvatarGeometry {
  const vertexCount = parts.positions.length / 3;
  const skinJoints = new Uint8Array(vertexCount * 4);
  const skinWeights = new Float32Array(vertexCount * 4);
  parts.skin.forEach((influences, vertex) => {
    influences.forEach(([joint, weight], slot) => {
      skinJoints[vertex * 4 + slot] = joint;
      skinWeights[vertex * 4 + slot] = weight;
    });
  });
  return {
    positions: Float32Array.from(parts.positions),
    uvs: new Float32Array(vertexCount * 2),
    indices: new Uint32Array(0),
    parts: [{ name: 'skin', firstIndex: 0, indexCount: 0, firstVertex: 0, vertexCount }],
    joints: HEAD_JOINTS,
    skinJoints,
    skinWeights,
    morphs: ARKIT_CHANNELS.map((name) => ({
      name,
      vertices: Uint32Array.from(parts.morphs?.[name]?.vertices ?? []),
      deltas: Float32Array.from(parts.morphs?.[name]?.deltas ?? []),
    })),
    correctives: parts.correctives ?? [],
  };
}
