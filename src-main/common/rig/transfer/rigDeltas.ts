import { ARKIT_CHANNELS, type ArkitChannel } from '#common/head/arkitChannels';
import type { Corrective } from '#common/head/headModel';
import type { SparseCorrective, SparseDelta, SparseMorph } from '#common/rig/avatarGeometry';

/** Displacements smaller than a micrometre in every axis are left out of sparse deltas. */
const SMALLEST_DELTA = 1e-6;

type Drivers = Corrective['drivers'];

interface DenseCorrective {
  readonly name: string;
  readonly drivers: Drivers;
  readonly delta: Float32Array;
}

/** The morphs and correctives of one person while they are being solved: dense, vertexCount * 3 each. */
export class RigDeltas {
  readonly vertexCount: number;
  readonly #morphs: ReadonlyMap<ArkitChannel, Float32Array>;
  readonly #correctives = new Map<string, DenseCorrective>();

  constructor(vertexCount: number) {
    this.vertexCount = vertexCount;
    this.#morphs = new Map(ARKIT_CHANNELS.map((name) => [name, new Float32Array(vertexCount * 3)]));
  }

  morph(channel: ArkitChannel): Float32Array {
    return this.#morphs.get(channel)!;
  }

  /** The corrective with these drivers in any order; made with zeros where there is none yet. */
  corrective(drivers: Drivers): Float32Array {
    const key = drivers
      .map(({ channel, shape }) => (shape === 'hat' ? `${channel}Half` : channel))
      .toSorted()
      .join('+');
    let entry = this.#correctives.get(key);
    if (entry === undefined) {
      entry = { name: key, drivers, delta: new Float32Array(this.vertexCount * 3) };
      this.#correctives.set(key, entry);
    }
    return entry.delta;
  }

  /** The corrective that acts fully at half a channel and not at its ends. */
  half(channel: ArkitChannel): Float32Array {
    return this.corrective([{ channel, shape: 'hat' }]);
  }

  /** The corrective that acts fully where both channels are at 1. */
  product(a: ArkitChannel, b: ArkitChannel): Float32Array {
    return this.corrective([
      { channel: a, shape: 'linear' },
      { channel: b, shape: 'linear' },
    ]);
  }

  /** All arrays, for passes over everything. */
  *all(): Generator<Float32Array> {
    yield* this.#morphs.values();
    for (const { delta } of this.#correctives.values()) yield delta;
  }

  sparseMorphs(): SparseMorph[] {
    return ARKIT_CHANNELS.map((name) => ({ name, ...toSparse(this.morph(name)) }));
  }

  /** Without the empty ones. */
  sparseCorrectives(): SparseCorrective[] {
    return [...this.#correctives.values()]
      .map(({ name, drivers, delta }) => ({ name, drivers, ...toSparse(delta) }))
      .filter(({ vertices }) => vertices.length > 0);
  }
}

function toSparse(delta: Float32Array): SparseDelta {
  let count = 0;
  for (let at = 0; at < delta.length; at += 3) if (isMoved(delta, at)) count++;
  const vertices = new Uint32Array(count);
  const deltas = new Float32Array(count * 3);
  for (let at = 0, k = 0; at < delta.length && k < count; at += 3) {
    if (!isMoved(delta, at)) continue;
    vertices[k] = at / 3;
    deltas[k * 3] = delta[at];
    deltas[k * 3 + 1] = delta[at + 1];
    deltas[k * 3 + 2] = delta[at + 2];
    k++;
  }
  return { vertices, deltas };
}

function isMoved(delta: Float32Array, at: number): boolean {
  const x = delta[at];
  const y = delta[at + 1];
  const z = delta[at + 2];
  return (
    x > SMALLEST_DELTA || x < -SMALLEST_DELTA ||
    y > SMALLEST_DELTA || y < -SMALLEST_DELTA ||
    z > SMALLEST_DELTA || z < -SMALLEST_DELTA
  ); // prettier-ignore
}
