import { linearColor } from '#common/synthetic/domains/domainValues';
import type { SurfaceShader } from '#common/synthetic/domains/shading/shadeSurface';
import type { Shading } from '#common/synthetic/domains/shading/shadingSchema';
import { gatherLight, highlight, SurfaceLight } from '#common/synthetic/domains/shading/surfaceLight';
import { surroundings } from '#common/synthetic/domains/shading/metalShader';
import { cubed } from '#common/math/portableMath';

const at = new SurfaceLight();

/** See the schema. `metal` of the paint turns towards a reflection of the same surroundings as brass has. */
export function softShader(shading: Extract<Shading, { kind: 'soft' }>): SurfaceShader {
  const through = linearColor(shading.throughColor);
  return (samples, { color, shine, metal, glow }, light, out) => {
    for (let i = 0; i < samples.count; i++) {
      gatherLight(samples, i, light, shading, at);
      // Light that entered on the bright side leaves around the border of the shade.
      const border = Math.max(0, 1 - Math.abs(at.facing) * 2.5) * shading.through * samples.occlusion[i];
      const visible = 0.25 + 0.75 * samples.keyVisibility[i];
      const spot = shading.specular * shine[i] * highlight(at.half, shading.gloss) * visible;
      const edge = shading.fresnel * shine[i] * cubed(at.grazing) * samples.occlusion[i];
      const mirror = metal[i] > 0 ? surroundings(samples, i, 0.35) : 0;
      const { key, sky } = light;
      for (let c = 0; c < 3; c++) {
        const paint = color[i * 3 + c];
        const lit = c === 0 ? at.red : c === 1 ? at.green : at.blue;
        let value = paint * (lit + border * through[c] * key.color[c]);
        value += spot * key.color[c] + edge * sky[c];
        if (metal[i] > 0) {
          const shiny = paint * (mirror + 0.35 * lit + 1.4 * highlight(at.half, 30) * visible * key.color[c]);
          value += metal[i] * (shiny - value);
        }
        out[i * 4 + c] = value + glow[i] * paint;
      }
    }
  };
}
