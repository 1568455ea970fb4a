import type { HeadJoint, JointName } from '#common/head/headModel';

import { eyeSphere } from './eyeballPart';
import type { HeadLayout } from './headLayout';
import { jointPosition, type SourceMesh } from './sourceMesh';

interface JointSource {
  readonly name: JointName;
  readonly parent: number;
  /** Source bones whose joints average to this one; none for the eyes, which have their own fit. */
  readonly bones: readonly string[];
}

const JOINTS: readonly JointSource[] = [
  { name: 'root', parent: -1, bones: ['spine01', 'neck01'] },
  { name: 'neck', parent: 0, bones: ['neck01'] },
  { name: 'head', parent: 1, bones: ['head'] },
  { name: 'jaw', parent: 2, bones: ['jaw'] },
  { name: 'eyeLeft', parent: 2, bones: [] },
  { name: 'eyeRight', parent: 2, bones: [] },
];
const JOINT = { root: 0, neck: 1, head: 2, jaw: 3, eyeLeft: 4, eyeRight: 5 } as const;

/** The joints' positions for given source vertices, source space. */
export function placeJoints(mesh: SourceMesh, source: ArrayLike<number>): Float64Array {
  const out = new Float64Array(JOINTS.length * 3);
  JOINTS.forEach(({ name, bones }, j) => {
    if (name === 'eyeLeft' || name === 'eyeRight')
      out.set(eyeSphere(mesh, source, name === 'eyeLeft' ? 'left' : 'right').centre, j * 3);
    for (const bone of bones) {
      const position = jointPosition(mesh, source, bone);
      for (let c = 0; c < 3; c++) out[j * 3 + c] += position[c] / bones.length;
    }
  });
  return out;
}

/** Joints at model-space positions, rounded so that they print shortly. */
export function describeJoints(positions: Float64Array): HeadJoint[] {
  const metre = (value: number): number => Math.round(value * 1e6) / 1e6 + 0;
  return JOINTS.map(({ name, parent }, j) => ({
    name,
    parent,
    position: [metre(positions[j * 3]), metre(positions[j * 3 + 1]), metre(positions[j * 3 + 2])],
  }));
}

/** Bones below the source's jaw; the lower lip and the tongue hang on it. */
const JAW_BONES = /^(jaw|oris0[1267](?!.*05)|special04|tongue)/;
const UPPER_LIP_BONES = /^oris06$/;

/**
 * Skin weights: shoulders stay with the root, the neck blends over its whole length (planes tilted from the
 * nape down to the throat), the skull is rigid; the jaw's share comes from the source's rig.
 */
export function skinHead(
  mesh: SourceMesh,
  layout: HeadLayout,
  source: Float64Array,
): { skinJoints: Uint8Array; skinWeights: Float32Array } {
  const skinJoints = new Uint8Array(layout.vertexCount * 4);
  const skinWeights = new Float32Array(layout.vertexCount * 4);
  const isJaw = mesh.bones.map(({ name }) => JAW_BONES.test(name) && !UPPER_LIP_BONES.test(name));
  const set = (v: number, weights: readonly (readonly [number, number])[]): void => {
    const bytes = weights.map(([, weight]) => Math.round(weight * 255));
    bytes[bytes.indexOf(Math.max(...bytes))] += 255 - bytes.reduce((sum, byte) => sum + byte, 0);
    weights.forEach(([joint], k) => {
      skinJoints[v * 4 + k] = joint;
      skinWeights[v * 4 + k] = bytes[k] / 255;
    });
  };
  for (const part of layout.parts)
    for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) {
      if (part.name === 'eyeLeft' || part.name === 'eyeRight') set(v, [[JOINT[part.name], 1]]);
      else if (part.name === 'teethUpper') set(v, [[JOINT.head, 1]]);
      else if (part.name === 'teethLower' || part.name === 'tongue') set(v, [[JOINT.jaw, 1]]);
      else set(v, skinVertex(mesh, source, layout.sourceOf[v], isJaw));
    }
  return { skinJoints, skinWeights };
}

function skinVertex(
  mesh: SourceMesh,
  source: Float64Array,
  v: number,
  isJaw: readonly boolean[],
): [number, number][] {
  let jaw = 0;
  for (let k = 0; k < 4; k++) if (isJaw[mesh.skinBones[v * 4 + k]]) jaw += mesh.skinWeights[v * 4 + k];
  const height =
    source[v * 3 + 1] + 0.45 * source[v * 3 + 2] - 0.35 * Math.max(0, Math.abs(source[v * 3]) - 0.55);
  const head = smoothStep(height, 5.9, 6.65);
  const root = 1 - smoothStep(height, 5.4, 5.98);
  const neck = Math.max(0, 1 - head - root);
  const total = head + root + neck;
  return [
    [JOINT.head, (head * (1 - jaw)) / total],
    [JOINT.neck, neck / total],
    [JOINT.root, root / total],
    [JOINT.jaw, (head * jaw) / total],
  ];
}

export function smoothStep(value: number, low: number, high: number): number {
  const t = Math.max(0, Math.min(1, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
