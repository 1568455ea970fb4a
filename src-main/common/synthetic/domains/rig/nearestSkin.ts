import type { HeadModel } from '#common/head/headModel';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import type { Anchors } from '#common/synthetic/heads/bind/surfaceBinding';
import { norm3, squared } from '#common/math/portableMath';

/** Side of the search grid's cells, metres. */
const CELL = 0.02;
/** Step of the lattice that carrying is evaluated on, metres. */
const LATTICE = 0.016;
/** Reach of the weights with which people's differences from the mean go over to a prop, metres. */
const SMOOTH = 0.03;

/** Looks up the skin of the (warped) mean head. */
export class NearestSkin {
  readonly #model: HeadModel;
  readonly #positions: Float32Array;
  readonly #triangles = new Map<number, number[]>();
  readonly #sparse: readonly number[];
  readonly #lattice = new Map<number, readonly number[]>();
  #latticeOf: Float32Array | undefined;

  /** @param positions the model's vertices on the warped mean head, metres */
  constructor(model: HeadModel, positions: Float32Array) {
    this.#model = model;
    this.#positions = positions;
    const skin = model.parts[0];
    for (let k = skin.firstIndex; k < skin.firstIndex + skin.indexCount; k += 3) {
      const key = this.#key(...this.#center(k));
      const list = this.#triangles.get(key);
      if (list) list.push(k);
      else this.#triangles.set(key, [k]);
    }
    // Every fourth vertex is enough for a smooth mean.
    this.#sparse = Array.from(
      { length: Math.floor(skin.vertexCount / 4) },
      (_, i) => skin.firstVertex + i * 4,
    );
  }

  /** The triangle whose centre is nearest to each point, with the weights of the point's projection, clamped. */
  anchors(points: Float32Array): Anchors {
    const count = points.length / 3;
    const corners = new Uint32Array(points.length);
    const weights = new Float32Array(points.length);
    for (let v = 0; v < count; v++) {
      const k = this.#nearestTriangle(points[v * 3], points[v * 3 + 1], points[v * 3 + 2]);
      for (let c = 0; c < 3; c++) corners[v * 3 + c] = this.#model.indices[k + c];
      this.#weigh(corners, weights, v * 3, points);
    }
    return { corners, weights };
  }

  /** The triangle nearest to one place (millimetres) for all of `count` points. */
  oneAnchor(place: readonly [number, number, number], count: number): Anchors {
    const one = this.anchors(Float32Array.from(place, (value) => value * MILLIMETRE));
    return {
      corners: Uint32Array.from({ length: count * 3 }, (_, k) => one.corners[k % 3]),
      weights: Float32Array.from({ length: count * 3 }, (_, k) => one.weights[k % 3]),
    };
  }

  /**
   * How far people's skin near each point is from the mean's, metres: a wide weighted mean, so that props are carried
   * whole instead of being torn. Evaluated on a coarse lattice and interpolated.
   */
  carry(points: Float32Array, person: Float32Array): Float32Array {
    const out = new Float32Array(points.length);
    for (let v = 0; v < points.length; v += 3) {
      const cell = [0, 1, 2].map((c) => Math.floor(points[v + c] / LATTICE));
      const share = cell.map((at, c) => points[v + c] / LATTICE - at);
      for (let corner = 0; corner < 8; corner++) {
        const step = [corner & 1, (corner >> 1) & 1, corner >> 2];
        const weight = step.reduce((product, far, c) => product * (far ? share[c] : 1 - share[c]), 1);
        const value = this.#latticeValue(cell[0] + step[0], cell[1] + step[1], cell[2] + step[2], person);
        for (let c = 0; c < 3; c++) out[v + c] += weight * value[c];
      }
    }
    return out;
  }

  #latticeValue(i: number, j: number, k: number, person: Float32Array): readonly number[] {
    if (this.#latticeOf !== person) {
      this.#lattice.clear();
      this.#latticeOf = person;
    }
    const key = ((i + 512) * 1024 + j + 512) * 1024 + k + 512;
    let value = this.#lattice.get(key);
    if (value === undefined) {
      value = this.#meanDifference(i * LATTICE, j * LATTICE, k * LATTICE, person);
      this.#lattice.set(key, value);
    }
    return value;
  }

  #meanDifference(px: number, py: number, pz: number, person: Float32Array): readonly number[] {
    const mean = this.#positions;
    let total = 1e-9;
    let [dx, dy, dz] = [0, 0, 0];
    for (const s of this.#sparse) {
      const x = mean[s * 3] - px;
      const y = mean[s * 3 + 1] - py;
      const z = mean[s * 3 + 2] - pz;
      const near = 1 / (1 + (x * x + y * y + z * z) / (SMOOTH * SMOOTH));
      const weight = near * near * near;
      total += weight;
      dx += weight * (person[s * 3] - mean[s * 3]);
      dy += weight * (person[s * 3 + 1] - mean[s * 3 + 1]);
      dz += weight * (person[s * 3 + 2] - mean[s * 3 + 2]);
    }
    return [dx / total, dy / total, dz / total];
  }

  #center(k: number): [number, number, number] {
    const { indices } = this.#model;
    const p = this.#positions;
    const axis = (c: number): number =>
      (p[indices[k] * 3 + c] + p[indices[k + 1] * 3 + c] + p[indices[k + 2] * 3 + c]) / 3;
    return [axis(0), axis(1), axis(2)];
  }

  #key(x: number, y: number, z: number): number {
    return (
      (Math.floor(x / CELL) + 64) * 16384 + (Math.floor(y / CELL) + 64) * 128 + Math.floor(z / CELL) + 64
    );
  }

  #nearestTriangle(x: number, y: number, z: number): number {
    let best = this.#model.parts[0].firstIndex;
    let nearest = Infinity;
    for (let ring = 1; ring <= 8 && nearest === Infinity; ring *= 2) {
      for (let dx = -ring; dx <= ring; dx++)
        for (let dy = -ring; dy <= ring; dy++)
          for (let dz = -ring; dz <= ring; dz++) {
            const list = this.#triangles.get(this.#key(x + dx * CELL, y + dy * CELL, z + dz * CELL));
            if (!list) continue;
            for (const k of list) {
              const [cx, cy, cz] = this.#center(k);
              const distance = squared(cx - x) + squared(cy - y) + squared(cz - z);
              if (distance < nearest) {
                nearest = distance;
                best = k;
              }
            }
          }
    }
    return best;
  }

  #weigh(corners: Uint32Array, weights: Float32Array, at: number, points: Float32Array): void {
    const p = this.#positions;
    let total = 0;
    for (let c = 0; c < 3; c++) {
      const k = corners[at + c] * 3;
      const d = norm3(p[k] - points[at], p[k + 1] - points[at + 1], p[k + 2] - points[at + 2]);
      weights[at + c] = 1 / (d + 0.001);
      total += weights[at + c];
    }
    for (let c = 0; c < 3; c++) weights[at + c] /= total;
  }
}
