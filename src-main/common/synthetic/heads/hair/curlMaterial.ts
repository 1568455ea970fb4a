import { withGrey } from '#common/synthetic/heads/identity/hairColor';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { createSurfaceLight } from '#common/synthetic/heads/shading/surfaceLight';
import type { PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import { bandWeight } from '#common/synthetic/pattern/patternPoints';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import { norm3 } from '#common/math/portableMath';

/** Curls of 7, 3 and 1.2 millimetres: features per metre, slope of their bumps, share in the shade. */
const OCTAVES = [
  { frequency: 140, slope: 0.5, shade: 0.3 },
  { frequency: 330, slope: 0.45, shade: 0.32 },
  { frequency: 800, slope: 0.3, shade: 0.25 },
] as const;

/** Dense curls: bumps of several sizes with dark hollows, hardly any shine. */
export function curlMaterial({ hair, seed }: IdentityRecipe): PieceMaterial {
  const tone = withGrey([...hair.color], hair.grey);
  return () => ({
    shade: (samples, _, light, out) => {
      const lit = createSurfaceLight(light);
      const normal = new Float64Array(3);
      const noise = new Float64Array(4);
      for (let i = 0; i < samples.count; i++) {
        const k = i * 3;
        for (let c = 0; c < 3; c++) normal[c] = samples.normals[k + c];
        let shade = 0.78;
        for (const { frequency, slope, shade: depth } of OCTAVES) {
          const weight = bandWeight(samples.footprint[i] * frequency * 0.6);
          if (weight <= 0) break;
          simplexNoise(
            samples.canonical[k] * frequency,
            samples.canonical[k + 1] * frequency,
            samples.canonical[k + 2] * frequency,
            (seed + frequency) & 0xffff,
            noise,
          );
          // Ridges are curls: the sign turns the slope.
          const ridge = 1 - 2 * Math.abs(noise[0]);
          const sign = noise[0] > 0 ? 1 : -1;
          for (let c = 0; c < 3; c++) normal[c] += weight * slope * sign * noise[1 + c];
          shade += weight * depth * (ridge - 0.35);
        }
        const length = norm3(normal[0], normal[1], normal[2]) || 1;
        for (let c = 0; c < 3; c++) normal[c] /= length;
        lit.at(samples, i, normal);
        const gloss = lit.specular(14, 0.03) * Math.max(0, shade - 0.4);
        for (let c = 0; c < 3; c++)
          out[i * 4 + c] = tone[c] * Math.max(0.2, shade) * lit.diffuse(c, 0.3) + gloss * lit.glossColor(c);
        out[i * 4 + 3] = 1;
      }
    },
  });
}
