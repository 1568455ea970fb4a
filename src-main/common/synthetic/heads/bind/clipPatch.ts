import type { LiftedPatch } from '#common/synthetic/heads/bind/liftedPatch';

/** A patch cut along a line; it has no vertices of the model at the cut, so no `vertices`. */
export type ClippedPatch = Omit<LiftedPatch, 'vertices'> & {
  /** The field at each vertex, 0 on the cut. */
  readonly field: Float32Array;
};

/**
 * Cuts a patch where a field over its vertices changes sign and keeps the positive side: a straight hem instead of
 * the saw teeth of whole triangles.
 *
 * @param field one number a vertex of the patch
 */
export function clipPatch(patch: LiftedPatch, field: Float32Array): ClippedPatch {
  const builder = new ClipBuilder(patch, field);
  const { indices } = patch;
  for (let t = 0; t < indices.length; t += 3) builder.addTriangle(indices[t], indices[t + 1], indices[t + 2]);
  return builder.finish();
}

class ClipBuilder {
  readonly #patch: LiftedPatch;
  readonly #source: Float32Array;
  readonly #slots = new Map<string, number>();
  readonly #indices: number[] = [];
  readonly #rest: number[] = [];
  readonly #canonical: number[] = [];
  readonly #corners: number[] = [];
  readonly #weights: number[] = [];
  readonly #field: number[] = [];

  constructor(patch: LiftedPatch, field: Float32Array) {
    this.#patch = patch;
    this.#source = field;
  }

  addTriangle(a: number, b: number, c: number): void {
    const corners = [a, b, c];
    const outline: number[] = [];
    for (let k = 0; k < 3; k++) {
      const from = corners[k];
      const to = corners[(k + 1) % 3];
      if (this.#source[from] >= 0) outline.push(this.#vertex(from, from, 0, corners));
      if (this.#source[from] >= 0 !== this.#source[to] >= 0) {
        const t = this.#source[from] / (this.#source[from] - this.#source[to]);
        outline.push(this.#vertex(from, to, t, corners));
      }
    }
    for (let k = 2; k < outline.length; k++) this.#indices.push(outline[0], outline[k - 1], outline[k]);
  }

  /** The vertex at share `t` of the edge, made once; anchored to the model's triangle that the edge belongs to. */
  #vertex(from: number, to: number, t: number, triangle: readonly number[]): number {
    const key = from === to ? `${from}` : from < to ? `${from}/${to}` : `${to}/${from}`;
    let slot = this.#slots.get(key);
    if (slot !== undefined) return slot;
    slot = this.#field.length;
    this.#slots.set(key, slot);
    const { rest, canonical, vertices } = this.#patch;
    for (let c = 0; c < 3; c++) {
      this.#rest.push(rest[from * 3 + c] * (1 - t) + rest[to * 3 + c] * t);
      this.#canonical.push(canonical[from * 3 + c] * (1 - t) + canonical[to * 3 + c] * t);
      this.#corners.push(vertices[triangle[c]]);
      this.#weights.push((triangle[c] === from ? 1 - t : 0) + (triangle[c] === to ? t : 0));
    }
    if (from === to) this.#weights.splice(-3, 3, ...triangle.map((vertex) => (vertex === from ? 1 : 0)));
    this.#field.push(this.#source[from] * (1 - t) + this.#source[to] * t);
    return slot;
  }

  finish(): ClippedPatch {
    return {
      indices: Uint32Array.from(this.#indices),
      rest: Float32Array.from(this.#rest),
      canonical: Float32Array.from(this.#canonical),
      anchors: { corners: Uint32Array.from(this.#corners), weights: Float32Array.from(this.#weights) },
      field: Float32Array.from(this.#field),
    };
  }
}
