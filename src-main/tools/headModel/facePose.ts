import { readFileSync } from 'node:fs';

import { jointPosition, SOURCE_VERTICES, type SourceMesh } from './sourceMesh';
import { addField, type TargetReader } from './sourceTargets';

type Quaternion = readonly [number, number, number, number];

/** Rotations of source bones for each of the 60 face pose units, unit strength. */
export type PoseUnits = Readonly<Record<string, Readonly<Record<string, Quaternion>>>>;

export function readPoseUnits(path: string): PoseUnits {
  return (JSON.parse(readFileSync(path, 'utf8')) as { units: PoseUnits }).units;
}

/** A blend of pose units and expression targets ('@name' is the unit of that name for every ancestry). */
export interface FacePose {
  readonly units?: Readonly<Record<string, number>>;
  readonly targets?: Readonly<Record<string, number>>;
}

export interface PoseContext {
  readonly mesh: SourceMesh;
  readonly units: PoseUnits;
  readonly targets: TargetReader;
  /** Ancestry weights of the posed head, for the expression targets. */
  readonly ancestry: Readonly<Record<string, number>>;
}

/**
 * Poses the source mesh: adds the targets, sums the units' rotation vectors per bone and skins linearly.
 * A unit's rotation acts about the bone's joint in the mesh's axes, before the parent's.
 */
export function poseFace(context: PoseContext, rest: Float64Array, pose: FacePose): Float64Array {
  const shaped = Float64Array.from(rest);
  for (const [name, weight] of Object.entries(pose.targets ?? {})) {
    if (!name.startsWith('@')) addField(shaped, context.targets.read(name), weight);
    else
      for (const [ancestry, share] of Object.entries(context.ancestry))
        addField(
          shaped,
          context.targets.read(`expression/units/${ancestry}/${name.slice(1)}`),
          weight * share,
        );
  }
  const rotations = sumRotations(context, pose.units ?? {});
  return rotations.size === 0
    ? shaped
    : skin(context.mesh, shaped, boneMatrices(context.mesh, shaped, rotations));
}

function sumRotations(
  { units, mesh }: PoseContext,
  weights: Readonly<Record<string, number>>,
): Map<number, [number, number, number]> {
  const sums = new Map<number, [number, number, number]>();
  for (const [unit, weight] of Object.entries(weights))
    for (const [bone, [x, y, z, w]] of Object.entries(units[unit])) {
      const sine = Math.hypot(x, y, z);
      if (sine < 1e-9) continue;
      const scale = (weight * 2 * Math.atan2(sine, w)) / sine;
      const index = mesh.boneIndex.get(bone)!;
      const sum = sums.get(index) ?? [0, 0, 0];
      sums.set(index, [sum[0] + x * scale, sum[1] + y * scale, sum[2] + z * scale]);
    }
  return sums;
}

/** Row-major 3x4 matrices; undefined = at rest. Parents come before their children in `bones`. */
function boneMatrices(
  mesh: SourceMesh,
  positions: Float64Array,
  rotations: Map<number, [number, number, number]>,
): (Float64Array | undefined)[] {
  const matrices: (Float64Array | undefined)[] = [];
  mesh.bones.forEach((bone, index) => {
    const parent = bone.parent < 0 ? undefined : matrices[bone.parent];
    const vector = rotations.get(index);
    if (vector === undefined) {
      matrices.push(parent);
      return;
    }
    const local = rotationAbout(vector, jointPosition(mesh, positions, bone.name));
    matrices.push(parent === undefined ? local : multiply(parent, local));
  });
  return matrices;
}

function rotationAbout(vector: readonly [number, number, number], centre: readonly number[]): Float64Array {
  const angle = Math.hypot(...vector);
  const [x, y, z] = vector.map((value) => value / (angle || 1));
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const t = 1 - c;
  const rows = [
    [c + x * x * t, x * y * t - z * s, x * z * t + y * s],
    [y * x * t + z * s, c + y * y * t, y * z * t - x * s],
    [z * x * t - y * s, z * y * t + x * s, c + z * z * t],
  ];
  return Float64Array.from(
    rows.flatMap((row, i) => [
      ...row,
      centre[i] - row[0] * centre[0] - row[1] * centre[1] - row[2] * centre[2],
    ]),
  );
}

function multiply(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(12);
  for (let r = 0; r < 3; r++)
    for (let c = 0; c < 4; c++)
      out[r * 4 + c] =
        a[r * 4] * b[c] + a[r * 4 + 1] * b[4 + c] + a[r * 4 + 2] * b[8 + c] + (c === 3 ? a[r * 4 + 3] : 0);
  return out;
}

function skin(
  mesh: SourceMesh,
  rest: Float64Array,
  matrices: readonly (Float64Array | undefined)[],
): Float64Array {
  const out = Float64Array.from(rest);
  for (let v = 0; v < SOURCE_VERTICES; v++) {
    if (!mesh.kept[v]) continue;
    const at = v * 3;
    const sum = [0, 0, 0];
    let total = 0;
    for (let k = 0; k < 4; k++) {
      const weight = mesh.skinWeights[v * 4 + k];
      if (weight <= 0) continue;
      total += weight;
      const m = matrices[mesh.skinBones[v * 4 + k]];
      for (let c = 0; c < 3; c++)
        sum[c] +=
          weight *
          (m === undefined
            ? rest[at + c]
            : m[c * 4] * rest[at] + m[c * 4 + 1] * rest[at + 1] + m[c * 4 + 2] * rest[at + 2] + m[c * 4 + 3]);
    }
    if (total > 0) for (let c = 0; c < 3; c++) out[at + c] = sum[c] / total;
  }
  return out;
}
