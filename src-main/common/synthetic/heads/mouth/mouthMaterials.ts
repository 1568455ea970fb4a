import { hashNoise } from '#common/image/hashNoise';
import { smoothStep } from '#common/math/smoothStep';
import { LOWER_SEAMS, TEETH_CHART, UPPER_SEAMS } from '#common/synthetic/heads/mouth/dentition';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { createSurfaceLight } from '#common/synthetic/heads/shading/surfaceLight';
import type { SurfaceLight } from '#common/synthetic/heads/shading/surfaceLight';
import type { PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import type { SurfaceSamples } from '#common/synthetic/scene';
import { squared } from '#common/math/portableMath';

/** Place of the teeth's charts in the atlas (assets/head): v of gum's end and of the crown's lower end, lower upside down. */
const UPPER_CHART = { v: 0.814, height: 0.086 };
const LOWER_CHART = { v: 0.91, height: 0.086 };

type Painter = (samples: SurfaceSamples, i: number, color: Float64Array) => number;

/** Enamel over gum; darker towards the back of the mouth, with seams between crowns. */
export function teethMaterial(recipe: IdentityRecipe, isUpper: boolean): PieceMaterial {
  const { yellowness, brightness } = recipe.teeth;
  const chart = isUpper ? UPPER_CHART : LOWER_CHART;
  const seams = isUpper ? UPPER_SEAMS : LOWER_SEAMS;
  const seed = recipe.seed & 0xffff;
  const crown: Crown = { tooth: 0, seam: 0 };
  return wetMaterial(
    (samples, i, color) => {
      const u = (samples.uvs[i * 2] - TEETH_CHART.u) / TEETH_CHART.width - 0.5;
      const along = (samples.uvs[i * 2 + 1] - chart.v) / chart.height;
      const fromGum = isUpper ? along : 1 - along;
      locate(seams, u, crown);
      // Gums rise over each crown and reach down between them.
      const gumline = (isUpper ? 0.19 : 0.2) + 0.06 * squared(crown.seam);
      const enamel = smoothStep(gumline - 0.02, gumline + 0.03, fromGum);
      const seam = 1 - 0.22 * smoothStep(0.8, 1, crown.seam);
      const own = 0.95 + 0.06 * hashNoise(crown.tooth, isUpper ? 1 : 2, seed);
      const light = (0.56 + 0.2 * brightness) * own * seam;
      const edge = 1 - 0.1 * smoothStep(0.4, 0.2, fromGum);
      color[0] = 0.4 + (light - 0.4) * enamel;
      color[1] = 0.14 + (light * edge * (0.96 - 0.06 * yellowness) - 0.14) * enamel;
      color[2] = 0.13 + (light * edge * (0.88 - 0.26 * yellowness) - 0.13) * enamel;
      return backOfMouth(samples.canonical[i * 3 + 2]) * (isUpper ? 1 : 0.8);
    },
    0.5,
    0.62,
  );
}

interface Crown {
  /** Number of the tooth, + on the subject's left. */
  tooth: number;
  /** 0 in the crown's middle, 1 at its seams. */
  seam: number;
}

/** Which crown a place along the arch (0 the middle, up to 0.5 either way) belongs to. */
function locate(seams: readonly number[], u: number, out: Crown): void {
  const share = Math.abs(u);
  let k = 1;
  while (k < seams.length - 1 && share > seams[k]) k++;
  const [from, to] = [seams[k - 1], seams[k]];
  out.tooth = u < 0 ? -k : k;
  out.seam = Math.min(1, Math.abs((2 * (share - from)) / (to - from) - 1));
}

export function tongueMaterial(): PieceMaterial {
  return wetMaterial(
    (samples, i, color) => {
      const grain = hashNoise(
        Math.floor(samples.canonical[i * 3] * 2500),
        Math.floor(samples.canonical[i * 3 + 2] * 2500),
        7,
      );
      color[0] = 0.42 + 0.06 * grain;
      color[1] = 0.13 + 0.03 * grain;
      color[2] = 0.13 + 0.03 * grain;
      return backOfMouth(samples.canonical[i * 3 + 2] + 0.01);
    },
    0.25,
    0.3,
  );
}

export function mouthCavityMaterial(): PieceMaterial {
  return wetMaterial(
    (samples, i, color) => {
      color[0] = 0.3;
      color[1] = 0.075;
      color[2] = 0.07;
      return 0.8 * backOfMouth(samples.canonical[i * 3 + 2]);
    },
    0.15,
    0.16,
  );
}

/** Light that finds its way between the lips, by depth on the mean head. */
function backOfMouth(z: number): number {
  return 0.1 + 0.9 * smoothStep(0.052, 0.099, z);
}

function wetMaterial(paint: Painter, shine: number, bounced = 0): PieceMaterial {
  return () => ({
    shade: (samples, _, light, out) => {
      const lit: SurfaceLight = createSurfaceLight(light);
      const color = new Float64Array(3);
      const normal = new Float64Array(3);
      const total = [0, 1, 2].map(
        (c) => light.key.color[c] * 0.6 + light.fill.color[c] * 0.5 + light.sky[c] * 0.8,
      );
      for (let i = 0; i < samples.count; i++) {
        const dim = paint(samples, i, color);
        for (let c = 0; c < 3; c++) normal[c] = samples.normals[i * 3 + c];
        lit.at(samples, i, normal);
        // Lips and cheeks pass light on that shadows and occlusion do not know of.
        const gloss = lit.specular(80, 0.04) * shine * dim;
        for (let c = 0; c < 3; c++)
          out[i * 4 + c] =
            color[c] * dim * Math.max(lit.diffuse(c, 0.25), bounced * total[c]) + gloss * lit.glossColor(c);
        out[i * 4 + 3] = 1;
      }
    },
  });
}
