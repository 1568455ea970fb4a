import { createSeededRandom } from '#common/math/seededRandom';
import type { SeededRandom } from '#common/math/seededRandom';
import { smoothStep } from '#common/math/smoothStep';
import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import { beardCover } from '#common/synthetic/heads/hair/hairline';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';
import { LockMesh } from '#common/synthetic/heads/hair/lockMesh';
import { lockSurface } from '#common/synthetic/heads/hair/lockSurface';
import { sampleRoots } from '#common/synthetic/heads/hair/sampleRoots';
import type { BeardStyle, IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';

interface BeardSheet {
  readonly locks: number;
  /** Metres, at length 0 and 1. */
  readonly length: readonly [number, number];
  readonly width: number;
  /** Share of the beard's zone, by place on the mean head. */
  readonly zone: (x: number, y: number, z: number) => number;
}

const isLip = (x: number, y: number): number =>
  smoothStep(-0.037, -0.034, y) * (1 - smoothStep(0.026, 0.034, Math.abs(x)));
const isChin = (x: number, y: number): number =>
  smoothStep(-0.056, -0.062, y) * (1 - smoothStep(0.019, 0.027, Math.abs(x))) +
  smoothStep(-0.034, -0.038, y) *
    smoothStep(0.02, 0.026, Math.abs(x)) *
    (1 - smoothStep(0.032, 0.038, Math.abs(x))) *
    smoothStep(-0.08, -0.06, y);

const SHEETS: Readonly<Record<Exclude<BeardStyle, 'none'>, BeardSheet>> = {
  stubble: { locks: 900, length: [0.0016, 0.003], width: 0.0005, zone: () => 1 },
  moustache: { locks: 700, length: [0.007, 0.014], width: 0.0011, zone: isLip },
  goatee: { locks: 1100, length: [0.006, 0.018], width: 0.0012, zone: (x, y) => Math.max(isLip(x, y), isChin(x, y)) },
  short: { locks: 2600, length: [0.005, 0.01], width: 0.0009, zone: () => 1 },
  full: { locks: 2600, length: [0.015, 0.045], width: 0.0017, zone: () => 1 },
}; // prettier-ignore

const STEPS = 3;

/** A beard of locks fixed to the skin, so that it goes with jaw and lips; its shadow is painted by the skin. */
export function beardPieces({ model, neutral }: HairGround, recipe: IdentityRecipe): HeadPiece[] {
  const { beard } = recipe;
  if (beard.style === 'none') return [];
  const sheet = SHEETS[beard.style];
  const random = createSeededRandom(recipe.seed ^ 0xbea6d);
  const { template, regions } = model;
  const cover = (vertex: number): number => {
    const [x, y, z] = [template[vertex * 3], template[vertex * 3 + 1], template[vertex * 3 + 2]];
    const lips = y > -0.0335 || Math.abs(x) > 0.03 ? 0 : smoothStep(-0.0595, -0.056, y);
    return beardCover(x, y, z) * sheet.zone(x, y, z) * (1 - lips) * (1 - regions.ears[vertex]);
  };
  const roots = sampleRoots(
    model,
    neutral,
    cover,
    Math.round(sheet.locks * (0.5 + 0.5 * beard.density)),
    random,
  );
  if (roots.count === 0) return [];
  const mesh = new LockMesh();
  for (let root = 0; root < roots.count; root++) addHair(mesh, sheet, recipe, root, { roots, random });
  const rest = Float32Array.from(mesh.positions);
  const corners = new Uint32Array(rest.length);
  const weights = new Float32Array(rest.length);
  const canonical = rest.slice();
  mesh.roots.forEach((root, v) => {
    for (let c = 0; c < 3; c++) {
      corners[v * 3 + c] = roots.corners[root * 3 + c];
      weights[v * 3 + c] = roots.weights[root * 3 + c];
      canonical[v * 3 + c] += roots.canonical[root * 3 + c] - roots.positions[root * 3 + c];
    }
  });
  return [
    {
      name: 'beard',
      part: 'beard',
      ...lockSurface(mesh, { color: [...beard.color], shine: 0.4, isSolid: false, texelSide: 0.00004 }),
      canonical,
      rest,
      follow: { kind: 'surface', binding: bindToSurface(rest, { corners, weights }, neutral) },
    },
  ];
}

interface BeardGrowth {
  readonly roots: ReturnType<typeof sampleRoots>;
  readonly random: SeededRandom;
}

/** Out of the skin, then down; under the nose to the sides. */
function addHair(
  mesh: LockMesh,
  sheet: BeardSheet,
  { beard }: IdentityRecipe,
  root: number,
  { roots, random }: BeardGrowth,
): void {
  const k = root * 3;
  const [x, y] = [roots.canonical[k], roots.canonical[k + 1]];
  const onLip = isLip(x, y);
  const [least, most] = sheet.length;
  const whole = least + (most - least) * beard.length;
  const length =
    (onLip > 0.5 ? Math.min(whole, 0.013) : whole * (y < -0.06 ? 1 : 0.65)) * random.between(0.6, 1.15);
  const normal = roots.normals.subarray(k, k + 3);
  const d = [normal[0] * 0.5, normal[1] * 0.5, normal[2] * 0.5];
  const side = onLip * 0.75 * Math.sign(x || 1) * Math.min(1, Math.abs(x) / 0.006);
  const fall = [
    side + 0.25 * random.normal(),
    -0.75 - 0.2 * random.uniform(),
    -0.12 + 0.25 * random.normal(),
  ];
  const p = [roots.positions[k], roots.positions[k + 1], roots.positions[k + 2]];
  const path = [...p];
  const faces = [...normal];
  for (let step = 1; step <= STEPS; step++) {
    for (let c = 0; c < 3; c++) d[c] = d[c] * 0.55 + fall[c] * 0.45;
    // Never back into the skin.
    const into = d[0] * normal[0] + d[1] * normal[1] + d[2] * normal[2];
    if (into < 0.12) for (let c = 0; c < 3; c++) d[c] += (0.12 - into) * normal[c];
    const size = Math.hypot(d[0], d[1], d[2]);
    for (let c = 0; c < 3; c++) p[c] += (d[c] / size) * (length / STEPS);
    path.push(...p);
    faces.push(...normal);
  }
  mesh.addLock(path, faces, {
    width: sheet.width * random.between(0.7, 1.2),
    bluntness: 0.1,
    lightness: Math.exp(random.normal() * 0.2),
    grey: 0,
    depth: random.between(0.5, 1),
    root,
    strands: 'sparse',
  });
}
