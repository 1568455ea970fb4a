import { hashText } from '#common/math/hashText';
import { createSeededRandom, type SeededRandom } from '#common/math/seededRandom';
import type { ColorChange, DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import type { SurfaceLook } from '#common/synthetic/domains/paint/surfaceSchema';
import type { PropOf, PropRecipe } from '#common/synthetic/domains/props/propSchema';
import type { ScenePart } from '#common/synthetic/scene';

/** Parts whose colours go together on one person. */
const COLOR_GROUPS: Partial<Record<ScenePart, ScenePart>> = { brow: 'hair', beard: 'hair', lash: 'hair' };

/**
 * The recipe as one person wears it: colours from its `variety` and sculpted hair of another cut, chosen by the person's
 * own number, so that a domain's people are not all dressed alike and one person is always the same.
 */
export function varyRecipe(recipe: DomainRecipe, seed: number): DomainRecipe {
  const surfaces = { ...recipe.surfaces };
  for (const [part, look] of Object.entries(surfaces))
    surfaces[part as ScenePart] = varied(look, changeOf(recipe, part as ScenePart, seed));
  const random = createSeededRandom(hashText(`${recipe.id}/${seed}/hair`));
  const side = random.uniform() < 0.5 ? -1 : 1;
  const cut = cutOf(recipe, random);
  const props = recipe.props
    .filter((prop) => prop.cut === undefined || prop.cut === cut)
    .map((prop) => {
      const surface = varied(prop.surface, changeOf(recipe, prop.part, seed));
      if (prop.kind === 'hair') return recut({ ...prop, surface }, side, random);
      if (prop.kind === 'locks') return relaid({ ...prop, surface }, side, random);
      return { ...prop, surface };
    });
  return { ...recipe, surfaces, props };
}

function changeOf({ id, variety }: DomainRecipe, part: ScenePart, seed: number): ColorChange | undefined {
  const group = COLOR_GROUPS[part] ?? part;
  const choices = variety[group];
  if (choices === undefined || choices.length === 0) return undefined;
  return choices[createSeededRandom(hashText(`${id}/${seed}/${group}`)).integer(choices.length)];
}

function cutOf({ props }: DomainRecipe, random: SeededRandom): string | undefined {
  const cuts = [...new Set(props.flatMap(({ cut }) => (cut === undefined ? [] : [cut])))];
  const index = random.integer(1 << 20);
  return cuts.length === 0 ? undefined : cuts[index % cuts.length];
}

/** Locks strewn anew, and all of them seen in the mirror for one side of the parting. */
function relaid(locks: PropOf<'locks'>, side: number, random: SeededRandom): PropRecipe {
  const seed = locks.seed + random.integer(1000);
  if (side > 0) return { ...locks, seed };
  const turned = (degrees: readonly number[]): number[] => degrees.map((value) => -value).reverse();
  return {
    ...locks,
    seed,
    roots: turned(locks.roots),
    tips: turned(locks.tips),
    ends: [...locks.ends].reverse(),
  };
}

/** Other locks, ends a little higher or lower, the parting on either side. */
function recut(hair: PropOf<'hair'>, side: number, random: SeededRandom): PropRecipe {
  const [front, temple, before, behind, nape] = hair.ends;
  const longer = random.between(-8, 5);
  return {
    ...hair,
    seed: hair.seed + random.integer(1000),
    parting: hair.parting * side,
    swing: hair.swing * side,
    ends: [
      front + random.between(-3, 6),
      temple + random.between(-3, 6),
      before + longer,
      behind + longer,
      nape + longer,
    ],
  };
}

function varied(look: SurfaceLook, change: ColorChange | undefined): SurfaceLook {
  if (change === undefined) return look;
  const coat = <Coat extends { readonly color?: string | undefined }>(one: Coat): Coat =>
    one.color === undefined ? one : { ...one, color: changeColor(one.color, change) };
  return {
    ...look,
    base: { ...look.base, color: changeColor(look.base.color, change) },
    coats: look.coats.map(coat),
    lines: look.lines.map(coat),
  };
}

/** `#rrggbb` with its hue turned, its saturation and lightness (HSL) multiplied. */
export function changeColor(color: string, { hue, saturation, light }: ColorChange): string {
  const [red, green, blue] = [1, 3, 5].map((from) => parseInt(color.slice(from, from + 2), 16) / 255);
  const high = Math.max(red, green, blue);
  const low = Math.min(red, green, blue);
  const chroma = high - low;
  let sector = 0;
  if (chroma > 0) {
    if (high === red) sector = (green - blue) / chroma;
    else if (high === green) sector = 2 + (blue - red) / chroma;
    else sector = 4 + (red - green) / chroma;
  }
  const lightness = (high + low) / 2;
  const full = 1 - Math.abs(2 * lightness - 1);
  const vivid = Math.min(1, (full > 0 ? chroma / full : 0) * saturation);
  const bright = Math.min(1, lightness * light);
  const amplitude = vivid * Math.min(bright, 1 - bright);
  const turned = (((sector * 60 + hue) % 360) + 360) % 360;
  const channel = (offset: number): string => {
    const k = (offset + turned / 30) % 12;
    const value = bright - amplitude * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
