import type { HeadModel } from '#common/head/headModel';
import { createSeededRandom } from '#common/math/seededRandom';
import { smoothStep } from '#common/math/smoothStep';
import type { Avatar } from '#common/rig/avatar';
import type { AvatarGeometry, AvatarPart } from '#common/rig/avatarGeometry';
import { adaptIdentity } from '#common/synthetic/domains/adaptIdentity';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import { NearestSkin } from '#common/synthetic/domains/rig/nearestSkin';
import { CARRYING_JOINTS } from '#common/synthetic/heads/bind/carryByJoints';
import { clothesPieces } from '#common/synthetic/heads/garments/clothesPieces';
import { headHull } from '#common/synthetic/heads/hair/headHull';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import { likeness, photoMaterial } from '#common/synthetic/restyle/photoMaterials';
import type { PersonColors } from '#common/synthetic/restyle/personColors';

/** What parts of a look may ask about a person that a portrait does not say; clothes are the portrait's colour. */
export function wearerIdentity(recipe: DomainRecipe, model: HeadModel, colors: PersonColors): IdentityRecipe {
  const random = createSeededRandom(1);
  const identity = adaptIdentity(sampleIdentity(random), recipe, model, random);
  const { clothes } = recipe.identity;
  const [red, green, blue] = colors.cloth;
  return {
    ...identity,
    clothes: {
      ...identity.clothes,
      style: clothes?.styles ? identity.clothes.style : 'tshirt',
      color: clothes?.colors ? identity.clothes.color : [red, green, blue],
      pattern: 0,
    },
  };
}

/** Clothes cut to the rebuilt shoulders. */
export function clothesOf(model: HeadModel, geometry: AvatarGeometry, identity: IdentityRecipe): HeadPiece[] {
  const neutral = geometry.positions;
  return clothesPieces({ model, neutral, hull: headHull(model, neutral) }, identity);
}

/** Where the shell's vertices would be on the mean head: carried back by how the skin near them differs from it. */
export function shellCanonical(
  avatar: AvatarGeometry,
  shell: AvatarPart,
  model: HeadModel,
  person: Float32Array,
): Float32Array {
  const positions = avatar.positions.subarray(
    shell.firstVertex * 3,
    (shell.firstVertex + shell.vertexCount) * 3,
  );
  const back = new NearestSkin(model, person).carry(positions, model.template);
  return positions.map((value, k) => value + back[k]);
}

/** The shell as a piece: hair by its part; see `shellShares` for what of it is skin or cloth. */
export function shellPiece(
  { geometry, atlas }: Avatar,
  shell: AvatarPart,
  canonical: Float32Array,
  isShown: boolean,
): HeadPiece {
  const { firstVertex: first, vertexCount: count } = shell;
  const material = photoMaterial(atlas, (u) => u, isShown);
  return {
    name: 'shell',
    part: 'hair',
    layer: 'solid',
    isDoubleSided: true,
    indices: geometry.indices
      .slice(shell.firstIndex, shell.firstIndex + shell.indexCount)
      .map((v) => v - first),
    uvs: geometry.uvs.slice(first * 2, (first + count) * 2),
    canonical,
    rest: geometry.positions.slice(first * 3, (first + count) * 3),
    follow: { kind: 'joints', shares: carriedShares(geometry, first, count) },
    material: () => material,
  };
}

function carriedShares(
  { joints, skinJoints, skinWeights }: AvatarGeometry,
  first: number,
  count: number,
): Float32Array {
  const shares = new Float32Array(count * 3);
  // Jaw and eyes never turn against the head.
  const carrier = joints.map(({ name }) => {
    const own = CARRYING_JOINTS.findIndex((carrying) => carrying === name);
    return own < 0 ? CARRYING_JOINTS.length - 1 : own;
  });
  for (let v = 0; v < count; v++)
    for (let slot = 0; slot < 4; slot++) {
      const at = (first + v) * 4 + slot;
      shares[v * 3 + carrier[skinJoints[at]]] += skinWeights[at];
    }
  return shares;
}

/** Below this height on the mean head the shell is cloth, metres; skin at the neck is told by its colour. */
const COLLAR_Y = -0.125;

/** How much of a point of the shell is skin and how much cloth, by its place and its colour; the rest is hair or hat. */
export function shellShares(
  canonical: ArrayLike<number>,
  at: number,
  color: ArrayLike<number>,
  { skin }: PersonColors,
): { readonly skin: number; readonly cloth: number } {
  const y = canonical[at + 1];
  const isLow = smoothStep(COLLAR_Y + 0.015, COLLAR_Y - 0.015, y);
  // Ears and neck: before the back of the head, below the temples.
  const maySkin = smoothStep(0.06, 0.04, y) * smoothStep(-0.06, -0.03, canonical[at + 2]);
  const skinShare = maySkin * likeness(color, skin);
  return { skin: skinShare, cloth: (1 - skinShare) * isLow };
}
