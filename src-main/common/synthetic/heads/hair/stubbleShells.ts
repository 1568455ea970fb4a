import { smoothStep } from '#common/math/smoothStep';
import { hatEdge } from '#common/synthetic/heads/accessories/hatPieces';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';
import { hairShares } from '#common/synthetic/heads/hair/hairPieces';
import type { ScalpPatch } from '#common/synthetic/heads/hair/scalpPatch';
import { scalpPatch } from '#common/synthetic/heads/hair/scalpPatch';
import { shellMaterial } from '#common/synthetic/heads/hair/shellMaterial';
import type { ShellOptions } from '#common/synthetic/heads/hair/shellMaterial';
import { withGrey } from '#common/synthetic/heads/identity/hairColor';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import { portableAngle } from '#common/math/portableMath';

interface ShellSheet {
  /** Heights of the shells, metres, at length 1. */
  readonly heights: readonly number[];
  readonly frequency: number;
  readonly receding: (hair: IdentityRecipe['hair']) => number;
}

/** Bald heads keep a clipped wreath; the crew cut's shells are what shows between its locks. */
const SHEETS: Readonly<Record<'buzz' | 'bald' | 'receding' | 'crew', ShellSheet>> = {
  buzz: { heights: [0.0014, 0.0036], frequency: 900, receding: (hair) => Math.min(0.5, hair.receding) },
  bald: { heights: [0.0012, 0.003], frequency: 700, receding: (hair) => Math.max(0.95, hair.receding) },
  receding: { heights: [0.002, 0.0045, 0.007], frequency: 520, receding: (hair) => Math.max(0.7, hair.receding) },
  crew: { heights: [0.003], frequency: 600, receding: (hair) => Math.min(0.5, hair.receding) },
}; // prettier-ignore

/** Clipped hair: soft shells over the painted scalp, each thinner than the one below. */
export function stubbleShells(
  ground: HairGround,
  recipe: IdentityRecipe,
  style: keyof typeof SHEETS,
): HeadPiece[] {
  const { hair, seed } = recipe;
  if (style === 'bald' && hair.receding < 0.45) return [];
  const { heights, frequency, receding } = SHEETS[style];
  const patch = scalpPatch(ground, { receding: receding(hair), softness: 0.012, least: 0.06, splits: 0 });
  const color = withGrey([...hair.color], hair.grey);
  return heights.map((height, shell) => {
    const rest = lifted(patch, height * hair.length);
    const high = (shell + 1) / heights.length;
    const coverAt = coverOf(patch, recipe);
    return {
      name: style === 'crew' ? `hairShell${shell}` : shell === 0 ? 'hair' : `hair${shell}`,
      part: 'hair',
      layer: 'blended',
      castsShadow: false,
      indices: patch.indices,
      uvs: new Float32Array((rest.length / 3) * 2),
      canonical: patch.canonical,
      rest,
      follow: { kind: 'joints', shares: hairShares(rest) },
      material: shellMaterial({ color, seed, frequency, high, density: hair.density, coverAt }),
    };
  });
}

function lifted({ rest, normals, cover }: ScalpPatch, height: number): Float32Array {
  return rest.map((value, k) => value + normals[k] * height * smoothStep(0, 0.7, cover[(k / 3) | 0]));
}

/** The patch's cover at a sample; none under a hat. */
function coverOf(patch: ScalpPatch, recipe: IdentityRecipe): ShellOptions['coverAt'] {
  return (samples, i, mesh) => {
    const [x, y, z] = [samples.canonical[i * 3], samples.canonical[i * 3 + 1], samples.canonical[i * 3 + 2]];
    const edge = hatEdge(recipe, portableAngle(Math.abs(x), z - 0.005));
    if (edge !== undefined && y > edge) return 0;
    const triangle = samples.triangles[i] * 3;
    let cover = 0;
    for (let corner = 0; corner < 3; corner++)
      cover += samples.barycentrics[i * 3 + corner] * patch.cover[mesh.indices[triangle + corner]];
    return cover;
  };
}
