import { smoothStep } from '#common/math/smoothStep';
import { portableSine } from '#common/math/portableMath';
import type { SurfaceShader } from '#common/synthetic/domains/shading/shadeSurface';
import type { Shading } from '#common/synthetic/domains/shading/shadingSchema';
import { gatherLight, highlight, SurfaceLight } from '#common/synthetic/domains/shading/surfaceLight';
import type { SurfaceSamples } from '#common/synthetic/scene';

const at = new SurfaceLight();

/** See the schema. Where the paint is not `metal` (patina, leather, cracks) it is matt. */
export function metalShader(shading: Extract<Shading, { kind: 'metal' }>): SurfaceShader {
  const options = { wrap: 0.1, ambient: 1, occlusion: 1 };
  const gloss = 12 + 60 * (1 - shading.roughness);
  return (samples, { color, shine, metal, glow }, light, out) => {
    for (let i = 0; i < samples.count; i++) {
      gatherLight(samples, i, light, options, at);
      const dark = 0.35 + 0.65 * samples.occlusion[i];
      const mirror = surroundings(samples, i, shading.roughness) * shading.reflection * dark;
      const visible = 0.3 + 0.7 * samples.keyVisibility[i];
      const spot = highlight(at.half, gloss) * (1.2 - shading.roughness) * visible * shine[i];
      const grey = 1 - metal[i];
      for (let c = 0; c < 3; c++) {
        const paint = color[i * 3 + c];
        const lit = c === 0 ? at.red : c === 1 ? at.green : at.blue;
        const shiny = paint * (mirror * shine[i] + shading.diffuse * lit) + spot * (0.35 + 0.65 * paint) * light.key.color[c]; // prettier-ignore
        out[i * 4 + c] = metal[i] * shiny + grey * paint * lit + glow[i] * paint;
      }
    }
  };
}

/**
 * Brightness of a painted workshop in the direction that a sample mirrors: a bright window high on each side, a horizon,
 * a dark floor. Enough for the eye to see metal.
 */
export function surroundings(samples: SurfaceSamples, i: number, roughness: number): number {
  const { normals, views } = samples;
  const k = i * 3;
  const twice = 2 * (normals[k] * views[k] + normals[k + 1] * views[k + 1] + normals[k + 2] * views[k + 2]);
  const rx = twice * normals[k] - views[k];
  const ry = twice * normals[k + 1] - views[k + 1];
  const rz = twice * normals[k + 2] - views[k + 2];
  const soft = 0.08 + 0.35 * roughness;
  const floor = smoothStep(-soft, soft, ry);
  const window =
    smoothStep(0.5 - soft, 0.5 + soft, portableSine(rx * 2.6 + 1.1 + 0.4 * rz)) * smoothStep(0, 0.45, ry);
  const horizon = Math.max(0, 1 - Math.abs(ry - 0.03) / (soft * 1.2));
  return 0.1 + floor * (0.42 + 0.3 * ry) + 0.45 * horizon + 1.15 * window;
}
