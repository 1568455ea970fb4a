import type { HeadModel } from '#common/head/headModel';
import type { RgbaImage } from '#common/image/rasterImage';
import { faceFieldsOf } from '#common/synthetic/domains/canonical/faceFields';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import { createLookMaterial, evenlyLit } from '#common/synthetic/domains/paint/lookMaterial';
import type { SurfaceLook } from '#common/synthetic/domains/paint/surfaceSchema';
import type { PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import { sampleAtlas, type PersonColors } from '#common/synthetic/restyle/personColors';
import { photoMaterial } from '#common/synthetic/restyle/photoMaterials';
import { shellShares } from '#common/synthetic/restyle/wornPieces';
import type { SurfaceMaterial } from '#common/synthetic/scene';

/**
 * The portrait's shell in a look: hair, skin (ears, neck) and cloth each in the surface that the recipe has for them, told
 * apart by place and colour, with soft borders. What has no surface in the recipe stays as the portrait shows it.
 */
export function shellMixture(
  recipe: DomainRecipe,
  model: HeadModel,
  atlas: RgbaImage,
  colors: PersonColors,
): PieceMaterial {
  const fields = faceFieldsOf(model);
  const asShown = photoMaterial(atlas, (u) => u, true);
  const own = evenlyLit(photoMaterial(atlas, (u) => u, false));
  const materialOf = (look: SurfaceLook | undefined): SurfaceMaterial =>
    look ? createLookMaterial(look, fields, own, false) : asShown;
  const { hair, skin, cloth } = recipe.surfaces;
  const materials = [materialOf(hair), materialOf(skin), materialOf(cloth)];
  const color = new Float64Array(4);
  let outs = [new Float32Array(0), new Float32Array(0), new Float32Array(0)];
  const material: SurfaceMaterial = {
    shade(samples, mesh, light, out) {
      if (outs[0].length < samples.count * 4) outs = outs.map(() => new Float32Array(samples.count * 4));
      materials.forEach((each, k) => each.shade(samples, mesh, light, outs[k]));
      for (let i = 0; i < samples.count; i++) {
        sampleAtlas(atlas, samples.uvs[i * 2], samples.uvs[i * 2 + 1], color);
        const share = shellShares(samples.canonical, i * 3, color, colors);
        const ofHair = 1 - share.skin - share.cloth;
        for (let c = 0; c < 3; c++) {
          const at = i * 4 + c;
          out[at] = ofHair * outs[0][at] + share.skin * outs[1][at] + share.cloth * outs[2][at];
        }
        out[i * 4 + 3] = 1;
      }
    },
  };
  return () => material;
}
