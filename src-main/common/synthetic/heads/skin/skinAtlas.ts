import type { HeadModel } from '#common/head/headModel';
import { rasterizeScreen } from '#common/raster/rasterizeVisibility';

/** The skin chart's texels of one size: where each is on the mean head. */
export interface SkinAtlas {
  readonly size: number;
  /** Texel numbers (row * size + column) that skin covers, rising. */
  readonly texels: Uint32Array;
  /** Metres on the mean head, three for each of `texels`. */
  readonly canonical: Float32Array;
  /** Soft region masks in [0, 1], one for each of `texels`. */
  readonly ears: Float32Array;
  readonly eyelids: Float32Array;
  readonly nose: Float32Array;
  readonly scalp: Float32Array;
  readonly neck: Float32Array;
  /** For texels near the border of charts, the covered texel to copy: pairs of (texel, source). */
  readonly gutter: Uint32Array;
}

const atlases = new WeakMap<HeadModel, Map<number, SkinAtlas>>();

/** Texels that bilinear samples at chart borders may reach, on the first four levels. */
const GUTTER = 18;

/** Rasterises the skin's charts into the unit square; about 0.3 s at 1024, once a model and size. */
export function skinAtlas(model: HeadModel, size: number): SkinAtlas {
  const known = atlases.get(model) ?? new Map<number, SkinAtlas>();
  atlases.set(model, known);
  let atlas = known.get(size);
  if (atlas === undefined) {
    atlas = rasterizeAtlas(model, size);
    known.set(size, atlas);
  }
  return atlas;
}

function rasterizeAtlas(model: HeadModel, size: number): SkinAtlas {
  const skin = model.parts.find(({ name }) => name === 'skin')!;
  const indices = model.indices.subarray(skin.firstIndex, skin.firstIndex + skin.indexCount);
  const points = Float32Array.from(model.uvs, (value) => value * size);
  const seen = rasterizeScreen({ points, indices, width: size, height: size });
  const texels = Uint32Array.from(covered(seen.triangles));
  const read = (field: Float32Array, stride: number): Float32Array => {
    const out = new Float32Array(texels.length * stride);
    texels.forEach((texel, i) => {
      const triangle = seen.triangles[texel] * 3;
      for (let k = 0; k < 3; k++) {
        const weight = seen.barycentrics[texel * 3 + k];
        const vertex = indices[triangle + k];
        for (let c = 0; c < stride; c++) out[i * stride + c] += weight * field[vertex * stride + c];
      }
    });
    return out;
  };
  return {
    size,
    texels,
    canonical: read(model.template, 3),
    ears: read(model.regions.ears, 1),
    eyelids: read(model.regions.eyelids, 1),
    nose: read(model.regions.nose, 1),
    scalp: read(model.regions.scalp, 1),
    neck: read(model.regions.neck, 1),
    gutter: gutterPairs(seen.triangles, size),
  };
}

function covered(triangles: Int32Array): number[] {
  const out: number[] = [];
  triangles.forEach((triangle, texel) => {
    if (triangle >= 0) out.push(texel);
  });
  return out;
}

/** Grows the charts texel by texel; each new texel copies the covered one that its neighbour copies. */
function gutterPairs(triangles: Int32Array, size: number): Uint32Array {
  const source = Int32Array.from(triangles, (triangle, texel) => (triangle >= 0 ? texel : -1));
  const pairs: number[] = [];
  for (let ring = 0; ring < GUTTER; ring++) {
    const grown: [number, number][] = [];
    for (let texel = 0; texel < source.length; texel++) {
      if (source[texel] >= 0) continue;
      const column = texel % size;
      const near =
        (column > 0 && source[texel - 1] >= 0 && source[texel - 1]) ||
        (column < size - 1 && source[texel + 1] >= 0 && source[texel + 1]) ||
        (texel >= size && source[texel - size] >= 0 && source[texel - size]) ||
        (texel + size < source.length && source[texel + size] >= 0 && source[texel + size]);
      if (near !== false) grown.push([texel, near]);
    }
    for (const [texel, from] of grown) {
      source[texel] = from;
      pairs.push(texel, from);
    }
  }
  return Uint32Array.from(pairs);
}
