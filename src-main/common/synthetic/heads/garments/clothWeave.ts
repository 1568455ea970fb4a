import { bandWeight } from '#common/synthetic/pattern/patternPoints';
import type { SurfaceSamples } from '#common/synthetic/scene';
import { portableCosine } from '#common/math/portableMath';

/** Darkens the gaps of a weave of `period` metres in canonical space by `depth` in [0, 1]; fades where samples are wider. */
export function clothWeave(
  samples: SurfaceSamples,
  i: number,
  period: number,
  depth: number,
  color: Float64Array,
): void {
  const { canonical } = samples;
  const sharp = bandWeight(samples.footprint[i] / period);
  const k = i * 3;
  const x = (canonical[k] + canonical[k + 2] * 0.6) / period;
  const y = (canonical[k + 1] - canonical[k + 2] * 0.3) / period;
  const gap = 0.5 + 0.25 * sharp * (portableCosine(2 * Math.PI * x) + portableCosine(2 * Math.PI * y * 0.7));
  for (let c = 0; c < 3; c++) color[c] *= 1 - depth * (1 - gap);
}
