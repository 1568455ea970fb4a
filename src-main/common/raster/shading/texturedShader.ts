import type { DrawnMesh } from '#common/raster/coverage/drawnMesh';
import type { FragmentShader } from '#common/raster/shading/fragmentShader';
import type { MipTexture } from '#common/raster/shading/mipTexture';
import { createFootprint, FOOTPRINT_LEVEL, FOOTPRINT_STEP_U, FOOTPRINT_STEP_V, FOOTPRINT_TAPS, FOOTPRINT_U, FOOTPRINT_V, sampleTexture } from '#common/raster/shading/sampleTexture'; // prettier-ignore
import { SUBPIXELS } from '#common/raster/coverage/screenVertices';
import { planesOf, resetUvPlanes } from '#common/raster/shading/uvPlanes';
import type { UvPlanes } from '#common/raster/shading/uvPlanes';

/** Most taps along the longer axis of a pixel's footprint: keeps cheeks and jaw lines sharp at grazing angles. */
const MAX_ANISOTROPY = 4;

const footprint = createFootprint();

/** Unlit texture: trilinear, with up to MAX_ANISOTROPY taps where a pixel's footprint is stretched. */
export class TexturedShader implements FragmentShader {
  readonly #drawn: DrawnMesh;
  readonly #uvs: Float32Array;
  readonly #texture: MipTexture;
  readonly #planes: UvPlanes;

  constructor(drawn: DrawnMesh, uvs: Float32Array, texture: MipTexture, planes: UvPlanes) {
    this.#drawn = drawn;
    this.#uvs = uvs;
    this.#texture = texture;
    this.#planes = planes;
    resetUvPlanes(planes, drawn.triangleCount + drawn.clipped.sources.length);
  }

  shade(id: number, x: number, y: number, out: Float64Array): void {
    const at = planesOf(this.#planes, this.#drawn, this.#uvs, id);
    const c = this.#planes.coefficients;
    const w = 1 / (c[at + 6] * x + c[at + 7] * y + c[at + 8]);
    const u = (c[at] * x + c[at + 1] * y + c[at + 2]) * w;
    const v = (c[at + 3] * x + c[at + 4] * y + c[at + 5]) * w;
    const texture = this.#texture;
    // Texels of level 0 per pixel step, by the quotient rule.
    const scaleU = w * SUBPIXELS * texture.width;
    const scaleV = w * SUBPIXELS * texture.height;
    const uPerX = (c[at] - u * c[at + 6]) * scaleU;
    const uPerY = (c[at + 1] - u * c[at + 7]) * scaleU;
    const vPerX = (c[at + 3] - v * c[at + 6]) * scaleV;
    const vPerY = (c[at + 4] - v * c[at + 7]) * scaleV;
    const lengthX = uPerX * uPerX + vPerX * vPerX;
    const lengthY = uPerY * uPerY + vPerY * vPerY;
    const isAlongX = lengthX >= lengthY;
    const major = isAlongX ? lengthX : lengthY;
    footprint[FOOTPRINT_U] = u;
    footprint[FOOTPRINT_V] = v;
    footprint[FOOTPRINT_TAPS] = 1;
    footprint[FOOTPRINT_LEVEL] = 0;
    if (major > 1) {
      const minor = Math.max(1, isAlongX ? lengthY : lengthX);
      const taps = countTaps(major / minor);
      footprint[FOOTPRINT_TAPS] = taps;
      footprint[FOOTPRINT_STEP_U] = (isAlongX ? uPerX : uPerY) / (texture.width * taps);
      footprint[FOOTPRINT_STEP_V] = (isAlongX ? vPerX : vPerY) / (texture.height * taps);
      footprint[FOOTPRINT_LEVEL] = 0.5 * fastLog2(major / (taps * taps));
    }
    sampleTexture(texture, footprint, out);
  }
}

/** Taps for a squared ratio of the footprint's axes; a slightly stretched one is left to the coarser level. */
function countTaps(squaredRatio: number): number {
  if (squaredRatio < 3.2) return 1;
  if (squaredRatio < 7) return 2;
  return squaredRatio < 12.25 ? 3 : MAX_ANISOTROPY;
}

/**
 * log2 for values >= 1, at most 0.09 too small (the fraction is taken as linear): an eighth of the cost of
 * Math.log2, and half of the error is 0.05 levels, which nobody sees.
 */
function fastLog2(value: number): number {
  const scaled = Math.min(0x3fffffff, value * 256) | 0;
  const exponent = 31 - Math.clz32(scaled);
  return exponent - 9 + scaled / (1 << exponent);
}
