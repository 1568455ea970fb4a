import type { HeadModel } from '#common/head/headModel';
import type { Mat3 } from '#common/math/mat3';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import type { EulerRotation } from '#common/rig/rigPose';
import type { SurfaceBinding } from '#common/synthetic/heads/bind/surfaceBinding';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { SceneMesh, ScenePart, SurfaceMaterial } from '#common/synthetic/scene';

/** A person ready to be posed: the rigged head and everything it wears, neutral, in model space (metres). */
export interface SyntheticHead {
  readonly model: HeadModel;
  readonly recipe: IdentityRecipe;
  /** The head model's vertices of this person with morphs and joints; the neutral lids are those of the rig. */
  readonly geometry: AvatarGeometry;
  readonly pieces: readonly HeadPiece[];
}

/** One surface of the head before it is posed. A look may replace any field of it. */
export interface HeadPiece {
  /** Unique on a head: 'skin', 'eyeLeft', 'hairLocks', 'glassesFrame' ... */
  readonly name: string;
  readonly part: ScenePart;
  readonly layer: SceneMesh['layer'];
  readonly isDoubleSided?: boolean;
  readonly castsShadow?: boolean;
  /** Vertex numbers of this piece, from 0. */
  readonly indices: Uint32Array;
  readonly uvs: Float32Array;
  readonly canonical: Float32Array;
  /** vertexCount * 3, neutral, metres. */
  readonly rest: Float32Array;
  readonly follow: PieceFollow;
  readonly material: PieceMaterial;
}

/** How a piece goes with the head. */
export type PieceFollow =
  /** It is the head's own vertices from this one on. */
  | { readonly kind: 'model'; readonly firstVertex: number }
  /** Stiff, carried by the joints: shares of root, neck and head, three a vertex. */
  | { readonly kind: 'joints'; readonly shares: Float32Array }
  /** Fixed to triangles of the skin, so it goes with expressions too. */
  | { readonly kind: 'surface'; readonly binding: SurfaceBinding };

/** What a material may know of the pose it is drawn in. */
export interface PosedState {
  /** 52 effective weights, lids at rest not counted. */
  readonly weights: Float32Array;
  /** Of the head joint against the rest pose. */
  readonly headRotation: Mat3;
  /** The piece's posed positions. */
  readonly positions: Float32Array;
}

export type PieceMaterial = (state: PosedState) => SurfaceMaterial;

/** Turns of head and neck as in RigPose; left out is still. */
export interface HeadRotations {
  readonly head?: EulerRotation;
  readonly neck?: EulerRotation;
  /** Added to the eye-look weights: yaw + to the subject's left, pitch + down, radians. */
  readonly gaze?: { readonly yaw: number; readonly pitch: number };
}
