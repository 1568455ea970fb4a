import { createSeededRandom } from '#common/math/seededRandom';
import type { SeededRandom } from '#common/math/seededRandom';
import { smoothStep } from '#common/math/smoothStep';
import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';
import { LockMesh } from '#common/synthetic/heads/hair/lockMesh';
import { lockSurface } from '#common/synthetic/heads/hair/lockSurface';
import { sampleRoots } from '#common/synthetic/heads/hair/sampleRoots';
import { beardShells } from '#common/synthetic/heads/beard/beardShells';
import { beardZoneOf, isLip } from '#common/synthetic/heads/beard/beardZone';
import type { StrandKind } from '#common/synthetic/heads/hair/strandSheet';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import { norm3, portableExp } from '#common/math/portableMath';

interface BeardSheet {
  readonly locks: number;
  /** Metres, at length 0 and 1. */
  readonly length: readonly [number, number];
  readonly width: number;
  readonly strands: readonly StrandKind[];
}

/** Stubble and short beards are shells alone. */
const SHEETS: Readonly<Record<'moustache' | 'goatee' | 'full', BeardSheet>> = {
  moustache: { locks: 240, length: [0.009, 0.016], width: 0.0065, strands: ['full', 'medium', 'sparse'] },
  goatee: { locks: 260, length: [0.012, 0.026], width: 0.0075, strands: ['sparse', 'sparse', 'wisp'] },
  full: { locks: 680, length: [0.014, 0.04], width: 0.009, strands: ['full', 'medium', 'medium', 'sparse'] },
}; // prettier-ignore

const STEPS = 3;

/** Shells of short hair and locks on them, fixed to the skin, so that they go with jaw and lips; their shadow is painted. */
export function beardPieces(ground: HairGround, recipe: IdentityRecipe): HeadPiece[] {
  const { style } = recipe.beard;
  if (style === 'none') return [];
  const shells = beardShells(ground, recipe);
  return style === 'stubble' || style === 'short'
    ? shells
    : [...shells, ...lockPieces(ground, recipe, style)];
}

function lockPieces(
  { model, neutral }: HairGround,
  recipe: IdentityRecipe,
  style: keyof typeof SHEETS,
): HeadPiece[] {
  const { beard } = recipe;
  const sheet = SHEETS[style];
  const random = createSeededRandom(recipe.seed ^ 0xbea6d);
  const zone = beardZoneOf(style, model);
  // Whole locks stay inside the border, which is the shells' to fade.
  // A goatee is long on the chin alone.
  const highest = style === 'goatee' ? -0.06 : 1;
  const cover = (vertex: number): number =>
    model.template[vertex * 3 + 1] < highest ? smoothStep(0.2, 0.7, zone(vertex)) : 0;
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
      ...lockSurface(mesh, {
        color: [...beard.color],
        shine: 0.4,
        isSolid: false,
        texelSide: sheet.width / 128,
      }),
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
    const size = norm3(d[0], d[1], d[2]);
    for (let c = 0; c < 3; c++) p[c] += (d[c] / size) * (length / STEPS);
    path.push(...p);
    faces.push(...normal);
  }
  mesh.addLock(path, faces, {
    width: sheet.width * random.between(0.7, 1.2),
    bluntness: 0.4,
    lightness: portableExp(random.normal() * 0.1),
    grey: 0,
    depth: random.between(0.75, 1),
    root,
    strands: sheet.strands[random.integer(sheet.strands.length)],
    isMirrored: random.uniform() < 0.5,
  });
}
