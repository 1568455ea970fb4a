import type { ArkitChannel } from '#common/head/arkitChannels';

/**
 * The parametric head in memory. Space: metres, x = subject's left, y up, z out of the face; the origin is
 * the head's centre (on the mid plane, 2.8 cm below and 7.5 cm behind the mean head's eyes).
 *
 *   neutral(beta)   = template + sum_k beta_k * identity_k          (beta in standard deviations)
 *   posed(beta, w)  = neutral + sum_c w_c * expression_c + sum_j activation_j(w) * corrective_j
 *   skinned         = linear blend skinning of posed with `joints`
 *
 * Vertices are split at uv seams; `weld[v]` is the first vertex with the same position.
 */
export interface HeadModel {
  readonly version: number;
  readonly vertexCount: number;
  /** vertexCount * 3. */
  readonly template: Float32Array;
  /** Triangles, counter-clockwise seen from outside. */
  readonly indices: Uint32Array;
  /** Consecutive ranges of `indices` and of vertices, one per part. */
  readonly parts: readonly HeadPart[];
  /** vertexCount * 2 in [0, 1], v down (v = 0 is the top row of a texture). Each part's own chart; see README. */
  readonly uvs: Float32Array;
  readonly weld: Uint32Array;
  /** The vertex that mirrors each vertex at x = 0, in the mirrored chart: its u is 1 - u (FACE_MIRROR_U). */
  readonly mirrorVertex: Uint32Array;
  readonly identity: readonly IdentityMode[];
  /** In ARKIT_CHANNELS order, 52 entries; displacements at weight 1, vertexCount * 3. */
  readonly expressions: readonly { readonly name: ArkitChannel; readonly delta: Float32Array }[];
  readonly correctives: readonly Corrective[];
  readonly joints: readonly HeadJoint[];
  /** vertexCount * 4. */
  readonly skinJoints: Uint8Array;
  readonly skinWeights: Float32Array;
  /** LANDMARK_COUNT entries: three vertices and barycentric weights; 468.. are on the eyeballs' iris. */
  readonly landmarkVertices: Uint32Array;
  readonly landmarkWeights: Float32Array;
  /** Soft masks in [0, 1], vertexCount floats each. */
  readonly regions: Readonly<Record<HeadRegion, Float32Array>>;
}

export type HeadPartName =
  'skin' | 'mouthCavity' | 'eyeLeft' | 'eyeRight' | 'teethUpper' | 'teethLower' | 'tongue';

/** 'face' runs to the hairline and jaw line; the masks of one vertex need not sum to one. */
export type HeadRegion =
  | 'face' | 'scalp' | 'ears' | 'neck' | 'shoulders' | 'lips' | 'eyelids' | 'nose' | 'brows'; // prettier-ignore

export const HEAD_REGIONS = [
  'face', 'scalp', 'ears', 'neck', 'shoulders', 'lips', 'eyelids', 'nose', 'brows',
] as const satisfies readonly HeadRegion[]; // prettier-ignore

/** The vertical line of the atlas about which charts mirror: left and right halves of a texture swap there. */
export const FACE_MIRROR_U = 0.5;

export interface HeadPart {
  readonly name: HeadPartName;
  readonly firstIndex: number;
  readonly indexCount: number;
  readonly firstVertex: number;
  readonly vertexCount: number;
}

export interface IdentityMode {
  /** 'age', 'sex', 'ancestryAfrican', 'ancestryAsian', then 'shape01' ... by falling variance. */
  readonly name: string;
  /** Root mean square displacement of the skin at one standard deviation, metres (for reports). */
  readonly rmsMetres: number;
  /** Displacement at one standard deviation, vertexCount * 3. */
  readonly delta: Float32Array;
  /** Displacement of each joint at one standard deviation, joints * 3. */
  readonly jointDelta: Float32Array;
}

/** activation = product over drivers; 'linear' is w, 'hat' is 4 w (1 - w) (peaks at one half). */
export interface Corrective {
  readonly name: string;
  readonly drivers: readonly { readonly channel: ArkitChannel; readonly shape: 'linear' | 'hat' }[];
  readonly delta: Float32Array;
}

export type JointName = 'root' | 'neck' | 'head' | 'jaw' | 'eyeLeft' | 'eyeRight';

export interface HeadJoint {
  readonly name: JointName;
  /** Index in `joints`, or -1 for the root. Parents come first. */
  readonly parent: number;
  /** Rest position on the mean head, model space. */
  readonly position: readonly [number, number, number];
}
