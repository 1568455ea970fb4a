import { invariant } from '#common/contract/errors';
import type { AvatarGeometry, AvatarJoint, SparseDelta } from '#common/rig/avatarGeometry';
import { jointTransforms, TRANSFORM_SIZE } from '#common/rig/jointTransforms';
import { correctiveActivation, effectiveWeights } from '#common/rig/poseWeights';
import type { EulerRotation, RigPose } from '#common/rig/rigPose';

/** Activations below this move no vertex by more than a micrometre. */
const NEGLIGIBLE = 1e-5;

/**
 * Turns poses into vertices: rest + sum of w * morph + correctives, then linear blend skinning. Reuse one
 * instance per avatar; nothing is allocated per call when `out` is given. The geometry is not copied: positions and
 * morphs must not change while the evaluator lives. Not safe to share between threads.
 *
 * Cost: about 0.3 ms for 10k vertices and fifteen active channels on one desktop core.
 */
export class RigEvaluator {
  readonly #geometry: AvatarGeometry;
  readonly #skin: SkinGroups;
  readonly #weights: Float32Array;
  readonly #transforms: Float64Array;

  constructor(geometry: AvatarGeometry) {
    invariant(
      geometry.morphs.length === 52,
      `an avatar has 52 morphs (this one has ${geometry.morphs.length})`,
    );
    this.#geometry = geometry;
    this.#skin = groupSkin(geometry);
    this.#weights = new Float32Array(52);
    this.#transforms = new Float64Array(geometry.joints.length * TRANSFORM_SIZE);
  }

  /** Vertex positions of a pose in world metres, vertexCount * 3; written to `out` where given and returned. */
  evaluate(
    pose: RigPose,
    out: Float32Array = new Float32Array(this.#geometry.positions.length),
  ): Float32Array {
    this.evaluateMorphs(pose, out);
    if (isStill(pose.neck) && isStill(pose.head)) return out;
    jointTransforms(this.#geometry.joints, pose, this.#transforms);
    applySkin(this.#skin, this.#transforms, out);
    return out;
  }

  /** As `evaluate`, without neck and head: rest space, for exporters and the fit. */
  evaluateMorphs(
    pose: RigPose,
    out: Float32Array = new Float32Array(this.#geometry.positions.length),
  ): Float32Array {
    const weights = effectiveWeights(pose, this.#weights);
    out.set(this.#geometry.positions);
    const { morphs, correctives } = this.#geometry;
    for (let channel = 0; channel < morphs.length; channel++) {
      const weight = weights[channel];
      if (weight > NEGLIGIBLE) addSparse(out, morphs[channel], weight);
    }
    for (const corrective of correctives) {
      const activation = correctiveActivation(corrective.drivers, weights);
      if (activation > NEGLIGIBLE) addSparse(out, corrective, activation);
    }
    return out;
  }
}

function addSparse(out: Float32Array, morph: SparseDelta, weight: number): void {
  const { vertices, deltas } = morph;
  for (let i = 0, d = 0; i < vertices.length; i++, d += 3) {
    const k = vertices[i] * 3;
    out[k] += weight * deltas[d];
    out[k + 1] += weight * deltas[d + 1];
    out[k + 2] += weight * deltas[d + 2];
  }
}

/**
 * Jaw and eye joints never turn against the head, so their weights count as the head's, and only neck and head
 * can move at all: a vertex is still, rigid with one joint, or a blend of root, neck and head.
 */
interface SkinGroups {
  readonly rigid: readonly { readonly joint: number; readonly vertices: Uint32Array }[];
  readonly blended: Uint32Array;
  /** One weight per entry of `movers` for each blended vertex; what is missing to 1 is the root's. */
  readonly blendedWeights: Float32Array;
  /** Joint indices that can turn. */
  readonly movers: readonly number[];
}

function groupSkin(geometry: AvatarGeometry): SkinGroups {
  const { joints, skinJoints, skinWeights } = geometry;
  const movers = joints.flatMap((joint, index) => (turns(joint) ? [index] : []));
  const moverOf = joints.map((_, index) => movers.indexOf(movingAncestor(joints, index)));
  const rigid: number[][] = movers.map(() => []);
  const blended: number[] = [];
  const blendedWeights: number[] = [];
  const share = new Float64Array(movers.length);
  const vertexCount = geometry.positions.length / 3;
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    share.fill(0);
    let total = 0;
    for (let slot = vertex * 4; slot < vertex * 4 + 4; slot++) {
      const weight = skinWeights[slot];
      total += weight;
      const mover = moverOf[skinJoints[slot]];
      if (mover >= 0) share[mover] += weight;
    }
    if (!(total > 0)) continue;
    const whole = share.findIndex((weight) => weight / total > 1 - 1e-4);
    if (whole >= 0) rigid[whole].push(vertex);
    else if (share.some((weight) => weight / total > 1e-4)) {
      blended.push(vertex);
      for (const weight of share) blendedWeights.push(weight / total);
    }
  }
  return {
    rigid: movers.map((joint, m) => ({ joint, vertices: Uint32Array.from(rigid[m]) })),
    blended: Uint32Array.from(blended),
    blendedWeights: Float32Array.from(blendedWeights),
    movers,
  };
}

function turns(joint: AvatarJoint): boolean {
  return joint.name === 'neck' || joint.name === 'head';
}

function movingAncestor(joints: readonly AvatarJoint[], index: number): number {
  let current = index;
  while (current >= 0 && !turns(joints[current])) current = joints[current].parent;
  return current;
}

function applySkin(skin: SkinGroups, transforms: Float64Array, out: Float32Array): void {
  for (const { joint, vertices } of skin.rigid) {
    transformVertices(out, vertices, transforms, joint * TRANSFORM_SIZE);
  }
  const { blended, blendedWeights, movers } = skin;
  const matrix = BLEND;
  for (let i = 0; i < blended.length; i++) {
    let rest = 1;
    matrix.fill(0);
    for (let m = 0; m < movers.length; m++) {
      const weight = blendedWeights[i * movers.length + m];
      rest -= weight;
      const offset = movers[m] * TRANSFORM_SIZE;
      for (let k = 0; k < TRANSFORM_SIZE; k++) matrix[k] += weight * transforms[offset + k];
    }
    matrix[0] += rest;
    matrix[5] += rest;
    matrix[10] += rest;
    transformOne(out, blended[i] * 3, matrix);
  }
}

const BLEND = new Float64Array(TRANSFORM_SIZE);

function transformOne(out: Float32Array, k: number, m: Float64Array): void {
  const x = out[k];
  const y = out[k + 1];
  const z = out[k + 2];
  out[k] = m[0] * x + m[1] * y + m[2] * z + m[3];
  out[k + 1] = m[4] * x + m[5] * y + m[6] * z + m[7];
  out[k + 2] = m[8] * x + m[9] * y + m[10] * z + m[11];
}

function transformVertices(
  out: Float32Array,
  vertices: Uint32Array,
  transforms: Float64Array,
  offset: number,
): void {
  const matrix = transforms.slice(offset, offset + TRANSFORM_SIZE);
  for (let i = 0; i < vertices.length; i++) transformOne(out, vertices[i] * 3, matrix);
}

function isStill(rotation: EulerRotation): boolean {
  return rotation.yaw === 0 && rotation.pitch === 0 && rotation.roll === 0;
}
