import { smoothStep } from '#common/math/smoothStep';
import { portablePower } from '#common/math/portableMath';
import { encodeSrgb } from '#common/image/colorImage';
import { MILLIMETRE, linearColor } from '#common/synthetic/domains/domainValues';
import { radianceShownAs } from '#common/synthetic/render/resolve/toneCurve';
import type { SurfaceShader } from '#common/synthetic/domains/shading/shadeSurface';
import type { Shading } from '#common/synthetic/domains/shading/shadingSchema';
import { gatherLight, SurfaceLight, toneOf } from '#common/synthetic/domains/shading/surfaceLight';
import { fractalNoise } from '#common/synthetic/pattern/fractalNoise';
import { CROSS_HATCH, hatching } from '#common/synthetic/pattern/hatching';

const at = new SurfaceLight();
let darkness = new Float32Array(0);
let ink = new Float32Array(0);
let grain = new Float32Array(0);

/**
 * Ink by light and by the paint's own grey, as in tonal art maps (Praun et al. 2001) but with strokes that are planes
 * through canonical space, so nothing swims. See the schema.
 */
export function strokeShader(shading: Extract<Shading, { kind: 'strokes' }>): SurfaceShader {
  const paper = linearColor(shading.paper);
  const line = linearColor(shading.ink);
  const options = { wrap: 0, ambient: 1, occlusion: 0 };
  const strokes = {
    period: shading.period * MILLIMETRE,
    thickness: shading.thickness,
    wobble: shading.wobble,
    layers: CROSS_HATCH,
    seed: shading.seed,
  };
  return (samples, { color, glow }, light, out) => {
    const { count } = samples;
    if (ink.length < count) {
      darkness = new Float32Array(count * 2);
      ink = new Float32Array(count * 2);
      grain = new Float32Array(count * 2);
    }
    for (let i = 0; i < count; i++) {
      gatherLight(samples, i, light, options, at);
      const tone = toneOf(at, samples.keyVisibility[i], 0.7) * (0.55 + 0.45 * samples.occlusion[i]);
      const grey = 0.2126 * color[i * 3] + 0.7152 * color[i * 3 + 1] + 0.0722 * color[i * 3 + 2];
      const lightness = Math.min(1, encodeSrgb(grey) * (0.35 + 0.8 * Math.max(0, tone)) + glow[i]);
      darkness[i] = shading.contrast * portablePower(1 - lightness, shading.gamma) + shading.offset;
    }
    hatching(samples, darkness, strokes, ink);
    fractalNoise(samples, { frequency: 420, octaves: 3, seed: shading.seed + 9 }, grain);
    for (let i = 0; i < count; i++) {
      const edge = shading.solid + shading.solidEdge * grain[i];
      const filled = smoothStep(edge - 0.03, edge + 0.03, darkness[i]);
      let cover = Math.max(filled, ink[i] * (1 - shading.grain * smoothStep(-0.1, 0.5, grain[i])));
      // Graphite leaves a grey film under its strokes.
      cover = Math.max(cover, shading.grain * 0.45 * Math.max(0, darkness[i]) * (0.8 + 0.4 * grain[i]));
      if (cover > 1) cover = 1;
      for (let c = 0; c < 3; c++) out[i * 4 + c] = radianceShownAs(paper[c] + cover * (line[c] - paper[c]));
    }
  };
}
