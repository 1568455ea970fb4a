/** Fresnel reflectance at an angle (Schlick 1994). @param cosine to the half vector @param f0 at normal incidence */
export function fresnel(cosine: number, f0: number): number {
  const t = cosine < 1 ? 1 - (cosine > 0 ? cosine : 0) : 0;
  const t2 = t * t;
  return f0 + (1 - f0) * t2 * t2 * t;
}

/**
 * Trowbridge and Reitz's microfacet highlight (GGX) with a cheap visibility term (Kelemen and Szirmay-Kalos 2001),
 * without Fresnel; times the light's cosine already.
 *
 * @param normalHalf cosine between normal and half vector
 * @param lightHalf cosine between light and half vector
 * @param roughness perceptual, (0, 1]
 */
export function highlight(
  normalHalf: number,
  lightHalf: number,
  lightCosine: number,
  roughness: number,
): number {
  if (normalHalf <= 0 || lightCosine <= 0) return 0;
  const alpha = roughness * roughness;
  const alpha2 = alpha * alpha;
  const base = normalHalf * normalHalf * (alpha2 - 1) + 1;
  const spread = alpha2 / (Math.PI * base * base);
  const visibility = 1 / (4 * (0.1 + 0.9 * lightHalf * lightHalf) * (roughness + 0.5));
  return spread * visibility * lightCosine * Math.PI;
}

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
