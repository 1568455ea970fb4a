import { clamp } from '#common/math/clamp';
import type { SeededRandom } from '#common/math/seededRandom';
import type { Triple } from '#common/synthetic/scene';
import { portableExp, portablePower } from '#common/math/portableMath';

/** Natural hair, linear RGB reflectance of a lit lock: black, dark brown, brown, chestnut, dark blond, blond, red. */
export const HAIR_COLORS = {
  black: [0.016, 0.013, 0.012],
  darkBrown: [0.034, 0.021, 0.014],
  brown: [0.078, 0.046, 0.027],
  chestnut: [0.115, 0.06, 0.032],
  darkBlond: [0.2, 0.135, 0.075],
  blond: [0.4, 0.29, 0.165],
  platinum: [0.6, 0.52, 0.39],
  red: [0.27, 0.09, 0.032],
  auburn: [0.13, 0.044, 0.024],
} as const satisfies Record<string, Triple>;

type ColorName = keyof typeof HAIR_COLORS;

const EUROPEAN: readonly (readonly [ColorName, number])[] = [
  ['black', 0.07], ['darkBrown', 0.26], ['brown', 0.27], ['chestnut', 0.12], ['darkBlond', 0.13], ['blond', 0.08],
  ['platinum', 0.01], ['red', 0.025], ['auburn', 0.035],
]; // prettier-ignore
/** Children are fairer than they will be. */
const EUROPEAN_CHILD: readonly (readonly [ColorName, number])[] = [
  ['darkBrown', 0.2], ['brown', 0.28], ['chestnut', 0.08], ['darkBlond', 0.2], ['blond', 0.18], ['platinum', 0.03],
  ['red', 0.03],
]; // prettier-ignore
const DARK: readonly (readonly [ColorName, number])[] = [['black', 0.74], ['darkBrown', 0.22], ['brown', 0.04]]; // prettier-ignore
/** What people who dye their hair like a natural colour choose. */
const TINTED: readonly (readonly [ColorName, number])[] = [['brown', 0.3], ['chestnut', 0.25], ['auburn', 0.2], ['darkBlond', 0.15], ['blond', 0.1]]; // prettier-ignore

export interface HairDye {
  readonly isChild: boolean;
  /** Share of those who dye their hair blue, pink or green. */
  readonly vivid: number;
  /** Share of those who dye it in a natural colour that may not be theirs. */
  readonly tinted: number;
}

/** A natural colour, dark where ancestry is not European, or a dyed one now and then. */
export function sampleHairColor(random: SeededRandom, europeanShare: number, dye: HairDye): Triple {
  const kind = random.uniform();
  const hue = random.uniform();
  const value = random.between(0.12, 0.36);
  const natural =
    random.uniform() < portablePower(europeanShare, 1.5) ? (dye.isChild ? EUROPEAN_CHILD : EUROPEAN) : DARK;
  const base = HAIR_COLORS[pickWeighted(random, kind < dye.vivid + dye.tinted ? TINTED : natural)];
  const gain = portableExp(random.normal() * 0.16);
  const warmth = portableExp(random.normal() * 0.06);
  if (kind < dye.vivid) return hueColor(hue, 0.65, value);
  return [clamp(base[0] * gain * warmth), clamp(base[1] * gain), clamp((base[2] * gain) / warmth)];
}

/** The colour itself where hair can grow in it, dark brown for dyed hair: brows and beards are hardly ever dyed with it. */
export function grownColor(color: Triple): Triple {
  return color[0] >= color[1] * 0.9 && color[1] * 1.25 >= color[2] ? color : HAIR_COLORS.darkBrown;
}

/** White with a little of the hair's own colour, as hair looks that is `grey` of the way to white. */
export function withGrey(color: Triple, grey: number): Triple {
  const t = grey * 0.92;
  return [0, 1, 2].map((c) => color[c] * (1 - t) + [0.52, 0.5, 0.47][c] * t) as unknown as Triple;
}

/** Linear colour of a hue in [0, 1). */
export function hueColor(hue: number, saturation: number, value: number): Triple {
  const channel = (shift: number): number => {
    const k = (hue * 6 + shift) % 6;
    return clamp(value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return [channel(5), channel(3), channel(1)];
}

/** One of a table's names with the probability beside it; the probabilities need not sum to one. */
export function pickWeighted<Name>(random: SeededRandom, table: readonly (readonly [Name, number])[]): Name {
  const total = table.reduce((sum, [, weight]) => sum + weight, 0);
  let at = random.uniform() * total;
  for (const [name, weight] of table) {
    at -= weight;
    if (at < 0) return name;
  }
  return table[table.length - 1][0];
}
