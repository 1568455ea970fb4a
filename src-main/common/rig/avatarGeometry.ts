import type { ArkitChannel } from '#common/head/arkitChannels';
import type { Corrective, JointName } from '#common/head/headModel';

/**
 * The finished, rigged mesh of one person: what is stored, rendered, shown and exported. It knows nothing of
 * the parametric model it came from. Space: as HeadModel (metres, y up, face to +z), rest pose = neutral
 * face, head and shoulders frontal. All parts share one texture atlas.
 */
export interface AvatarGeometry {
  /** vertexCount * 3, rest pose. */
  readonly positions: Float32Array;
  /** vertexCount * 2 in the atlas, v down. */
  readonly uvs: Float32Array;
  readonly indices: Uint32Array;
  readonly parts: readonly AvatarPart[];
  readonly joints: readonly AvatarJoint[];
  /** vertexCount * 4. */
  readonly skinJoints: Uint8Array;
  readonly skinWeights: Float32Array;
  /** 52 entries in ARKIT_CHANNELS order, transferred to the person's proportions; eye-look channels turn the eyeballs. */
  readonly morphs: readonly SparseMorph[];
  readonly correctives: readonly SparseCorrective[];
}

/** `shell` is hair, hats and clothes lifted from the matte, `prop` what a look has added; the others as in HeadPartName. */
export type AvatarPartName =
  | 'skin' | 'mouthCavity' | 'eyeLeft' | 'eyeRight' | 'teethUpper' | 'teethLower' | 'tongue' | 'shell' | 'prop'; // prettier-ignore

export interface AvatarPart {
  readonly name: AvatarPartName;
  readonly firstIndex: number;
  readonly indexCount: number;
  readonly firstVertex: number;
  readonly vertexCount: number;
}

export interface AvatarJoint {
  readonly name: JointName;
  readonly parent: number;
  /** Rest position, world metres. Rest orientation is the identity. */
  readonly position: readonly [number, number, number];
}

export interface SparseDelta {
  /** Rising vertex indices. */
  readonly vertices: Uint32Array;
  /** Three floats for each of `vertices`, metres. */
  readonly deltas: Float32Array;
}

export interface SparseMorph extends SparseDelta {
  readonly name: ArkitChannel;
}

export interface SparseCorrective extends SparseDelta {
  readonly name: string;
  readonly drivers: Corrective['drivers'];
}
