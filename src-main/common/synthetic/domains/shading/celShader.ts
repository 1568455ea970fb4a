import { smoothStep } from '#common/math/smoothStep';
import { linearColor } from '#common/synthetic/domains/domainValues';
import { radianceShownAs } from '#common/synthetic/render/resolve/toneCurve';
import type { SurfaceShader } from '#common/synthetic/domains/shading/shadeSurface';
import type { Shading } from '#common/synthetic/domains/shading/shadingSchema';
import { gatherLight, highlight, SurfaceLight, toneOf } from '#common/synthetic/domains/shading/surfaceLight';

const at = new SurfaceLight();

/** See the schema. */
export function celShader(shading: Extract<Shading, { kind: 'cel' }>): SurfaceShader {
  const tones = shading.tones.map(linearColor);
  const { steps, soft, ambientTint } = shading;
  const options = { wrap: 0, ambient: 1, occlusion: 0 };
  const tone: [number, number, number] = [0, 0, 0];
  return (samples, { color, shine, glow }, light, out) => {
    for (let i = 0; i < samples.count; i++) {
      gatherLight(samples, i, light, options, at);
      const dim = shading.occlusion * (1 - samples.occlusion[i]);
      const brightness = toneOf(at, samples.keyVisibility[i], shading.shadow) - dim;
      for (let c = 0; c < 3; c++) tone[c] = tones[0][c];
      for (let step = 0; step < steps.length && step + 1 < tones.length; step++) {
        const share = smoothStep(steps[step] - soft, steps[step] + soft, brightness);
        for (let c = 0; c < 3; c++) tone[c] += share * (tones[step + 1][c] - tone[c]);
      }
      const spot = shading.specular * shine[i] * smoothStep(0.45, 0.55, highlight(at.half, shading.gloss));
      const rim = shading.rim * smoothStep(0.68, 0.76, at.grazing) * smoothStep(0.1, 0.3, at.rim);
      for (let c = 0; c < 3; c++) {
        const paint = color[i * 3 + c];
        const surrounding = 1 + ambientTint * (light.key.color[c] / 2 - 1);
        out[i * 4 + c] = radianceShownAs(
          paint * (tone[c] * surrounding + glow[i]) + spot + rim * (0.4 + 0.6 * paint),
        );
      }
    }
  };
}
