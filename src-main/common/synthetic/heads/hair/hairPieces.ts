import { landmarkPositions } from '#common/head/evaluateHead';
import type { HeadModel } from '#common/head/headModel';
import type { SeededRandom } from '#common/math/seededRandom';
import { createSeededRandom } from '#common/math/seededRandom';
import { smoothStep } from '#common/math/smoothStep';
import { hatEdge } from '#common/synthetic/heads/accessories/hatPieces';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { growLock } from '#common/synthetic/heads/hair/growLock';
import { hairCover } from '#common/synthetic/heads/hair/hairline';
import type { HeadHull } from '#common/synthetic/heads/hair/headHull';
import { LockMesh } from '#common/synthetic/heads/hair/lockMesh';
import { lockSurface } from '#common/synthetic/heads/hair/lockSurface';
import { STYLE_SHEETS } from '#common/synthetic/heads/hair/lockPlans';
import type { RootPlace, StyleSheet } from '#common/synthetic/heads/hair/lockPlans';
import { sampleRoots } from '#common/synthetic/heads/hair/sampleRoots';
import type { HairRoots } from '#common/synthetic/heads/hair/sampleRoots';
import { addTail } from '#common/synthetic/heads/hair/tiedHair';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';

/** What hair grows on. */
export interface HairGround {
  readonly model: HeadModel;
  readonly neutral: Float32Array;
  readonly hull: HeadHull;
}

/** All hair of the scalp as one piece of locks, or nothing for bald heads. 20 to 60 ms. */
export function hairPieces(ground: HairGround, recipe: IdentityRecipe): HeadPiece[] {
  const { hair } = recipe;
  const style = hair.style === 'bald' ? 'receding' : hair.style;
  if (hair.style === 'bald' && hair.receding < 0.3) return [];
  const sheet = STYLE_SHEETS[style];
  const random = createSeededRandom(recipe.seed ^ 0x4a12);
  const { model, neutral } = ground;
  const receding = hair.style === 'bald' ? Math.max(0.9, hair.receding) : hair.receding;
  const cover = (vertex: number): number =>
    (1 - model.regions.ears[vertex]) *
    hairCover(
      model.template[vertex * 3],
      model.template[vertex * 3 + 1],
      model.template[vertex * 3 + 2],
      receding,
      0.003,
    );
  const count = Math.round(sheet.locks * hair.density * (hair.style === 'bald' ? 0.5 : 1));
  const roots = sampleRoots(model, neutral, cover, count, random);
  const mesh = new LockMesh();
  growLocks(mesh, roots, { sheet, recipe, hull: ground.hull, random, browShift: browShift(ground) });
  addTail(mesh, recipe, random);
  return [hairPiece(mesh, roots, recipe, sheet.shine)];
}

function browShift({ model, neutral }: HairGround): number {
  const [own, mean] = [landmarkPositions(model, neutral), landmarkPositions(model, model.template)];
  return BROW_TOPS.reduce((sum, id) => sum + (own[id * 3 + 1] - mean[id * 3 + 1]) / BROW_TOPS.length, 0);
}

const BROW_TOPS = [105, 66, 334, 296] as const;

interface Growth {
  readonly sheet: StyleSheet;
  readonly recipe: IdentityRecipe;
  readonly hull: HeadHull;
  readonly random: SeededRandom;
  /** How much higher the person's brows are than the mean head's, metres. */
  readonly browShift: number;
}

function growLocks(
  mesh: LockMesh,
  roots: HairRoots,
  { sheet, recipe, hull, random, browShift }: Growth,
): void {
  const { hair } = recipe;
  for (let root = 0; root < roots.count; root++) {
    const k = root * 3;
    const place = placeOf(roots.canonical, k);
    const drawn = sheet.plan(place, hair, random);
    // Ends over the forehead keep to the person's own brows.
    const plan = drawn.cutY > 0.02 ? { ...drawn, cutY: drawn.cutY + browShift } : drawn;
    const out: { path: number[]; faces: number[] } = { path: [], faces: [] };
    const edge = hatEdge(recipe, place.azimuth);
    // Under a hat there is only what comes out from below it.
    if (edge !== undefined && roots.positions[k + 1] > edge + 0.004) continue;
    growLock(
      roots.positions.subarray(k, k + 3) as unknown as number[],
      roots.normals.subarray(k, k + 3) as unknown as number[],
      plan,
      hull,
      out,
    );
    const isGrey = random.uniform() < hair.grey;
    mesh.addLock(out.path, out.faces, {
      width: sheet.width * random.between(0.65, 1.2),
      bluntness: sheet.bluntness,
      lightness: Math.exp(random.normal() * 0.14),
      grey: isGrey ? Math.min(1, 0.25 + 0.75 * hair.grey) : hair.grey * 0.7,
      depth: smoothStep(0, 1, plan.height / (0.0012 + 0.02 * hair.volume)) * 0.6 + 0.4,
      root,
    });
  }
}

function placeOf(canonical: Float32Array, k: number): RootPlace {
  const [x, y, z] = [canonical[k], canonical[k + 1], canonical[k + 2]];
  return {
    x,
    y,
    z,
    azimuth: Math.atan2(Math.abs(x), z - 0.005),
    top: Math.min(1, Math.max(0, (y - 0.015) / 0.095)),
  };
}

function hairPiece(mesh: LockMesh, roots: HairRoots, recipe: IdentityRecipe, shine: number): HeadPiece {
  const rest = Float32Array.from(mesh.positions);
  const canonical = rest.slice();
  mesh.roots.forEach((root, v) => {
    if (root < 0) return;
    for (let c = 0; c < 3; c++)
      canonical[v * 3 + c] += roots.canonical[root * 3 + c] - roots.positions[root * 3 + c];
  });
  return {
    name: 'hair',
    part: 'hair',
    ...lockSurface(mesh, { color: [...recipe.hair.color], shine, strands: 5 }),
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
