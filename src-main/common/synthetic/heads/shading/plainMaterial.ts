import { createSurfaceLight } from '#common/synthetic/heads/shading/surfaceLight';
import type { PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import type { SurfaceSamples, Triple } from '#common/synthetic/scene';

export interface PlainOptions {
  readonly color: Triple;
  /** Highlight power and reflectance at normal incidence. */
  readonly power: number;
  readonly f0: number;
  /** 0 to 1: how much light goes round edges. */
  readonly wrap: number;
  /** Changes `color` (three floats) at a sample. */
  readonly paint?: (samples: SurfaceSamples, i: number, color: Float64Array) => void;
}

/** Plastic, metal frames, cloth: one colour or a painted pattern, one highlight. */
export function plainMaterial({ color, power, f0, wrap, paint }: PlainOptions): PieceMaterial {
  return () => ({
    shade: (samples, _, light, out) => {
      const lit = createSurfaceLight(light);
      const base = new Float64Array(3);
      const normal = new Float64Array(3);
      for (let i = 0; i < samples.count; i++) {
        base.set(color);
        paint?.(samples, i, base);
        for (let c = 0; c < 3; c++) normal[c] = samples.normals[i * 3 + c];
        lit.at(samples, i, normal);
        const gloss = f0 > 0 ? lit.specular(power, f0) : 0;
        for (let c = 0; c < 3; c++)
          out[i * 4 + c] = base[c] * lit.diffuse(c, wrap) + gloss * lit.glossColor(c);
        out[i * 4 + 3] = 1;
      }
    },
  });
}
