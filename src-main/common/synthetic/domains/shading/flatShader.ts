import { radianceShownAs } from '#common/synthetic/render/resolve/toneCurve';
import type { SurfaceShader } from '#common/synthetic/domains/shading/shadeSurface';
import type { Shading } from '#common/synthetic/domains/shading/shadingSchema';
import { gatherLight, SurfaceLight } from '#common/synthetic/domains/shading/surfaceLight';

const at = new SurfaceLight();

/** See the schema. `glowThrough` is the light of a window behind coloured glass: brighter where one looks straight in. */
export function flatShader(shading: Extract<Shading, { kind: 'flat' }>): SurfaceShader {
  const options = { wrap: 0.3, ambient: 1, occlusion: 0.6 };
  return (samples, { color, glow }, light, out) => {
    for (let i = 0; i < samples.count; i++) {
      gatherLight(samples, i, light, options, at);
      const shine = shading.glowThrough * (1 - 0.55 * at.grazing) + glow[i];
      for (let c = 0; c < 3; c++) {
        const lit = c === 0 ? at.red : c === 1 ? at.green : at.blue;
        const paint = color[i * 3 + c];
        out[i * 4 + c] = radianceShownAs(
          paint * (shading.level * (1 - shading.form) + shading.form * lit + shine),
        );
      }
    }
  };
}
