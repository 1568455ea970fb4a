import { vertexNormals, weldByPosition } from '#common/raster/shading/vertexNormals';
import type { SeededRandom } from '#common/math/seededRandom';
import { createSeededRandom } from '#common/math/seededRandom';
import { smoothStep } from '#common/math/smoothStep';
import { curlMaterial } from '#common/synthetic/heads/hair/curlMaterial';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';
import { hairShares } from '#common/synthetic/heads/hair/hairPieces';
import { LockMesh } from '#common/synthetic/heads/hair/lockMesh';
import { lockSurface } from '#common/synthetic/heads/hair/lockSurface';
import type { ScalpPatch } from '#common/synthetic/heads/hair/scalpPatch';
import { scalpPatch } from '#common/synthetic/heads/hair/scalpPatch';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import { norm3, portableExp, squared } from '#common/math/portableMath';

/** Metres at length and volume 1, on top and at the sides. */
const THICKNESS = { top: 0.042, side: 0.032 } as const;
const FUZZ_LOCKS = 620;
const FUZZ_STEPS = 3;

/** Tightly curled hair as a closed, lumpy volume with small curls sticking out of it, so that its border is soft. */
export function curlPieces(ground: HairGround, recipe: IdentityRecipe): HeadPiece[] {
  const { hair } = recipe;
  const patch = scalpPatch(ground, {
    receding: Math.min(0.5, hair.receding),
    softness: 0.009,
    least: 0.03,
    splits: 1,
  });
  const rest = raised(patch, recipe);
  const normals = vertexNormals({
    positions: rest,
    indices: patch.indices,
    weld: weldByPosition(patch.rest),
  });
  const random = createSeededRandom(recipe.seed ^ 0xaf40);
  const fuzz = growFuzz(patch, { rest, normals }, recipe, random);
  const fuzzRest = Float32Array.from(fuzz.positions);
  return [
    {
      name: 'hairBase',
      part: 'hair',
      layer: 'solid',
      isDoubleSided: true,
      indices: patch.indices,
      uvs: new Float32Array((rest.length / 3) * 2),
      canonical: patch.canonical.map((value, k) => value + rest[k] - patch.rest[k]),
      rest,
      follow: { kind: 'joints', shares: hairShares(rest) },
      material: curlMaterial(recipe),
    },
    {
      name: 'hair',
      part: 'hair',
      castsShadow: false,
      ...lockSurface(fuzz, { color: [...hair.color], shine: 0.25, isSolid: false, texelSide: 0.00012 }),
      canonical: fuzzRest,
      rest: fuzzRest,
      follow: { kind: 'joints', shares: hairShares(fuzzRest) },
    },
  ];
}

const noise = new Float64Array(4);

/** The scalp pushed out to the hair's surface: round at the border, lumpy all over. */
function raised(patch: ScalpPatch, { hair, seed }: IdentityRecipe): Float32Array {
  const { rest, normals, canonical, cover } = patch;
  const size = hair.length * Math.sqrt(hair.volume);
  const out = rest.slice();
  for (let v = 0; v < cover.length; v++) {
    const [x, y, z] = [canonical[v * 3], canonical[v * 3 + 1], canonical[v * 3 + 2]];
    const top = smoothStep(0, 0.1, y);
    const front = smoothStep(0.04, 0.09, z);
    const low = smoothStep(-0.07, 0.0, y);
    const full =
      (THICKNESS.side + (THICKNESS.top - THICKNESS.side) * top) * (1 - 0.5 * front) * (0.3 + 0.7 * low);
    simplexNoise(x * 45, y * 45, z * 45, seed & 0xffff, noise);
    const lump = noise[0];
    simplexNoise(x * 110, y * 110, z * 110, (seed + 9) & 0xffff, noise);
    // A quarter circle up from the border.
    const rise = Math.sqrt(1 - squared(1 - Math.min(1, Math.max(0, (cover[v] - 0.03) / 0.97))));
    const height = full * size * rise * (1 + 0.09 * lump + 0.05 * noise[0]) - 0.0012 * (1 - rise);
    // Up as well as out, so that the sides do not bulge over the ears.
    const n = [normals[v * 3], normals[v * 3 + 1] + 0.25 * low, normals[v * 3 + 2] - 0.12 * front];
    const length = norm3(n[0], n[1], n[2]) || 1;
    for (let c = 0; c < 3; c++) out[v * 3 + c] += (height * n[c]) / length;
  }
  return out;
}

interface Surface {
  readonly rest: Float32Array;
  readonly normals: Float32Array;
}

/** Short curls at random places of the surface, each another way. */
function growFuzz(
  patch: ScalpPatch,
  { rest, normals }: Surface,
  recipe: IdentityRecipe,
  random: SeededRandom,
): LockMesh {
  const { indices, cover } = patch;
  const { hair } = recipe;
  const mesh = new LockMesh();
  const triangles = indices.length / 3;
  for (let lock = 0; lock < FUZZ_LOCKS; lock++) {
    const corner = indices[3 * Math.floor(((lock + random.uniform()) / FUZZ_LOCKS) * triangles)] * 3;
    const share = cover[corner / 3];
    const n = [normals[corner], normals[corner + 1], normals[corner + 2]];
    const d = [n[0] + 0.75 * random.normal(), n[1] + 0.75 * random.normal(), n[2] + 0.75 * random.normal()];
    const length = random.between(0.01, 0.02) * (0.35 + 0.65 * share);
    const isGrey = random.uniform() < hair.grey;
    const [lightness, width] = [portableExp(0.12 * random.normal()), random.between(0.009, 0.016)];
    const strands = random.uniform() < 0.6 ? 'curlSparse' : 'curlMedium';
    if (share < 0.06) continue;
    const p = [0, 1, 2].map((c) => rest[corner + c] - n[c] * 0.005);
    const [path, faces]: [number[], number[]] = [[...p], [...n]];
    for (let step = 1; step <= FUZZ_STEPS; step++) {
      // They bow back along the surface.
      for (let c = 0; c < 3; c++) d[c] -= n[c] * 0.45 * (step / FUZZ_STEPS);
      const size = norm3(d[0], d[1], d[2]) || 1;
      for (let c = 0; c < 3; c++) p[c] += (d[c] / size) * (length / FUZZ_STEPS);
      path.push(...p);
      faces.push(...n);
    }
    mesh.addLock(path, faces, {
      width,
      bluntness: 0.7,
      lightness,
      grey: isGrey ? Math.min(1, 0.25 + 0.75 * hair.grey) : hair.grey * 0.7,
      depth: 0.8,
      root: -1,
      strands,
    });
  }
  return mesh;
}
