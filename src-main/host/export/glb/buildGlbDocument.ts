import {
  type Accessor,
  type Animation,
  Document,
  type Buffer,
  Logger,
  type Material,
  type Node,
  Verbosity,
} from '@gltf-transform/core';
import { AppError } from '#common/contract/errors';
import type { Avatar } from '#common/rig/avatar';
import type { AvatarGeometry, SparseMorph } from '#common/rig/avatarGeometry';
import type { MotionCurves } from '#host/export/glb/glbMotion';
import { glbSkin } from '#host/export/glb/glbSkin';
import { smoothNormals } from '#host/export/glb/smoothNormals';
import { UnlitExtension } from '#host/export/glb/unlitExtension';

export interface GlbContents {
  readonly avatar: Pick<Avatar, 'name' | 'geometry'>;
  readonly atlasJpeg: Uint8Array;
  readonly motion?: { readonly name: string; readonly curves: MotionCurves };
  readonly generator: string;
  /** JSON-safe facts kept in `asset.extras`. */
  readonly extras: Readonly<Record<string, unknown>>;
}

/** Below a micrometre a delta is noise of the transfer and only costs bytes. */
const NEGLIGIBLE_METRES = 1e-6;

/**
 * The avatar as a glTF document: one skinned mesh of one primitive, 52 sparse morph targets, joints as nodes with
 * their rest positions, one unlit material, at most one animation. glTF and the avatar share axes and units
 * (metres, y up, face to +z), and texture v runs down in both, so nothing is converted.
 * Throws `avatar.damaged` where a number is not finite.
 */
export function buildGlbDocument(contents: GlbContents): Document {
  const { avatar, motion } = contents;
  checkFinite(avatar.geometry);
  // Its warnings are about file size; the validator judges the file.
  const document = new Document().setLogger(new Logger(Verbosity.SILENT));
  const asset = document.getRoot().getAsset();
  asset.generator = contents.generator;
  asset['extras'] = { ...contents.extras };
  const buffer = document.createBuffer();
  const joints = addJoints(document, avatar.geometry);
  const meshNode = addMesh(document, buffer, contents, joints);
  const scene = document.createScene('Scene').addChild(meshNode).addChild(joints[0]);
  document.getRoot().setDefaultScene(scene);
  if (motion !== undefined) {
    addAnimation(document, buffer, motion, {
      mesh: meshNode,
      neck: jointNode(joints, 'neck'),
      head: jointNode(joints, 'head'),
    });
  }
  return document;
}

function checkFinite({ positions, uvs, skinWeights, morphs }: AvatarGeometry): void {
  const lists = [positions, uvs, skinWeights, ...morphs.map(({ deltas }) => deltas)];
  if (!lists.every((list) => list.every(Number.isFinite))) {
    throw new AppError('avatar.damaged', 'The avatar holds numbers that are not finite; make it again.');
  }
}

function addJoints(document: Document, { joints }: AvatarGeometry): Node[] {
  const nodes: Node[] = [];
  for (const { name, parent, position } of joints) {
    const above = parent < 0 ? [0, 0, 0] : joints[parent].position;
    const node = document
      .createNode(name)
      .setTranslation([position[0] - above[0], position[1] - above[1], position[2] - above[2]]);
    if (parent >= 0) nodes[parent].addChild(node);
    nodes.push(node);
  }
  return nodes;
}

function jointNode(joints: readonly Node[], name: string): Node {
  const node = joints.find((joint) => joint.getName() === name);
  if (node === undefined)
    throw new AppError('avatar.damaged', `The avatar has no ${name} joint; make it again.`);
  return node;
}

function addMesh(document: Document, buffer: Buffer, contents: GlbContents, joints: readonly Node[]): Node {
  const { name, geometry } = contents.avatar;
  const { positions, indices } = geometry;
  const vertexCount = positions.length / 3;
  const skin = glbSkin(geometry);
  const accessor = (
    type: ReturnType<Accessor['getType']>,
    array: Float32Array | Uint8Array | Uint16Array | Uint32Array,
  ) => document.createAccessor().setType(type).setArray(array).setBuffer(buffer);
  const primitive = document
    .createPrimitive()
    .setIndices(accessor('SCALAR', vertexCount < 65_535 ? Uint16Array.from(indices) : indices.slice()))
    .setAttribute('POSITION', accessor('VEC3', positions.slice()))
    .setAttribute('NORMAL', accessor('VEC3', smoothNormals(positions, indices)))
    .setAttribute('TEXCOORD_0', accessor('VEC2', geometry.uvs.slice()))
    .setAttribute('JOINTS_0', accessor('VEC4', skin.joints))
    .setAttribute('WEIGHTS_0', accessor('VEC4', skin.weights))
    .setMaterial(addMaterial(document, contents.atlasJpeg, geometry));
  for (const morph of geometry.morphs) {
    const { array, count } = denseDeltas(morph, vertexCount);
    const deltas = accessor('VEC3', array).setSparse(count <= vertexCount / 2);
    primitive.addTarget(document.createPrimitiveTarget(morph.name).setAttribute('POSITION', deltas));
  }
  const mesh = document
    .createMesh(name)
    .addPrimitive(primitive)
    .setWeights(geometry.morphs.map(() => 0));
  return document
    .createNode(name)
    .setMesh(mesh)
    .setSkin(addSkin(document, buffer, geometry, joints));
}

function denseDeltas(
  morph: SparseMorph,
  vertexCount: number,
): { array: Float32Array<ArrayBuffer>; count: number } {
  const array = new Float32Array(vertexCount * 3);
  let count = 0;
  morph.vertices.forEach((vertex, index) => {
    const delta = morph.deltas.subarray(index * 3, index * 3 + 3);
    if (!delta.some((value) => Math.abs(value) >= NEGLIGIBLE_METRES)) return;
    array.set(delta, vertex * 3);
    count++;
  });
  return { array, count };
}

/** Shells have open ends; without one all is closed, and outlines of a look are hulls turned inside out. */
function addMaterial(document: Document, jpeg: Uint8Array, { parts }: AvatarGeometry): Material {
  const texture = document.createTexture('atlas').setMimeType('image/jpeg').setImage(Uint8Array.from(jpeg));
  return document
    .createMaterial('avatar')
    .setBaseColorTexture(texture)
    .setMetallicFactor(0)
    .setRoughnessFactor(1)
    .setDoubleSided(parts.some(({ name }) => name === 'shell'))
    .setExtension('KHR_materials_unlit', document.createExtension(UnlitExtension).createUnlit());
}

function addSkin(document: Document, buffer: Buffer, { joints }: AvatarGeometry, nodes: readonly Node[]) {
  const inverse = new Float32Array(joints.length * 16);
  joints.forEach(({ position }, index) => {
    const [x, y, z] = position;
    inverse.set([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -x, -y, -z, 1], index * 16);
  });
  const matrices = document.createAccessor().setType('MAT4').setArray(inverse).setBuffer(buffer);
  const skin = document.createSkin('avatar').setInverseBindMatrices(matrices).setSkeleton(nodes[0]);
  for (const node of nodes) skin.addJoint(node);
  return skin;
}

function addAnimation(
  document: Document,
  buffer: Buffer,
  motion: { readonly name: string; readonly curves: MotionCurves },
  nodes: { readonly mesh: Node; readonly neck: Node; readonly head: Node },
): void {
  const { times, weights, neck, head } = motion.curves;
  const input = scalars(times);
  const animation: Animation = document.createAnimation(motion.name);
  add(nodes.mesh, 'weights', scalars(weights));
  add(nodes.neck, 'rotation', quaternions(neck));
  add(nodes.head, 'rotation', quaternions(head));

  function scalars(array: Float32Array): Accessor {
    return document.createAccessor().setType('SCALAR').setArray(array.slice()).setBuffer(buffer);
  }
  function quaternions(array: Float32Array): Accessor {
    return document.createAccessor().setType('VEC4').setArray(array.slice()).setBuffer(buffer);
  }
  function add(node: Node, path: 'weights' | 'rotation', output: Accessor): void {
    const sampler = document
      .createAnimationSampler()
      .setInput(input)
      .setOutput(output)
      .setInterpolation('LINEAR');
    const channel = document
      .createAnimationChannel()
      .setTargetNode(node)
      .setTargetPath(path)
      .setSampler(sampler);
    animation.addSampler(sampler).addChannel(channel);
  }
}
