import type { HeadModel } from '#common/head/headModel';
import type { RgbaImage } from '#common/image/rasterImage';
import { smoothStep } from '#common/math/smoothStep';
import { radianceShownAs } from '#common/synthetic/render/resolve/toneCurve';
import { sampleAtlas } from '#common/synthetic/restyle/personColors';
import type { SurfaceMaterial, Triple } from '#common/synthetic/scene';
import { norm2 } from '#common/math/portableMath';

const texel = new Float64Array(4);

/**
 * The portrait as a surface. Unlit: with `isShown` it is seen as in the portrait, otherwise it gives linear reflectance
 * for a look to read.
 *
 * @param toAtlasU from the surface's own chart to the atlas
 */
export function photoMaterial(
  atlas: RgbaImage,
  toAtlasU: (u: number) => number,
  isShown: boolean,
): SurfaceMaterial {
  return {
    shade(samples, _mesh, _light, out) {
      for (let i = 0; i < samples.count; i++) {
        sampleAtlas(atlas, toAtlasU(samples.uvs[i * 2]), samples.uvs[i * 2 + 1], texel);
        write(texel, isShown, out, i * 4);
      }
    },
  };
}

/** As `photoMaterial` for the skin of the whole head: where the portrait shows hair or nothing it is the person's plain skin. */
export function photoSkin(
  atlas: RgbaImage,
  model: HeadModel,
  avatarVertex: Int32Array,
  tone: Triple,
  isShown: boolean,
): SurfaceMaterial {
  return {
    shade(samples, mesh, _light, out) {
      for (let i = 0; i < samples.count; i++) {
        let kept = 0;
        for (let c = 0; c < 3; c++) {
          const v = mesh.indices[samples.triangles[i] * 3 + c];
          const isFace = avatarVertex[v] >= 0 ? Math.max(model.regions.face[v], model.regions.nose[v]) : 0;
          kept += samples.barycentrics[i * 3 + c] * isFace;
        }
        sampleAtlas(atlas, samples.uvs[i * 2] * 0.5, samples.uvs[i * 2 + 1], texel);
        const share = smoothStep(0.35, 0.9, kept) * likeness(texel, tone);
        for (let c = 0; c < 3; c++) texel[c] = tone[c] + share * (texel[c] - tone[c]);
        write(texel, isShown, out, i * 4);
      }
    },
  };
}

/** 1 for what may be skin in light and shade, 0 for hair over it. */
export function likeness(color: ArrayLike<number>, tone: Triple): number {
  const sum = color[0] + color[1] + color[2] + 0.02;
  const toneSum = tone[0] + tone[1] + tone[2] + 0.02;
  const red = color[0] / sum - tone[0] / toneSum;
  const blue = color[2] / sum - tone[2] / toneSum;
  return smoothStep(0.2, 0.08, norm2(red, blue)) * smoothStep(0.06, 0.3, sum / toneSum);
}

function write(color: Float64Array, isShown: boolean, out: Float32Array, at: number): void {
  for (let c = 0; c < 3; c++) out[at + c] = isShown ? radianceShownAs(color[c]) : color[c];
  out[at + 3] = 1;
}
