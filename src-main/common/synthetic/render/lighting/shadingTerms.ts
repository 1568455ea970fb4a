/** Fresnel reflectance at an angle (Schlick 1994). @param cosine to the half vector @param f0 at normal incidence */
export function fresnel(cosine: number, f0: number): number {
  const t = cosine < 1 ? 1 - (cosine > 0 ? cosine : 0) : 0;
  const t2 = t * t;
  return f0 + (1 - f0) * t2 * t2 * t;
}

/**
 * Trowbridge and Reitz's microfacet highlight (GGX) of a light that is not a point, with a cheap visibility term (Kelemen
 * and Szirmay-Kalos 2001), without Fresnel; times the light's cosine already. The light's width widens the lobe, which
 * keeps large lights from making small hot spots (Karis 2013).
 *
 * @param cosines between normal and half vector, light and half vector, normal and light
 * @param alpha square of the perceptual roughness
 * @param width half the light's angle, radians
 */
export function highlight(cosines: HighlightCosines, alpha: number, width: number): number {
  const { normalHalf, lightHalf, normalLight } = cosines;
  if (normalHalf <= 0 || normalLight <= 0) return 0;
  const wide = alpha + width * 0.5;
  const wide2 = wide < 1 ? wide * wide : 1;
  const base = normalHalf * normalHalf * (wide2 - 1) + 1;
  return (wide2 * normalLight) / (base * base * 4 * (0.1 + 0.9 * lightHalf * lightHalf) * (alpha + 0.5));
}

export interface HighlightCosines {
  readonly normalHalf: number;
  readonly lightHalf: number;
  readonly normalLight: number;
}

/** Half the key light's angle as seen from the head, radians. @param softness [0, 1] */
export function lightWidth(softness: number): number {
  return 0.02 + 0.4 * softness;
}

/** Fill and rim lights are large, half their angle, radians. */
export const SIDE_LIGHT_WIDTH = 0.35;

/**
 * Diffuse light that goes round edges by `wrap` in [0, 1): 0 is Lambert's cosine; the falloff gets softer as it gets
 * wider, so that about as much light comes back in all.
 */
export function wrappedCosine(cosine: number, wrap: number): number {
  const t = (cosine + wrap) / (1 + wrap);
  return t > 0 ? t * (1 - wrap * (1 - t)) : 0;
}

/**
 * Occlusion with the light that bounces between the walls of a crease: bright surfaces are hardly darkened, and a crease
 * takes on the colour of what it is made of (Jimenez et al. 2016).
 *
 * @param occlusion share of the sky seen, [0, 1]
 * @param albedo linear reflectance of the channel
 */
export function bouncedOcclusion(occlusion: number, albedo: number): number {
  const a = 2.0404 * albedo - 0.3324;
  const b = 0.6417 - 4.7951 * albedo;
  const c = 2.7552 * albedo + 0.6903;
  const bounced = ((occlusion * a + b) * occlusion + c) * occlusion;
  return bounced > occlusion ? bounced : occlusion;
}

/** How much of a reflection survives in a crease. @param grazing 1 - cosine to the viewer */
export function glossOcclusion(occlusion: number, grazing: number): number {
  const t = occlusion * occlusion * (1 + grazing);
  return t < 1 ? t : 1;
}
