import { createSurfaceLight } from '#common/synthetic/heads/shading/surfaceLight';
import type { PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import { levelFor, sampleBytes } from '#common/synthetic/heads/texture/byteTexture';
import type { ByteTexture } from '#common/synthetic/heads/texture/byteTexture';
import type { Triple } from '#common/synthetic/scene';

export interface FineHairOptions {
  /** Coverage in the first byte, lightness (128 = `color`) in the second. */
  readonly texture: ByteTexture;
  /** Metres a texel on the face. */
  readonly texelSide: number;
  /** Linear reflectance. */
  readonly color: Triple;
}

/** Hairs drawn on a patch: brows, lashes. Matte, since single hairs of these are too fine to glint. */
export function fineHairMaterial({ texture, texelSide, color }: FineHairOptions): PieceMaterial {
  return () => ({
    shade: (samples, _, light, out) => {
      const lit = createSurfaceLight(light);
      const bytes = new Float64Array(4);
      const normal = new Float64Array(3);
      for (let i = 0; i < samples.count; i++) {
        const level = levelFor(texture, texelSide, samples.footprint[i]);
        sampleBytes(texture, samples.uvs[i * 2], samples.uvs[i * 2 + 1], level, bytes);
        out[i * 4 + 3] = bytes[0] / 255;
        if (bytes[0] < 1) {
          out[i * 4] = out[i * 4 + 1] = out[i * 4 + 2] = 0;
          continue;
        }
        for (let c = 0; c < 3; c++) normal[c] = samples.normals[i * 3 + c];
        lit.at(samples, i, normal);
        const lightness = bytes[1] / 128;
        for (let c = 0; c < 3; c++) out[i * 4 + c] = color[c] * lightness * lit.diffuse(c, 0.4);
      }
    },
  });
}
