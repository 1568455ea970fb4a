import type { SeededRandom } from '#common/math/seededRandom';
import type { Triple } from '#common/synthetic/scene';

/** Natural hair, linear RGB reflectance of a lit lock: black, dark brown, brown, chestnut, dark blond, blond, red. */
export const HAIR_COLORS = {
  black: [0.012, 0.01, 0.009],
  darkBrown: [0.03, 0.018, 0.012],
  brown: [0.075, 0.042, 0.024],
  chestnut: [0.12, 0.06, 0.03],
  darkBlond: [0.22, 0.14, 0.07],
  blond: [0.46, 0.32, 0.17],
  platinum: [0.68, 0.58, 0.42],
  red: [0.3, 0.09, 0.028],
  auburn: [0.14, 0.042, 0.022],
} as const satisfies Record<string, Triple>;

type ColorName = keyof typeof HAIR_COLORS;

const EUROPEAN: readonly (readonly [ColorName, number])[] = [
  ['black', 0.08], ['darkBrown', 0.27], ['brown', 0.23], ['chestnut', 0.12], ['darkBlond', 0.12], ['blond', 0.09],
  ['platinum', 0.02], ['red', 0.04], ['auburn', 0.03],
]; // prettier-ignore
const DARK: readonly (readonly [ColorName, number])[] = [['black', 0.72], ['darkBrown', 0.22], ['brown', 0.06]]; // prettier-ignore

/** A dyed colour now and then, else natural: dark where ancestry is not European. */
export function sampleHairColor(random: SeededRandom, europeanShare: number, canDye: boolean): Triple {
  if (canDye && random.uniform() < 0.05) return hueColor(random.uniform(), 0.75, random.between(0.15, 0.45));
  const table = random.uniform() < europeanShare ** 1.5 ? EUROPEAN : DARK;
  const base = HAIR_COLORS[pickWeighted(random, table)];
  const gain = Math.exp(random.normal() * 0.18);
  const warmth = Math.exp(random.normal() * 0.07);
  return [clamp(base[0] * gain * warmth), clamp(base[1] * gain), clamp((base[2] * gain) / warmth)];
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

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
