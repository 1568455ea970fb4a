import type { HeadModel } from '#common/head/headModel';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import { createByteTexture } from '#common/synthetic/heads/texture/byteTexture';
import type { ByteTexture } from '#common/synthetic/heads/texture/byteTexture';
import { skinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import type { SkinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import { wrinkleAt } from '#common/synthetic/heads/skin/wrinkleLines';
import { norm, norm3 } from '#common/math/portableMath';

/** Relief of the skin that all people share; how strong it is belongs to the person and the expression. */
export interface SkinDetail {
  /** Slopes along u and v (128 + 100 * slope), depth of the crease, number of the wrinkle zone. */
  readonly wrinkles: ByteTexture;
  /** Slopes along u and v. */
  readonly pores: ByteTexture;
  /** For each skin triangle the unit directions of rising u and v on the mean head, six floats. */
  readonly axes: Float32Array;
}

const cache = new WeakMap<HeadModel, Map<number, SkinDetail>>();

/** About a second at 1024, once a model and size. */
export function skinDetail(model: HeadModel, size: number): SkinDetail {
  const known = cache.get(model) ?? new Map<number, SkinDetail>();
  cache.set(model, known);
  let detail = known.get(size);
  if (detail === undefined) {
    const atlas = skinAtlas(model, size);
    detail = { wrinkles: wrinkleTexture(atlas), pores: poreTexture(atlas), axes: chartAxes(model) };
    known.set(size, detail);
  }
  return detail;
}

function wrinkleTexture(atlas: SkinAtlas): ByteTexture {
  const { size, texels, canonical } = atlas;
  const height = new Float32Array(size * size);
  const data = neutralBytes(size);
  const line = { zone: 0, height: 0, crease: 0 };
  for (let i = 0; i < texels.length; i++) {
    wrinkleAt(canonical[i * 3], canonical[i * 3 + 1], canonical[i * 3 + 2], line);
    height[texels[i]] = line.height;
    data[texels[i] * 4 + 2] = Math.min(255, 255 * line.crease);
    data[texels[i] * 4 + 3] = line.zone;
  }
  writeSlopes(atlas, height, data);
  return createByteTexture(size, size, data);
}

/** Cells of pores with fine lines between them, millimetres apart, fading on lips and lids. */
function poreTexture(atlas: SkinAtlas): ByteTexture {
  const { size, texels, canonical } = atlas;
  const height = new Float32Array(size * size);
  const scratch = new Float64Array(4);
  for (let i = 0; i < texels.length; i++) {
    const x = canonical[i * 3];
    const y = canonical[i * 3 + 1];
    const z = canonical[i * 3 + 2];
    simplexNoise(x * 900, y * 900, z * 900, 3, scratch);
    const coarse = scratch[0];
    simplexNoise(x * 380, y * 380, z * 380, 9, scratch);
    height[texels[i]] = (0.00005 * coarse + 0.00009 * scratch[0]) * (1 - 0.6 * atlas.eyelids[i]);
  }
  const data = neutralBytes(size);
  writeSlopes(atlas, height, data);
  return createByteTexture(size, size, data);
}

function neutralBytes(size: number): Uint8Array {
  const data = new Uint8Array(size * size * 4);
  for (let k = 0; k < data.length; k += 4) data[k] = data[k + 1] = 128;
  return data;
}

/** Central differences of heights in metres over the texels' true distances; zero at the charts' borders. */
function writeSlopes({ size, texels, canonical }: SkinAtlas, height: Float32Array, data: Uint8Array): void {
  const slot = new Int32Array(size * size).fill(-1);
  texels.forEach((texel, i) => (slot[texel] = i));
  const slope = (from: number, to: number): number => {
    const [a, b] = [slot[from], slot[to]];
    if (a < 0 || b < 0) return 0;
    const distance = norm3(
      canonical[a * 3] - canonical[b * 3],
      canonical[a * 3 + 1] - canonical[b * 3 + 1],
      canonical[a * 3 + 2] - canonical[b * 3 + 2],
    );
    return distance > 1e-7 ? (height[to] - height[from]) / distance : 0;
  };
  for (const texel of texels) {
    if (texel < size || texel >= size * (size - 1)) continue;
    data[texel * 4] = clampByte(128 + 100 * slope(texel - 1, texel + 1));
    data[texel * 4 + 1] = clampByte(128 + 100 * slope(texel - size, texel + size));
  }
}

function chartAxes({ parts, indices, uvs, template }: HeadModel): Float32Array {
  const skin = parts.find(({ name }) => name === 'skin')!;
  const axes = new Float32Array((skin.indexCount / 3) * 6);
  for (let t = 0; t < skin.indexCount / 3; t++) {
    const [a, b, c] = [0, 1, 2].map((k) => indices[skin.firstIndex + t * 3 + k]);
    const du1 = uvs[b * 2] - uvs[a * 2];
    const dv1 = uvs[b * 2 + 1] - uvs[a * 2 + 1];
    const du2 = uvs[c * 2] - uvs[a * 2];
    const dv2 = uvs[c * 2 + 1] - uvs[a * 2 + 1];
    const det = du1 * dv2 - du2 * dv1;
    if (Math.abs(det) < 1e-12) continue;
    for (const [row, k1, k2] of [
      [0, dv2, -dv1],
      [3, -du2, du1],
    ] as const) {
      const axis = [0, 1, 2].map(
        (d) =>
          (k1 * (template[b * 3 + d] - template[a * 3 + d]) +
            k2 * (template[c * 3 + d] - template[a * 3 + d])) /
          det,
      );
      const length = norm(axis);
      axis.forEach((value, d) => (axes[t * 6 + row + d] = value / length));
    }
  }
  return axes;
}

function clampByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
