import { smoothStep } from '#common/math/smoothStep';
import { hatEdge } from '#common/synthetic/heads/accessories/hatPieces';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';
import { hairShares } from '#common/synthetic/heads/hair/hairPieces';
import type { ScalpPatch } from '#common/synthetic/heads/hair/scalpPatch';
import { scalpPatch } from '#common/synthetic/heads/hair/scalpPatch';
import { withGrey } from '#common/synthetic/heads/identity/hairColor';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { createSurfaceLight } from '#common/synthetic/heads/shading/surfaceLight';
import type { HeadPiece, PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import { bandWeight } from '#common/synthetic/pattern/patternPoints';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';

/** Heights of the shells of clipped hair, metres, at length 1. */
const BUZZ = [0.0012, 0.0026, 0.004] as const;
const THIN = [0.0015, 0.0035, 0.0055, 0.0075] as const;

/** Clipped hair: soft shells over the painted scalp, each thinner than the one below. Bald heads have a wreath or none. */
export function stubbleShells(ground: HairGround, recipe: IdentityRecipe): HeadPiece[] {
  const { hair } = recipe;
  if (hair.style === 'bald' && hair.receding < 0.45) return [];
  const isBuzz = hair.style === 'buzz';
  const receding = isBuzz
    ? Math.min(0.5, hair.receding)
    : Math.max(hair.style === 'bald' ? 0.95 : 0.7, hair.receding);
  const patch = scalpPatch(ground, { receding, softness: 0.012, least: 0.06, splits: 0 });
  const heights = isBuzz ? BUZZ : hair.style === 'bald' ? BUZZ : THIN;
  return heights.map((height, shell) => {
    const rest = lifted(patch, height * hair.length);
    return {
      name: shell === 0 ? 'hair' : `hair${shell}`,
      part: 'hair',
      layer: 'blended',
      castsShadow: false,
      indices: patch.indices,
      uvs: new Float32Array((rest.length / 3) * 2),
      canonical: patch.canonical,
      rest,
      follow: { kind: 'joints', shares: hairShares(rest) },
      material: shellMaterial(patch, recipe, (shell + 1) / heights.length),
    };
  });
}

function lifted({ rest, normals, cover }: ScalpPatch, height: number): Float32Array {
  return rest.map((value, k) => value + normals[k] * height * smoothStep(0, 0.7, cover[(k / 3) | 0]));
}

const noise = new Float64Array(4);

/** Tips of hairs: more skin shows between them the higher the shell. */
function shellMaterial(patch: ScalpPatch, recipe: IdentityRecipe, high: number): PieceMaterial {
  const { hair, seed } = recipe;
  const tone = withGrey([...hair.color], hair.grey);
  const frequency = hair.style === 'buzz' ? 900 : 520;
  const least = -0.45 + 0.95 * high - 0.2 * (hair.density - 0.8);
  // Share of a field of this noise over the threshold, for samples wider than its grains.
  const mean = 0.5 - 0.62 * least;
  return () => ({
    shade: (samples, mesh, light, out) => {
      const lit = createSurfaceLight(light);
      const normal = new Float64Array(3);
      for (let i = 0; i < samples.count; i++) {
        const k = i * 3;
        const triangle = samples.triangles[i] * 3;
        let cover = 0;
        for (let corner = 0; corner < 3; corner++)
          cover += samples.barycentrics[k + corner] * patch.cover[mesh.indices[triangle + corner]];
        const [x, y, z] = [samples.canonical[k], samples.canonical[k + 1], samples.canonical[k + 2]];
        const edge = hatEdge(recipe, Math.atan2(Math.abs(x), z - 0.005));
        const sharp = bandWeight(samples.footprint[i] * frequency);
        simplexNoise(x * frequency, y * frequency * 0.6, z * frequency, seed & 0xffff, noise);
        const tips = smoothStep(least - 0.2, least + 0.2, noise[0] - 0.8 * (1 - cover));
        const soft = Math.max(0, mean - 0.5 * (1 - cover));
        const hidden = edge !== undefined && y > edge ? 0 : 1;
        out[i * 4 + 3] = hidden * smoothStep(0.04, 0.6, cover) * (tips * sharp + soft * (1 - sharp)) * 0.85;
        for (let c = 0; c < 3; c++) normal[c] = samples.normals[k + c];
        lit.at(samples, i, normal);
        const shade = (0.55 + 0.55 * high) * (0.85 + 0.3 * noise[0] * sharp);
        for (let c = 0; c < 3; c++) out[i * 4 + c] = tone[c] * shade * lit.diffuse(c, 0.35);
      }
    },
  });
}
