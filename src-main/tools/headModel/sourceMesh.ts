import { readFileSync } from 'node:fs';

/** Source vertices in all; 0..13379 are the body, the rest helpers that only steer other parts. */
export const SOURCE_VERTICES = 19158;
const BODY_VERTICES = 13380;
export const TONGUE_RANGE = [13380, 13606] as const;
export const EYE_RANGES = { left: [14598, 14670], right: [14670, 14742] } as const;
export const TEETH_RANGES = { lower: [14992, 15060], upper: [15060, 15128] } as const;

/** A bone of the source rig; `headVertices` average to its joint, so it follows every identity. */
export interface SourceBone {
  readonly name: string;
  readonly parent: number;
  readonly headVertices: readonly number[];
}

/** The source base mesh. Decimetres, x = subject's left, y up, z to the front. */
export interface SourceMesh {
  readonly positions: Float64Array;
  /** Four vertex indices per quad, body surface. */
  readonly bodyQuads: Uint32Array;
  /** Texture islands of `bodyQuads`: what the source's author cut apart (head, mouth, body, eye sockets). */
  readonly bodyIslands: Uint8Array;
  readonly tongueQuads: Uint32Array;
  readonly bones: readonly SourceBone[];
  readonly boneIndex: ReadonlyMap<string, number>;
  readonly skinBones: Int32Array;
  readonly skinWeights: Float32Array;
  /** The vertex on the other side of the mid plane (itself on the plane). */
  readonly mirror: Uint32Array;
  /** Vertices the head needs: near the cut or above it. */
  readonly kept: Uint8Array;
}

export const ISLAND = { head: 0, mouth: 1, socket: 2, body: 3 } as const;

interface ThreeJson {
  readonly vertices: readonly number[];
  readonly uvs: readonly (readonly number[])[];
  readonly faces: readonly number[];
  readonly skinIndices: readonly number[];
  readonly skinWeights: readonly number[];
  readonly bones: readonly { readonly name: string; readonly parent: number }[];
  readonly metadata: { readonly joint_pos_idxs: Readonly<Record<string, readonly number[]>> };
}

/** The shoulder cut, decimetres: well outside the portrait crop, which ends at 5.4 and 1.6. */
const CUT_BELOW = 4.4;
const CUT_BESIDE = 2.6;

/** Reads `human_full_size.json` (three.js JSON 3.1; every face is a quad with material and vertex uvs). */
export function readSourceMesh(path: string): SourceMesh {
  const json = JSON.parse(readFileSync(path, 'utf8')) as ThreeJson;
  const positions = Float64Array.from(json.vertices);
  const kept = new Uint8Array(SOURCE_VERTICES);
  for (let v = 0; v < SOURCE_VERTICES; v++)
    kept[v] = positions[v * 3 + 1] > CUT_BELOW && Math.abs(positions[v * 3]) < CUT_BESIDE ? 1 : 0;
  return { positions, kept, mirror: mirrorMap(positions, kept), ...readQuads(json), ...readRig(json) };
}

const FACE_STRIDE = 10;

function readQuads(json: ThreeJson): Pick<SourceMesh, 'bodyQuads' | 'bodyIslands' | 'tongueQuads'> {
  const body: number[] = [];
  const islands: number[] = [];
  const tongue: number[] = [];
  const uv = json.uvs[0];
  for (let i = 0; i < json.faces.length; i += FACE_STRIDE) {
    const corners = json.faces.slice(i + 1, i + 5);
    if (json.faces[i + 5] === 0) {
      body.push(...corners);
      const first = json.faces[i + 6];
      islands.push(islandOf(uv[first * 2], uv[first * 2 + 1]));
    } else if (corners.every((v) => v >= TONGUE_RANGE[0] && v < TONGUE_RANGE[1])) tongue.push(...corners);
  }
  return {
    bodyQuads: Uint32Array.from(body),
    bodyIslands: Uint8Array.from(islands),
    tongueQuads: Uint32Array.from(tongue),
  };
}

/** The islands are far apart in the source's texture, so boxes tell them from each other. */
function islandOf(u: number, v: number): number {
  if (v < 0.145 && u > 0.7) return ISLAND.mouth;
  if (u < 0.16 && v > 0.54 && v < 0.635) return ISLAND.socket;
  return u > 0.638 && v < 0.83 ? ISLAND.head : ISLAND.body;
}

/** 326 bones are 163 real ones, each behind a zero-length `NAME____head` parent: fold those away. */
function readRig(json: ThreeJson): Pick<SourceMesh, 'bones' | 'boneIndex' | 'skinBones' | 'skinWeights'> {
  const realName = (index: number): string => json.bones[index].name.replace('____head', '');
  const boneIndex = new Map<string, number>();
  const bones: SourceBone[] = [];
  json.bones.forEach((bone, index) => {
    if (bone.name.endsWith('____head')) return;
    let parent = json.bones[index].parent;
    while (parent >= 0 && realName(parent) === bone.name) parent = json.bones[parent].parent;
    const headVertices = json.metadata.joint_pos_idxs[`${bone.name}____head`];
    bones.push({ name: bone.name, parent: parent < 0 ? -1 : boneIndex.get(realName(parent))!, headVertices });
    boneIndex.set(bone.name, bones.length - 1);
  });
  return {
    bones,
    boneIndex,
    skinBones: Int32Array.from(json.skinIndices, (index) => boneIndex.get(realName(index))!),
    skinWeights: Float32Array.from(json.skinWeights),
  };
}

/** The source is symmetric to the last digit, helpers included, so a rounded lookup is exact. */
function mirrorMap(positions: Float64Array, kept: Uint8Array): Uint32Array {
  const groupOf = (v: number): number =>
    v < BODY_VERTICES ? 0 : v < TONGUE_RANGE[1] ? 1 : v < 14598 ? 2 : 3;
  const key = (v: number, sign: number): string =>
    [groupOf(v), sign * positions[v * 3], positions[v * 3 + 1], positions[v * 3 + 2]]
      .map((value) => Math.round(value * 2000) + 0)
      .join();
  const lookup = new Map<string, number>();
  for (let v = 0; v < SOURCE_VERTICES; v++) if (kept[v]) lookup.set(key(v, 1), v);
  const mirror = Uint32Array.from({ length: SOURCE_VERTICES }, (_, v) => v);
  for (let v = 0; v < SOURCE_VERTICES; v++) {
    if (!kept[v]) continue;
    mirror[v] = lookup.get(key(v, -1)) ?? v;
  }
  return mirror;
}

/** Mean position of a bone's joint vertices under `positions`. */
export function jointPosition(
  mesh: SourceMesh,
  positions: ArrayLike<number>,
  bone: string,
): [number, number, number] {
  const { headVertices } = mesh.bones[mesh.boneIndex.get(bone)!];
  const sum: [number, number, number] = [0, 0, 0];
  for (const v of headVertices)
    for (let c = 0; c < 3; c++) sum[c] += positions[v * 3 + c] / headVertices.length;
  return sum;
}
