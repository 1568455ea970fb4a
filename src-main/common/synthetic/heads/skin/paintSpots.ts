import { createSeededRandom } from '#common/math/seededRandom';
import { skinTone } from '#common/synthetic/heads/identity/skinTone';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { SkinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import { encodeReflectance } from '#common/synthetic/heads/texture/byteTexture';
import { norm2, portablePower } from '#common/math/portableMath';

interface Spot {
  /** Column and row. */
  readonly centre: readonly [number, number];
  /** Texels. */
  readonly radius: number;
  /** Share of the radius over which it fades. */
  readonly softness: number;
  readonly strength: number;
  /** Linear reflectance. */
  readonly tone: Float64Array;
}

/** Moles anywhere on face and neck; age spots where the sun reached fair skin for half a century. */
export function paintSpots(atlas: SkinAtlas, recipe: IdentityRecipe, data: Uint8Array): void {
  const { skin, ageYears } = recipe;
  const random = createSeededRandom(recipe.seed ^ 0x30135);
  const { size, texels, canonical } = atlas;
  const placeOf = (i: number): [number, number] => [texels[i] % size, Math.floor(texels[i] / size)];
  const mole = skinTone(Math.min(1, skin.melanin + 0.42), 0.2, 0, new Float64Array(3));
  for (let count = 0; count < skin.moles; count++) {
    const centre = placeOf(random.integer(texels.length));
    const strength = random.between(0.35, 0.9);
    paintSpot(data, size, {
      centre,
      strength,
      radius: (random.between(0.6, 1.3) * size) / 250,
      softness: 0.4,
      tone: mole,
    });
  }
  const fair = Math.max(0, 1 - skin.melanin * 1.6);
  const spots = Math.round(Math.max(0, ageYears - 48) * fair * portablePower(random.uniform(), 1.5) * 1.6);
  const aged = skinTone(Math.min(1, skin.melanin + 0.2), 0.1, 0.3, new Float64Array(3));
  for (let count = 0; count < spots; count++) {
    const i = random.integer(texels.length);
    const radius = (random.between(0.8, 3.2) * size) / 250;
    const strength = random.between(0.15, 0.55);
    // Temples, forehead and the sides of the cheeks; bald heads too.
    const isSunny = canonical[i * 3 + 1] > -0.03 && Math.abs(canonical[i * 3]) > 0.02;
    if (isSunny) paintSpot(data, size, { centre: placeOf(i), radius, strength, softness: 0.6, tone: aged });
  }
}

function paintSpot(data: Uint8Array, size: number, { centre, radius, softness, strength, tone }: Spot): void {
  const [column, row] = centre;
  const reach = Math.ceil(radius * 1.3);
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const [x, y] = [column + dx, row + dy];
      if (x < 0 || y < 0 || x >= size || y >= size) continue;
      const inside = (radius * 1.25 - norm2(dx, dy)) / (radius * (softness + 0.1));
      const share = strength * Math.min(1, Math.max(0, inside));
      const at = (y * size + x) * 4;
      for (let c = 0; c < 3; c++) data[at + c] += (encodeReflectance(tone[c]) - data[at + c]) * share;
    }
}
