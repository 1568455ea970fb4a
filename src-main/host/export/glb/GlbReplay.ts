import {
  type Accessor,
  type AnimationChannel,
  type Document,
  type Node,
  NodeIO,
  type Primitive,
} from '@gltf-transform/core';
import { invariant } from '#common/contract/errors';
import { UnlitExtension } from '#host/export/glb/unlitExtension';

/** What a player shows at one time. */
export interface ReplayedFrame {
  readonly weights: Float32Array;
  readonly neck: readonly number[];
  readonly head: readonly number[];
  /** Skinned positions in scene metres, three per vertex. */
  readonly positions: Float32Array;
}

/**
 * Plays a GLB as the glTF specification says (3.7.3.3 skins, 3.11 animations): read from bytes, so that it checks
 * what was written and not what was meant. Independent of RigEvaluator on purpose.
 */
export class GlbReplay {
  readonly #document: Document;
  readonly #meshNode: Node;
  readonly #primitive: Primitive;
  readonly #restPositions: Float32Array;
  readonly #targets: readonly Float32Array[];

  private constructor(document: Document) {
    this.#document = document;
    const meshNode = document
      .getRoot()
      .listNodes()
      .find((node) => node.getMesh() !== null);
    const primitive = meshNode?.getMesh()?.listPrimitives()[0];
    invariant(meshNode !== undefined && primitive !== undefined, 'the file holds a mesh');
    this.#meshNode = meshNode;
    this.#primitive = primitive;
    this.#restPositions = floats(primitive.getAttribute('POSITION'));
    this.#targets = primitive.listTargets().map((target) => floats(target.getAttribute('POSITION')));
  }

  static async read(bytes: Uint8Array): Promise<GlbReplay> {
    return new GlbReplay(await new NodeIO().registerExtensions([UnlitExtension]).readBinary(bytes));
  }

  get targetNames(): readonly string[] {
    return this.#primitive.listTargets().map((target) => target.getName());
  }

  /** Seconds, rising; empty without an animation. */
  get keyTimes(): Float32Array {
    return this.#channel('weights', undefined) === undefined
      ? new Float32Array(0)
      : floats(this.#sampler('weights', undefined).getInput());
  }

  /** Interpolates linearly between keys and skins; without an animation the rest pose. */
  frameAt(timeSeconds: number): ReplayedFrame {
    const weights = Float32Array.from(
      this.#sample('weights', undefined, timeSeconds, 52) ?? this.#meshNode.getWeights(),
    );
    const neck = this.#turn('neck', timeSeconds);
    const head = this.#turn('head', timeSeconds);
    return {
      weights: weights.length === 52 ? weights : new Float32Array(52),
      neck,
      head,
      positions: this.#skin(weights),
    };
  }

  #channel(path: string, nodeName: string | undefined): AnimationChannel | undefined {
    const channels = this.#document.getRoot().listAnimations()[0]?.listChannels() ?? [];
    return channels.find(
      (channel) =>
        channel.getTargetPath() === path &&
        (nodeName === undefined || channel.getTargetNode()?.getName() === nodeName),
    );
  }

  #sampler(path: string, nodeName: string | undefined) {
    const sampler = this.#channel(path, nodeName)?.getSampler();
    invariant(sampler !== null && sampler !== undefined, `the animation has a ${path} sampler`);
    return sampler;
  }

  #sample(path: string, nodeName: string | undefined, time: number, size: number): number[] | undefined {
    if (this.#channel(path, nodeName) === undefined) return undefined;
    const sampler = this.#sampler(path, nodeName);
    const times = floats(sampler.getInput());
    const values = floats(sampler.getOutput());
    let next = 0;
    while (next < times.length - 1 && times[next] < time) next++;
    const last = times[next] <= time || next === 0 ? next : next - 1;
    const share = next === last ? 0 : (time - times[last]) / (times[next] - times[last]);
    return Array.from({ length: size }, (_, k) => {
      const from = values[last * size + k];
      return from + share * (values[next * size + k] - from);
    });
  }

  #turn(name: string, time: number): readonly number[] {
    const node = this.#document
      .getRoot()
      .listNodes()
      .find((candidate) => candidate.getName() === name);
    invariant(node !== undefined, `the file has a ${name} node`);
    const raw = this.#sample('rotation', name, time, 4) ?? [0, 0, 0, 1];
    const length = Math.hypot(...raw);
    const rotation = raw.map((value) => value / length) as [number, number, number, number];
    node.setRotation(rotation);
    return rotation;
  }

  #skin(weights: Float32Array): Float32Array {
    const posed = this.#restPositions.slice();
    this.#targets.forEach((target, index) => {
      const weight = weights[index] ?? 0;
      if (weight !== 0) for (let k = 0; k < posed.length; k++) posed[k] += weight * target[k];
    });
    const matrices = this.#jointMatrices();
    const joints: unknown = this.#primitive.getAttribute('JOINTS_0')?.getArray();
    const shares = floats(this.#primitive.getAttribute('WEIGHTS_0'));
    invariant(joints instanceof Uint8Array, 'the mesh names joints by bytes');
    const out = new Float32Array(posed.length);
    for (let vertex = 0; vertex * 3 < posed.length; vertex++) {
      for (let slot = vertex * 4; slot < vertex * 4 + 4; slot++) {
        if (shares[slot] !== 0) addTransformed(matrices[joints[slot]], shares[slot], posed, out, vertex * 3);
      }
    }
    return out;
  }

  #jointMatrices(): Float64Array[] {
    const skin = this.#meshNode.getSkin();
    invariant(skin !== null, 'the mesh has a skin');
    const inverse = floats(skin.getInverseBindMatrices());
    return skin.listJoints().map((joint, index) => {
      return multiply(joint.getWorldMatrix(), inverse.subarray(index * 16, index * 16 + 16));
    });
  }
}

function floats(accessor: Accessor | null): Float32Array {
  const array: unknown = accessor?.getArray();
  invariant(array instanceof Float32Array, 'the accessor holds floats');
  return array;
}

/** Column-major 4 x 4 product. */
function multiply(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: 16 }, (_, index) => {
    const row = index % 4;
    const column = index - row;
    return (
      a[row] * b[column] +
      a[row + 4] * b[column + 1] +
      a[row + 8] * b[column + 2] +
      a[row + 12] * b[column + 3]
    );
  });
}

function addTransformed(
  m: Float64Array,
  share: number,
  from: Float32Array,
  to: Float32Array,
  k: number,
): void {
  const [x, y, z] = [from[k], from[k + 1], from[k + 2]];
  for (let row = 0; row < 3; row++) {
    to[k + row] += share * (m[row] * x + m[row + 4] * y + m[row + 8] * z + m[row + 12]);
  }
}
