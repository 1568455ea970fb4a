import type { HeadModel } from '#common/head/headModel';
import { createSeededRandom } from '#common/math/seededRandom';
import { smoothStep } from '#common/math/smoothStep';
import { curlPieces } from '#common/synthetic/heads/hair/curlVolume';
import { growLayer } from '#common/synthetic/heads/hair/growHair';
import type { GrowOptions, GrownLayer } from '#common/synthetic/heads/hair/growHair';
import type { HeadHull } from '#common/synthetic/heads/hair/headHull';
import { lockSurface } from '#common/synthetic/heads/hair/lockSurface';
import type { LockLayer } from '#common/synthetic/heads/hair/lockPlans';
import { STYLE_SHEETS } from '#common/synthetic/heads/hair/lockPlans';
import { stubbleShells } from '#common/synthetic/heads/hair/stubbleShells';
import type { WornHair } from '#common/synthetic/heads/hair/modelledHair';
import { modelledHair } from '#common/synthetic/heads/hair/modelledHair';
import { libraryStyle } from '#common/synthetic/heads/hair/libraryStyle';
import type { LibraryHairName, SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import { addTail } from '#common/synthetic/heads/hair/tiedHair';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';

/** What hair grows on. */
export interface HairGround {
  readonly model: HeadModel;
  readonly neutral: Float32Array;
  readonly hull: HeadHull;
}

/**
 * All hair of the scalp: locks over an opaque ground, a curled volume, shells of stubble, or one of the library's styles
 * where one suits. 20 to 60 ms.
 */
export function hairPieces(
  ground: HairGround,
  recipe: IdentityRecipe,
  library?: SyntheticLibrary,
): HeadPiece[] {
  const { style } = recipe.hair;
  const worn = library && libraryStyle(recipe, library);
  if (worn) return [...modelledHair(ground, recipe, worn), ...hairlineOf(ground, recipe, worn)];
  switch (style) {
    case 'bald':
    case 'receding':
    case 'buzz':
      return stubbleShells(ground, recipe, style);
    case 'afro':
      return curlPieces(ground, recipe);
    default: {
      const random = createSeededRandom(recipe.seed ^ 0x4a12);
      const locks = lockPieces({ ground, recipe, sheet: STYLE_SHEETS[style], random });
      return style === 'crew' ? [...stubbleShells(ground, recipe, style), ...locks] : locks;
    }
  }
}

/** Modelled styles that are combed off the forehead begin behind the painted hairline: grown locks fill what is between. */
const COMBED_BACK: ReadonlySet<LibraryHairName> = new Set(['long01', 'ponytail01', 'short04']);

function hairlineOf(ground: HairGround, recipe: IdentityRecipe, { hair }: WornHair): HeadPiece[] {
  const { style } = recipe.hair;
  if (!COMBED_BACK.has(hair.name) || !(style in STYLE_SHEETS)) return [];
  const sheet = STYLE_SHEETS[style as keyof typeof STYLE_SHEETS];
  const options = { ground, recipe, sheet, random: createSeededRandom(recipe.seed ^ 0x4a12) };
  return [hairPiece('hairEdge', growLayer(sheet.edge, 'edge', options), options, sheet.edge)];
}

function lockPieces(options: GrowOptions): HeadPiece[] {
  const { sheet, recipe, random } = options;
  const pieces: HeadPiece[] = [];
  if (sheet.base !== undefined)
    pieces.push(hairPiece('hairBase', growLayer(sheet.base, 'inside', options), options, sheet.base));
  const outer = growLayer(sheet.outer, 'everywhere', options);
  addTail(outer.mesh, recipe, random);
  pieces.push(hairPiece('hair', outer, options, sheet.outer));
  pieces.push(hairPiece('hairEdge', growLayer(sheet.edge, 'edge', options), options, sheet.edge));
  return pieces.filter(({ indices }) => indices.length > 0);
}

/** Texels of the strand sheet across one lock. */
const TEXELS_ACROSS = 128;

function hairPiece(
  name: string,
  { mesh, roots }: GrownLayer,
  { recipe, sheet }: GrowOptions,
  layer: LockLayer,
): HeadPiece {
  const rest = Float32Array.from(mesh.positions);
  const canonical = rest.slice();
  mesh.roots.forEach((root, v) => {
    if (root < 0) return;
    for (let c = 0; c < 3; c++)
      canonical[v * 3 + c] += roots.canonical[root * 3 + c] - roots.positions[root * 3 + c];
  });
  return {
    name,
    part: 'hair',
    // Cards would cast the shadows of whole ribbons on one another; the ground is shadow enough.
    castsShadow: name === 'hairBase',
    ...lockSurface(mesh, {
      color: [...recipe.hair.color],
      shine: sheet.shine,
      isSolid: name === 'hairBase',
      texelSide: layer.width / TEXELS_ACROSS,
    }),
    canonical,
    rest,
    follow: { kind: 'joints', shares: hairShares(rest) },
  };
}

/** Hair goes with the head; what lies on the shoulders stays with them. */
export function hairShares(rest: Float32Array): Float32Array {
  const shares = new Float32Array(rest.length);
  for (let k = 0; k < rest.length; k += 3) {
    const low = smoothStep(-0.075, -0.2, rest[k + 1]);
    shares[k] = 0.75 * low;
    shares[k + 1] = 0.15 * low;
    shares[k + 2] = 1 - 0.9 * low;
  }
  return shares;
}
