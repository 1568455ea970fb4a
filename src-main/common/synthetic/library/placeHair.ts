import { z } from 'zod';
import type { HeadModel } from '#common/head/headModel';
import { NO_SOURCE } from '#common/synthetic/library/sourceSurface';
import type { SourceSurface } from '#common/synthetic/library/sourceSurface';
import type { LibraryHair, LibraryHairName } from '#common/synthetic/library/syntheticLibrary';
import { cubed, squared } from '#common/math/portableMath';

const triple = z.tuple([z.number(), z.number(), z.number()]);

const proxySchema = z.object({
  /** Per vertex three vertices of the body, their weights, and what is added to their mean. */
  ref_vIdxs: z.array(triple),
  weights: z.array(triple),
  offsets: z.array(triple),
  uvs: z.tuple([z.array(z.number())]),
  faces: z.array(z.number()),
});

const FACE_STRIDE = 10;

/**
 * Distances on the source body, decimetres, that offsets of a style were measured with; per axis. From the headers of
 * the CC0 originals (`x_scale`, `y_scale`, `z_scale`), which the package lost.
 */
const OFFSET_SCALES: Readonly<Partial<Record<LibraryHairName, readonly [number, number, number]>>> = {
  afro01: [1.7412, 2.7409, 2.2613],
  short01: [1.6682, 2.8351, 2.3542],
  short02: [1.434, 2.4098, 2.0001],
  short04: [1.48, 2.3298, 1.9221],
};
/** Of the six other styles. */
const USUAL_SCALE = [1.398, 2.2048, 1.8461] as const;
/** Pairs of body vertices whose distance along x, y, z the scales are of. */
const SCALE_VERTICES = [[5399, 11998], [791, 881], [962, 5320]] as const; // prettier-ignore

/** Maps source vertices, helpers too, to where they are on the mean head: metres, model space. */
export type MeanPlace = (sourceVertex: number, out: Float64Array) => void;

/**
 * Vertices that were cut into the head model are where its template has them. Helpers (hair hangs on those) go with the
 * nearest of them.
 */
export function meanPlaces(model: HeadModel, sourceOf: Uint16Array, { positions }: SourceSurface): MeanPlace {
  const templateOf = new Map<number, number>();
  sourceOf.forEach((source, vertex) => {
    if (source !== NO_SOURCE && !templateOf.has(source)) templateOf.set(source, vertex);
  });
  const known = [...templateOf.keys()];
  const scale = metresPerUnit(model, templateOf, positions);
  const found = new Map<number, readonly number[]>();
  const shiftOf = (vertex: number): readonly number[] => {
    const sum = [0, 0, 0];
    let total = 0;
    for (const other of known) {
      let square = 0;
      for (let c = 0; c < 3; c++) square += squared(positions[vertex * 3 + c] - positions[other * 3 + c]);
      // Sixth power: the nearest few count, without a step where another becomes the nearest.
      const weight = 1 / cubed(square + 1e-4);
      total += weight;
      const at = (templateOf.get(other) ?? 0) * 3;
      for (let c = 0; c < 3; c++)
        sum[c] += weight * (model.template[at + c] - scale * positions[other * 3 + c]);
    }
    return sum.map((value) => value / total);
  };
  return (vertex, out) => {
    const own = templateOf.get(vertex);
    if (own !== undefined) {
      for (let c = 0; c < 3; c++) out[c] = model.template[own * 3 + c];
      return;
    }
    let shift = found.get(vertex);
    if (shift === undefined) {
      shift = shiftOf(vertex);
      found.set(vertex, shift);
    }
    for (let c = 0; c < 3; c++) out[c] = scale * positions[vertex * 3 + c] + shift[c];
  };
}

/** From the heights that both have: the model's are a mean of many people and its origin lies elsewhere. */
function metresPerUnit(
  model: HeadModel,
  templateOf: ReadonlyMap<number, number>,
  positions: Float64Array,
): number {
  const spread = (heights: readonly number[]): number => {
    const mean = heights.reduce((sum, value) => sum + value, 0) / heights.length;
    return Math.sqrt(heights.reduce((sum, value) => sum + squared(value - mean), 0));
  };
  const pairs = [...templateOf];
  const ours = spread(pairs.map(([, vertex]) => model.template[vertex * 3 + 1]));
  return ours / spread(pairs.map(([source]) => positions[source * 3 + 1]));
}

/** A style on the mean head. Throws where `json` is no clothes proxy. */
export function placeHair(
  name: LibraryHairName,
  json: unknown,
  placeOf: MeanPlace,
  texture: LibraryHair['texture'],
): LibraryHair {
  const proxy = proxySchema.parse(json);
  const scales = offsetScales(name, placeOf);
  const at = new Float64Array(3);
  const places = new Float64Array(proxy.offsets.length * 3);
  proxy.ref_vIdxs.forEach((references, vertex) => {
    for (let c = 0; c < 3; c++) places[vertex * 3 + c] = proxy.offsets[vertex][c] * scales[c];
    references.forEach((reference, k) => {
      placeOf(reference, at);
      for (let c = 0; c < 3; c++) places[vertex * 3 + c] += proxy.weights[vertex][k] * at[c];
    });
  });
  return { name, ...splitAtSeams(proxy.faces, places, proxy.uvs[0]), texture };
}

/** Metres per unit of offset, per axis. */
function offsetScales(name: LibraryHairName, placeOf: MeanPlace): readonly number[] {
  const [first, second] = [new Float64Array(3), new Float64Array(3)];
  const measured = OFFSET_SCALES[name] ?? USUAL_SCALE;
  return SCALE_VERTICES.map(([a, b], c) => {
    placeOf(a, first);
    placeOf(b, second);
    return Math.abs(first[c] - second[c]) / measured[c];
  });
}

/** One vertex for each pair of place and texture point that a corner uses. */
function splitAtSeams(
  faces: readonly number[],
  places: Float64Array,
  textureUvs: readonly number[],
): Pick<LibraryHair, 'positions' | 'uvs' | 'indices'> {
  const numbers = new Map<number, number>();
  const positions: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  const vertexOf = (place: number, uv: number): number => {
    const key = place * 65536 + uv;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = positions.length / 3;
    numbers.set(key, number);
    positions.push(places[place * 3], places[place * 3 + 1], places[place * 3 + 2]);
    uvs.push(textureUvs[uv * 2], 1 - textureUvs[uv * 2 + 1]);
    return number;
  };
  for (let i = 0; i + FACE_STRIDE <= faces.length; i += FACE_STRIDE) {
    const corners = [0, 1, 2, 3].map((k) => vertexOf(faces[i + 1 + k], faces[i + 6 + k]));
    indices.push(corners[0], corners[1], corners[2]);
    // Triangles are quads that name a vertex twice.
    if (corners[3] !== corners[0] && corners[3] !== corners[2])
      indices.push(corners[0], corners[2], corners[3]);
  }
  return {
    positions: Float32Array.from(positions),
    uvs: Float32Array.from(uvs),
    indices: Uint32Array.from(indices),
  };
}
