import { bouncedOcclusion, fresnel, glossOcclusion, highlight, lightWidth, SIDE_LIGHT_WIDTH, wrappedCosine } from '#common/synthetic/render/lighting/shadingTerms'; // prettier-ignore
import type { SurfaceLook } from '#common/synthetic/render/lighting/surfaceLook';
import type { LightRig, SurfaceSamples, Triple } from '#common/synthetic/scene';

export interface ScatterOptions {
  /** Mean free path per channel, metres: how far light travels beneath the surface. */
  readonly distance: Triple;
  /** Reflectance at normal incidence. */
  readonly f0: number;
  /** Share and roughness (relative to the surface's) of the second, tighter lobe: an oily film. */
  readonly film: { readonly share: number; readonly roughness: number };
  /** Colour of light that comes through thin parts (ears, nostrils) from behind, linear; black for none. */
  readonly through: Triple;
}

/** Caucasian to African skin differ in albedo; paths are alike (after Jensen et al. 2001, shortened for one sample). */
export const SKIN_SCATTER: ScatterOptions = {
  distance: [0.0038, 0.0016, 0.0009],
  f0: 0.028,
  film: { share: 0.22, roughness: 0.5 },
  through: [0.55, 0.09, 0.04],
};

/** Lit marble: pale, scatters as far in all channels. */
export const MARBLE_SCATTER: ScatterOptions = {
  distance: [0.0046, 0.0042, 0.0037],
  f0: 0.04,
  film: { share: 0.35, roughness: 0.45 },
  through: [0.2, 0.18, 0.15],
};

/** Least wrap of each channel, on flat parts, as multiples of the distance (1 / metres). */
const FLAT_BEND = 28;
const MOST_WRAP = 0.6;

/** Per light: cosine with the geometry and with the detail, highlight. */
interface LightTerms {
  direction: Triple;
  width: number;
  smooth: number;
  detailed: number;
  shine: number;
}
const key: LightTerms = { direction: [0, 0, 1], width: 0, smooth: 0, detailed: 0, shine: 0 };
const fill: LightTerms = { ...key, width: SIDE_LIGHT_WIDTH };
const rim: LightTerms = { ...fill };
const cosines = { normalHalf: 0, lightHalf: 0, normalLight: 0 };
const mirrored = new Float64Array(3);
const reflected = new Float64Array(3);

/**
 * Lights what scatters light beneath its surface (skin; marble and wax with other options). Light goes round edges the
 * more the stronger they bend and the farther a channel travels (pre-integrated skin, Penner 2011, as a wrap); fine
 * normals count least for red; shadow borders and creases turn red; a rough and a tighter highlight; ears glow.
 *
 * @param out linear RGB into the first three of four floats a sample; coverage is left alone
 */
export function lightSkin(
  samples: SurfaceSamples,
  look: SurfaceLook,
  light: LightRig,
  out: Float32Array,
  options: ScatterOptions = SKIN_SCATTER,
): void {
  const { normals: smoothNormals, occlusion, curvature, keyVisibility, count } = samples;
  const { albedo, normals, gloss } = look;
  key.direction = light.key.direction;
  key.width = lightWidth(light.key.softness);
  fill.direction = light.fill.direction;
  rim.direction = light.rim.direction;
  for (let i = 0, k = 0; i < count; i++, k += 3) {
    measureLight(key, samples, look, i, options);
    measureLight(fill, samples, look, i, options);
    measureLight(rim, samples, look, i, options);
    const open = occlusion[i];
    const visible = keyVisibility[i];
    // How much of a shadow's border lies at this sample; light from beside it comes out here, red most of all.
    const border = visible * (1 - visible);
    const bend = curvature[i] > 0 ? curvature[i] : 0;
    const up = 0.5 + 0.5 * (0.6 * smoothNormals[k + 1] + 0.4 * normals[k + 1]);
    const shine = reflect(samples, look, i, light, options.f0);
    const thin = bend > 90 ? Math.min(1, (bend - 90) / 160) : 0;
    const behindKey = thin * Math.max(0, -key.smooth) * open;
    const behindRim = thin * Math.max(0, -rim.smooth) * open;
    for (let c = 0; c < 3; c++) {
      const distance = options.distance[c];
      const wrap = Math.min(MOST_WRAP, distance * (FLAT_BEND + bend));
      // Detail finer than the path is washed out.
      const detail = 1 / (1 + distance * 400);
      const passing = visible + border * (distance * 220 - 0.25);
      const reflectance = albedo[k + c];
      const sky = light.ground[c] + (light.sky[c] - light.ground[c]) * up;
      const dim = bouncedOcclusion(open, reflectance);
      const direct =
        light.key.color[c] * scattered(key, detail, wrap) * passing +
        light.fill.color[c] * scattered(fill, detail, wrap) * dim +
        light.rim.color[c] * scattered(rim, detail, wrap) * dim;
      const through = (behindKey * light.key.color[c] + behindRim * light.rim.color[c]) * options.through[c];
      const spot =
        key.shine * visible * light.key.color[c] +
        (fill.shine * light.fill.color[c] + rim.shine * light.rim.color[c]) * open;
      out[i * 4 + c] =
        reflectance * (direct + sky * dim + through) + gloss[i] * (spot + shine * reflected[c]);
    }
  }
}

function scattered(terms: LightTerms, detail: number, wrap: number): number {
  return wrappedCosine(terms.smooth + (terms.detailed - terms.smooth) * detail, wrap);
}

function measureLight(
  terms: LightTerms,
  samples: SurfaceSamples,
  look: SurfaceLook,
  i: number,
  options: ScatterOptions,
): void {
  const { normals: smooth, views } = samples;
  const { normals } = look;
  const k = i * 3;
  const [dx, dy, dz] = terms.direction;
  terms.smooth = smooth[k] * dx + smooth[k + 1] * dy + smooth[k + 2] * dz;
  terms.detailed = normals[k] * dx + normals[k + 1] * dy + normals[k + 2] * dz;
  terms.shine = 0;
  if (terms.detailed <= 0 || terms.smooth <= 0) return;
  const hx = dx + views[k];
  const hy = dy + views[k + 1];
  const hz = dz + views[k + 2];
  const toHalf = 1 / Math.sqrt(hx * hx + hy * hy + hz * hz + 1e-12);
  cosines.normalHalf = (normals[k] * hx + normals[k + 1] * hy + normals[k + 2] * hz) * toHalf;
  cosines.lightHalf = (dx * hx + dy * hy + dz * hz) * toHalf;
  cosines.normalLight = terms.detailed;
  const { share, roughness } = options.film;
  const alpha = look.roughness[i] * look.roughness[i];
  const lobes =
    (1 - share) * highlight(cosines, alpha, terms.width) +
    share * highlight(cosines, alpha * roughness * roughness, terms.width);
  terms.shine = lobes * fresnel(cosines.lightHalf, options.f0);
}

/** Puts the mirrored surroundings into `reflected`; returns how much of them the surface reflects. */
function reflect(samples: SurfaceSamples, look: SurfaceLook, i: number, light: LightRig, f0: number): number {
  const { views, occlusion } = samples;
  const { normals, roughness } = look;
  const k = i * 3;
  const facing = normals[k] * views[k] + normals[k + 1] * views[k + 1] + normals[k + 2] * views[k + 2];
  const twice = 2 * facing;
  mirrored[0] = twice * normals[k] - views[k];
  mirrored[1] = twice * normals[k + 1] - views[k + 1];
  mirrored[2] = twice * normals[k + 2] - views[k + 2];
  const up = mirrored[1] * 0.5 + 0.5;
  for (let c = 0; c < 3; c++) reflected[c] = light.ground[c] + (light.sky[c] - light.ground[c]) * up;
  const clamped = facing < 0 ? 0 : facing > 1 ? 1 : facing;
  const grazing = 1 - clamped;
  // Rough surfaces lose the bright edge.
  return (
    (f0 + (fresnel(clamped, f0) - f0) * (1 - roughness[i]) * (1 - roughness[i])) *
    glossOcclusion(occlusion[i], grazing)
  );
}
