import { invariant } from '#common/contract/errors';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import type { HeadModel, HeadPartName } from '#common/head/headModel';
import { lidRings } from '#common/head/lidRings';
import { length3, pointAt, type Vec3 } from '#common/math/vec3';
import type { AvatarGeometry, AvatarJoint } from '#common/rig/avatarGeometry';
import { deformationFrames } from '#common/rig/transfer/deformationFrames';
import { measureEyeball } from '#common/rig/transfer/eyeballShape';
import { fitLids } from '#common/rig/transfer/fitLids';
import { fitLips } from '#common/rig/transfer/fitLips';
import { jawDisplacement, partScale, readJawMotion, type JawMotion } from '#common/rig/transfer/jawMotion';
import { findLipSeam } from '#common/rig/transfer/lipSeam';
import { RigDeltas } from '#common/rig/transfer/rigDeltas';
import { settleLids } from '#common/rig/transfer/settleLids';
import { turnEyeball } from '#common/rig/transfer/turnEyeball';
import { spreadOverSeams, weldMesh, type WeldedMesh } from '#common/rig/transfer/weldedMesh';
import { squared } from '#common/math/portableMath';

/** One fitted person in the head model's topology. */
export interface FittedHead {
  /** vertexCount * 3: the person's neutral face in model space, all parts. */
  readonly neutral: Float32Array;
  readonly joints: readonly AvatarJoint[];
}

/** Radians. */
const SMALL_TURN = 0.09;

interface Transfer {
  readonly model: HeadModel;
  readonly person: FittedHead;
  readonly mesh: WeldedMesh;
  readonly frames: Float32Array;
  readonly deltas: RigDeltas;
}

/**
 * Rigs a person: the model's 52 channels and correctives brought to the person's proportions by local frames
 * (deformation transfer, Sumner and Popovic 2004), then what must hold on this very face is solved again: lids close
 * on the eyeball, eyes turn about their centres, the jaw turns about its joint with teeth and tongue, lips meet.
 *
 * The rest positions are the fitted neutral with the lids lifted out of the eyeballs (settleLids). Seam copies get identical displacements. Uvs are the model's own charts. Head parts only; the shell is appended
 * by reconstruction. Pure and deterministic. Throws `internal.invariant` where the shapes disagree.
 */
export function transferRig(model: HeadModel, fitted: FittedHead): AvatarGeometry {
  invariant(
    fitted.neutral.length === model.vertexCount * 3,
    `the person's neutral has ${model.vertexCount} vertices (it has ${fitted.neutral.length / 3})`,
  );
  const mesh = weldMesh(model.indices, model.weld);
  const person = { neutral: settleLids(model, mesh, fitted.neutral), joints: fitted.joints };
  const frames = deformationFrames(mesh, model.template, person.neutral);
  const transfer: Transfer = { model, person, mesh, frames, deltas: new RigDeltas(model.vertexCount) };
  transferDeltas(transfer);
  rigEyes(transfer);
  const mouth = findLipSeam(model, mesh, person.neutral);
  if (mouth !== undefined) fitLips(mouth, transfer.deltas);
  for (const delta of transfer.deltas.all()) spreadOverSeams(mesh, delta);
  return {
    positions: person.neutral,
    uvs: model.uvs,
    indices: model.indices,
    parts: model.parts,
    joints: person.joints,
    skinJoints: model.skinJoints,
    skinWeights: model.skinWeights,
    morphs: transfer.deltas.sparseMorphs(),
    correctives: transfer.deltas.sparseCorrectives(),
  };
}

function transferDeltas(transfer: Transfer): void {
  const { model, deltas } = transfer;
  const joint = jointOf(model.joints, 'jaw');
  ARKIT_CHANNELS.forEach((channel, index) => {
    const source = model.expressions[index].delta;
    const target = deltas.morph(channel);
    const jaw = joint && readJawMotion(model, source, joint);
    if (jaw === undefined) moveByFrames(transfer, source, target);
    else {
      // The bow of a small turn is less than a tenth of a millimetre.
      const half = length3(jaw.turn) > SMALL_TURN ? deltas.half(channel) : undefined;
      moveWithJaw(transfer, jaw, source, { morph: target, half });
    }
  });
  for (const corrective of model.correctives) {
    // The arc of the jaw is computed above, from the person's own joint.
    const isJawArc = corrective.drivers.length === 1 && corrective.drivers[0].channel.startsWith('jaw');
    if (!isJawArc) moveByFrames(transfer, corrective.delta, deltas.corrective(corrective.drivers));
  }
}

/** target += J * source, at representatives. */
function moveByFrames({ mesh, frames }: Transfer, source: Float32Array, target: Float32Array): void {
  for (const v of mesh.representatives) {
    const x = source[v * 3];
    const y = source[v * 3 + 1];
    const z = source[v * 3 + 2];
    if (x === 0 && y === 0 && z === 0) continue;
    const j = v * 9;
    target[v * 3] += frames[j] * x + frames[j + 1] * y + frames[j + 2] * z;
    target[v * 3 + 1] += frames[j + 3] * x + frames[j + 4] * y + frames[j + 5] * z;
    target[v * 3 + 2] += frames[j + 6] * x + frames[j + 7] * y + frames[j + 8] * z;
  }
}

/**
 * A channel that moves the jaw: each vertex follows the rigid motion as far as it did on the template (teeth and
 * tongue wholly), about the person's joint; only the rest of its displacement is transferred by frames.
 */
function moveWithJaw(
  transfer: Transfer,
  motion: JawMotion,
  source: Float32Array,
  out: { morph: Float32Array; half: Float32Array | undefined },
): void {
  const { model, person, mesh } = transfer;
  const templateJoint = jointOf(model.joints, 'jaw')!;
  const personJoint = jointOf(person.joints, 'jaw') ?? templateJoint;
  const teeth = model.parts.find((part) => part.name === 'teethLower');
  const size = partScale(teeth, model.template, person.neutral);
  const scaled: JawMotion = {
    turn: motion.turn,
    shift: motion.shift.map((c) => c * size) as unknown as Vec3,
  };
  const onTemplate = jawDisplacement(motion, 1);
  const onPerson = jawDisplacement(scaled, 1);
  const halfway = jawDisplacement(scaled, 0.5);
  const isRigid = rigidWithJaw(model);
  const rest = new Float32Array(source.length);
  for (const v of mesh.representatives) {
    const delta = pointAt(source, v);
    const rigid = onTemplate(pointAt(model.template, v), templateJoint);
    const share = isRigid[v] > 0 ? 1 : followShare(delta, rigid);
    if (share === 0 && delta[0] === 0 && delta[1] === 0 && delta[2] === 0) continue;
    const point = pointAt(person.neutral, v);
    const whole = onPerson(point, personJoint);
    const half = halfway(point, personJoint);
    for (let c = 0; c < 3; c++) {
      out.morph[v * 3 + c] += share * whole[c];
      if (out.half !== undefined) out.half[v * 3 + c] += share * (half[c] - whole[c] / 2);
      // The teeth are bone: what is not rigid in their delta is noise.
      rest[v * 3 + c] = isRigid[v] === TEETH ? 0 : delta[c] - share * rigid[c];
    }
  }
  moveByFrames(transfer, rest, out.morph);
}

/** How far a displacement goes along with the rigid one, [0, 1]. */
function followShare(delta: Vec3, rigid: Vec3): number {
  const along = delta[0] * rigid[0] + delta[1] * rigid[1] + delta[2] * rigid[2];
  const length = squared(rigid[0]) + squared(rigid[1]) + squared(rigid[2]);
  return length > 1e-10 ? Math.min(1, Math.max(0, along / length)) : 0;
}

const TEETH = 1;
const TONGUE = 2;

/** TEETH and TONGUE at the vertices of these parts, 0 elsewhere. */
function rigidWithJaw(model: HeadModel): Uint8Array {
  const mask = new Uint8Array(model.vertexCount);
  for (const { name, firstVertex, vertexCount } of model.parts) {
    if (name === 'teethLower') mask.fill(TEETH, firstVertex, firstVertex + vertexCount);
    else if (name === 'tongue') mask.fill(TONGUE, firstVertex, firstVertex + vertexCount);
  }
  return mask;
}

function rigEyes({ model, person, mesh, deltas }: Transfer): void {
  const { neutral } = person;
  const rings = lidRings(model);
  for (const side of ['Left', 'Right'] as const) {
    const name = `eye${side}` satisfies HeadPartName;
    const part = model.parts.find((candidate) => candidate.name === name);
    const centre = jointOf(model.joints, name);
    if (part === undefined || centre === undefined) continue;
    const eye = measureEyeball(part, model.template, neutral, centre);
    turnEyeball(part, side, eye, neutral, deltas);
    fitLids({ model, mesh, neutral, deltas, side, eye, rings });
  }
}

function jointOf(joints: HeadModel['joints'], name: AvatarJoint['name']): Vec3 | undefined {
  return joints.find((joint) => joint.name === name)?.position;
}
