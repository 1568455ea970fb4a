import { smoothStep } from '#common/math/smoothStep';
import { createSurfaceLight } from '#common/synthetic/heads/shading/surfaceLight';
import type { PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import { bandWeight } from '#common/synthetic/pattern/patternPoints';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import type { SceneMesh, SurfaceSamples, Triple } from '#common/synthetic/scene';

export interface ShellOptions {
  /** Linear reflectance. */
  readonly color: Triple;
  readonly seed: number;
  /** Hairs a metre. */
  readonly frequency: number;
  /** The shell's place among its neighbours, above 0 (on the skin) to 1 (the tips). */
  readonly high: number;
  /** 0.8 is usual. */
  readonly density: number;
  /** Share of hair at a sample, [0, 1]. */
  readonly coverAt: (samples: SurfaceSamples, i: number, mesh: SceneMesh) => number;
}

const noise = new Float64Array(4);

/** One of several shells over the skin that together are short hair: the higher, the more shows between its tips. */
export function shellMaterial({
  color,
  seed,
  frequency,
  high,
  density,
  coverAt,
}: ShellOptions): PieceMaterial {
  const least = -0.45 + 0.95 * high - 0.5 * (density - 0.8);
  // Share of a field of this noise over the threshold, for samples wider than its grains.
  const mean = 0.5 - 0.62 * least;
  return () => ({
    shade: (samples, mesh, light, out) => {
      const lit = createSurfaceLight(light);
      const normal = new Float64Array(3);
      for (let i = 0; i < samples.count; i++) {
        const k = i * 3;
        const cover = coverAt(samples, i, mesh);
        if (cover <= 0.04) {
          out.fill(0, i * 4, i * 4 + 4);
          continue;
        }
        const [x, y, z] = [samples.canonical[k], samples.canonical[k + 1], samples.canonical[k + 2]];
        const sharp = bandWeight(samples.footprint[i] * frequency);
        simplexNoise(x * frequency, y * frequency * 0.6, z * frequency, seed & 0xffff, noise);
        const fine = noise[0];
        // Hairs stand in tufts, which are seen from farther away.
        const tuft = frequency * 0.3;
        simplexNoise(x * tuft, y * tuft * 0.5, z * tuft, (seed + 3) & 0xffff, noise);
        const tufts = noise[0] * bandWeight(samples.footprint[i] * tuft);
        const tips = smoothStep(least - 0.2, least + 0.2, fine + 0.3 * tufts - 0.8 * (1 - cover));
        const soft = Math.min(1, Math.max(0, mean + 0.2 * tufts - 0.5 * (1 - cover)));
        out[i * 4 + 3] = smoothStep(0.04, 0.6, cover) * (tips * sharp + soft * (1 - sharp)) * 0.85;
        for (let c = 0; c < 3; c++) normal[c] = samples.normals[k + c];
        lit.at(samples, i, normal);
        const shade = (0.55 + 0.55 * high) * (0.88 + 0.3 * fine * sharp + 0.22 * tufts);
        for (let c = 0; c < 3; c++) out[i * 4 + c] = color[c] * shade * lit.diffuse(c, 0.35);
      }
    },
  });
}
