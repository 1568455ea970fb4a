import { clamp } from '#common/math/clamp';
import type { SeededRandom } from '#common/math/seededRandom';
import { hueColor } from '#common/synthetic/heads/identity/hairColor';
import type { Person } from '#common/synthetic/heads/identity/sampleIdentity';
import type { SkinRecipe } from '#common/synthetic/heads/identityRecipe';
import type { Triple } from '#common/synthetic/scene';
import { squared } from '#common/math/portableMath';

export function sampleSkin(random: SeededRandom, person: Person): Omit<SkinRecipe, 'mixture'> {
  const { african, asian, european } = person.ancestry;
  const { ageYears, isMale, isChild } = person;
  const melanin = clamp(
    african * (0.76 + random.normal() * 0.13) +
      asian * (0.3 + random.normal() * 0.12) +
      european * (0.17 + random.normal() * 0.1),
  );
  const age = clamp((ageYears - 25) / 50);
  const fair = clamp(1 - melanin * 2.2);
  return {
    melanin,
    redness: clamp(0.48 + random.normal() * 0.22 + (isChild ? 0.1 : 0), 0.15),
    undertone: clamp(random.normal() * 0.3 + asian * 0.08 - 0.05, -1),
    mottling: clamp(0.25 + 0.45 * age + random.normal() * 0.15),
    freckles: fair > 0.3 && random.uniform() < 0.28 ? random.between(0.2, 1) * fair : 0,
    moles: Math.floor(squared(random.uniform()) * (isChild ? 3 : 12)),
    shine: clamp(0.42 + random.normal() * 0.17 - 0.12 * age),
    pores: clamp((isChild ? 0.15 : 0.45) + 0.2 * age + random.normal() * 0.15),
    creases: clamp(age * 1.15 + random.normal() * 0.12 * age + (ageYears > 30 ? 0.05 : 0)),
    eyeRings: clamp(0.25 + 0.3 * age + random.normal() * 0.25),
    shadow: isMale && !isChild && ageYears > 18 ? clamp(0.35 + random.normal() * 0.25) : 0,
    lips: { fullnessTint: clamp(0.5 + random.normal() * 0.3), hue: clamp(random.normal() * 0.5, -1) },
    makeup: sampleMakeup(random, person),
  };
}

function sampleMakeup(random: SeededRandom, { isMale, isChild }: Person): SkinRecipe['makeup'] {
  const wears = !isMale && !isChild && random.uniform() < 0.6;
  const bold = random.uniform() < 0.35;
  const lipColor: Triple = bold
    ? [random.between(0.35, 0.55), random.between(0.01, 0.05), random.between(0.02, 0.12)]
    : [random.between(0.4, 0.6), random.between(0.14, 0.24), random.between(0.12, 0.22)];
  const eyeshadowColor =
    random.uniform() < 0.7
      ? ([random.between(0.08, 0.2), random.between(0.05, 0.1), random.between(0.04, 0.09)] as const)
      : hueColor(random.uniform(), 0.55, random.between(0.15, 0.4));
  const strengths = [random.uniform(), random.uniform(), random.uniform(), random.uniform()];
  const of = (value: number): number => (wears ? value : 0);
  return {
    lips: of(strengths[0] < 0.25 ? 0 : bold ? 0.9 : 0.55),
    lipColor: [...lipColor],
    eyeshadow: of(strengths[1] < 0.4 ? 0 : 0.2 + 0.5 * strengths[1]),
    eyeshadowColor: [...eyeshadowColor],
    eyeliner: of(strengths[2] < 0.3 ? 0 : strengths[2]),
    blush: of(strengths[3] * 0.6),
  };
}
