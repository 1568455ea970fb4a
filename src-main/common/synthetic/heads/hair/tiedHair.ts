import type { SeededRandom } from '#common/math/seededRandom';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { LockMesh } from '#common/synthetic/heads/hair/lockMesh';
import { TIE } from '#common/synthetic/heads/hair/lockPlans';
import { portableCosine, portableExp, portableSine } from '#common/math/portableMath';

const TAIL_LOCKS = 70;
const BUN_LOCKS = 90;
const STEPS = 9;

/** What hangs from or sits on the tie: a tail behind the head or a knot of hair; nothing for other styles. */
export function addTail(mesh: LockMesh, recipe: IdentityRecipe, random: SeededRandom): void {
  if (recipe.hair.style === 'ponytail')
    for (let k = 0; k < TAIL_LOCKS; k++) addTailLock(mesh, recipe, random);
  if (recipe.hair.style === 'bun') for (let k = 0; k < BUN_LOCKS; k++) addBunLock(mesh, recipe, random);
}

function lockStyle(
  { hair }: IdentityRecipe,
  random: SeededRandom,
  depth: number,
): Parameters<LockMesh['addLock']>[2] {
  return {
    width: 0.014 * random.between(0.75, 1.2),
    bluntness: 0.6,
    lightness: portableExp(random.normal() * 0.1),
    grey: Math.min(1, hair.grey * random.between(0.75, 1.2)),
    depth: 0.45 + 0.55 * depth,
    root: -1,
    strands: depth > 0.75 ? 'medium' : 'full',
    isMirrored: random.uniform() < 0.5,
  };
}

/** Out of the tie, over and down, spreading in the middle and gathering at the end. */
function addTailLock(mesh: LockMesh, recipe: IdentityRecipe, random: SeededRandom): void {
  const { hair } = recipe;
  const angle = random.between(0, 2 * Math.PI);
  const ring = Math.sqrt(random.uniform());
  const length = 0.2 * hair.length * random.between(0.8, 1.1);
  const path: number[] = [];
  const faces: number[] = [];
  for (let k = 0; k <= STEPS; k++) {
    const s = k / STEPS;
    const spread = (0.007 + 0.03 * hair.volume * portableSine(Math.PI * Math.min(1, 0.15 + 0.8 * s))) * ring;
    const wave = 0.012 * hair.curl * portableSine(s * length * 90 + angle) * s;
    const back = 0.055 * portableSine(Math.min(1.45, s * 2.6));
    path.push(
      TIE.high[0] + portableCosine(angle) * spread + wave,
      TIE.high[1] +
        0.01 +
        portableSine(angle) * spread * 0.5 +
        0.02 * portableSine(s * 3.1) -
        length * s * s * (1.5 - 0.5 * s),
      TIE.high[2] - back + portableSine(angle) * spread * 0.6,
    );
    faces.push(
      portableCosine(angle) * ring,
      0.3 * portableSine(angle),
      -0.5 + 0.8 * portableSine(angle) * ring - 0.2,
    );
  }
  mesh.addLock(path, faces, lockStyle(recipe, random, ring));
}

/** Arcs over a ball, coiled about its axis. */
function addBunLock(mesh: LockMesh, recipe: IdentityRecipe, random: SeededRandom): void {
  const radius = 0.036 * Math.sqrt(recipe.hair.volume) * random.between(0.82, 1.03);
  const centre = [TIE.high[0], TIE.high[1] + 0.016, TIE.high[2] - 0.018];
  const start = random.between(0, 2 * Math.PI);
  const height = random.between(-0.95, 0.95);
  const span = random.between(1.2, 2.4);
  const path: number[] = [];
  const faces: number[] = [];
  for (let k = 0; k <= STEPS; k++) {
    const angle = start + span * (k / STEPS - 0.5);
    const rise = height + 0.3 * portableSine(angle + start);
    const level = Math.max(-0.98, Math.min(0.98, rise));
    const ring = Math.sqrt(1 - level * level);
    // The ball's axis points back and up.
    const [a, b] = [portableCosine(angle) * ring, portableSine(angle) * ring];
    const n = [a, b * 0.77 + level * 0.64, b * 0.64 - level * 0.77];
    path.push(centre[0] + n[0] * radius, centre[1] + n[1] * radius, centre[2] + n[2] * radius);
    faces.push(n[0], n[1], n[2]);
  }
  mesh.addLock(path, faces, { ...lockStyle(recipe, random, 0.9), bluntness: 0.6 });
}
