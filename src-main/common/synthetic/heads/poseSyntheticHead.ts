import { channelIndex } from '#common/head/arkitChannels';
import type { AvatarJoint } from '#common/rig/avatarGeometry';
import { RigEvaluator } from '#common/rig/evaluateRig';
import { jointTransforms, TRANSFORM_SIZE } from '#common/rig/jointTransforms';
import { effectiveWeights } from '#common/rig/poseWeights';
import { neutralPose } from '#common/rig/rigPose';
import { CARRYING_JOINTS, carryByJoints } from '#common/synthetic/heads/bind/carryByJoints';
import { followSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import type { HeadPiece, HeadRotations, SyntheticHead } from '#common/synthetic/heads/syntheticHead';
import type { SceneMesh } from '#common/synthetic/scene';

const evaluators = new WeakMap<SyntheticHead['geometry'], RigEvaluator>();

const BLINKS = [channelIndex('eyeBlinkLeft'), channelIndex('eyeBlinkRight')];

/** A head in an expression and pose: what is drawn, and what labels are made of. */
export interface PosedHead {
  readonly meshes: SceneMesh[];
  /** The head model's vertices, vertexCount * 3, whether they are drawn or not. */
  readonly surface: Float32Array;
  /** The 52 weights with the gaze in them; the identity's hanging lids come on top. */
  readonly weights: Float32Array;
  /** Of the joints in `geometry.joints` order; see `jointTransforms`. */
  readonly transforms: Float64Array;
}

/**
 * The meshes of a head in an expression and pose, model space, metres. `weights` are the label: 52 weights in
 * [0, 1]; the identity's hanging lids come on top. Positions are new arrays, everything else is shared with the
 * head. 2 to 6 ms.
 */
export function poseSyntheticHead(
  head: SyntheticHead,
  weights: ArrayLike<number>,
  rotations: HeadRotations = {},
): SceneMesh[] {
  return poseHead(head, weights, rotations).meshes;
}

/** As `poseSyntheticHead`, with what the meshes were made from. */
export function poseHead(
  head: SyntheticHead,
  weights: ArrayLike<number>,
  rotations: HeadRotations = {},
): PosedHead {
  const still = neutralPose();
  const pose = {
    weights: Float32Array.from(weights),
    head: rotations.head ?? still.head,
    neck: rotations.neck ?? still.neck,
    gaze: rotations.gaze ?? still.gaze,
  };
  const effective = effectiveWeights(pose);
  const withLids = lowerLids(effective, head.recipe.eyes.lidDrop);
  const { geometry } = head;
  const surface = evaluatorOf(geometry).evaluate({ ...pose, weights: withLids, gaze: still.gaze });
  const transforms = jointTransforms(geometry.joints, pose);
  const carrying = CARRYING_JOINTS.map((name) => jointIndex(geometry.joints, name));
  const headRotation = rotationOf(transforms, carrying[2]);
  const meshes = head.pieces.map((piece): SceneMesh => {
    const positions = posePiece(piece, surface, transforms, carrying);
    const { part, layer, isDoubleSided, castsShadow, indices, uvs, canonical, material } = piece;
    return {
      ...{ part, layer, indices, uvs, canonical, positions },
      ...(isDoubleSided !== undefined && { isDoubleSided }),
      ...(castsShadow !== undefined && { castsShadow }),
      material: material({ weights: effective, headRotation, positions }),
    };
  });
  return { meshes, surface, weights: effective, transforms };
}

/** A blink closes what the resting lid leaves open, so weight 1 is closed for everyone. */
function lowerLids(weights: Float32Array, drop: number): Float32Array {
  const out = weights.slice();
  for (const channel of BLINKS) out[channel] = drop + (1 - drop) * weights[channel];
  return out;
}

function posePiece(
  piece: HeadPiece,
  surface: Float32Array,
  transforms: Float64Array,
  carrying: readonly number[],
): Float32Array {
  const { follow, rest } = piece;
  switch (follow.kind) {
    case 'model':
      return surface.slice(follow.firstVertex * 3, follow.firstVertex * 3 + rest.length);
    case 'joints':
      return carryByJoints(rest, follow.shares, transforms, carrying);
    case 'surface':
      return followSurface(follow.binding, surface);
  }
}

function evaluatorOf(geometry: SyntheticHead['geometry']): RigEvaluator {
  let evaluator = evaluators.get(geometry);
  if (evaluator === undefined) {
    evaluator = new RigEvaluator(geometry);
    evaluators.set(geometry, evaluator);
  }
  return evaluator;
}

function jointIndex(joints: readonly AvatarJoint[], name: AvatarJoint['name']): number {
  return joints.findIndex((joint) => joint.name === name);
}

/** The rotation of one 3x4 joint transform. */
function rotationOf(transforms: Float64Array, joint: number): Float64Array {
  const k = joint * TRANSFORM_SIZE;
  const m = transforms;
  return Float64Array.of(
    m[k],
    m[k + 1],
    m[k + 2],
    m[k + 4],
    m[k + 5],
    m[k + 6],
    m[k + 8],
    m[k + 9],
    m[k + 10],
  );
}
