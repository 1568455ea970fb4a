import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import { identityRecipeSchema } from '#common/synthetic/heads/identityRecipe';
import { readHeadModel } from '../../head/readHeadModel';

const people = Array.from({ length: 300 }, (_, seed) => sampleIdentity(createSeededRandom(seed)));

describe('sampled identities', () => {
  it('are the same for the same seed and different for others', () => {
    expect(sampleIdentity(createSeededRandom(7))).toEqual(people[7]);
    expect(people[8].shape).not.toEqual(people[7].shape);
  });

  it('pass their schema after a round trip through JSON', () => {
    for (const person of people)
      expect(identityRecipeSchema.parse(JSON.parse(JSON.stringify(person)))).toEqual(person);
  });

  it('have a coefficient for each of the model’s modes, none beyond its tails', () => {
    const modes = readHeadModel().identity.length;
    for (const { shape } of people) {
      expect(shape).toHaveLength(modes);
      expect(Math.max(...shape.map(Math.abs))).toBeLessThanOrEqual(4);
    }
  });

  it('agree with themselves: beards on grown men, dark skin with African ancestry, creases with age', () => {
    for (const { beard, masculinity, ageYears } of people)
      if (beard.style !== 'none') expect(masculinity > 0.5 && ageYears >= 18).toBe(true);
    const mean = (chosen: typeof people, of: (person: (typeof people)[number]) => number): number =>
      chosen.reduce((sum, person) => sum + of(person), 0) / chosen.length;
    const african = people.filter(({ ancestry }) => ancestry.african > 0.7);
    const european = people.filter(({ ancestry }) => ancestry.european > 0.7);
    expect(mean(african, ({ skin }) => skin.melanin)).toBeGreaterThan(
      mean(european, ({ skin }) => skin.melanin) + 0.35,
    );
    const old = people.filter(({ ageYears }) => ageYears > 65);
    const young = people.filter(({ ageYears }) => ageYears < 25);
    expect(mean(old, ({ skin }) => skin.creases)).toBeGreaterThan(
      mean(young, ({ skin }) => skin.creases) + 0.4,
    );
  });

  it('keep to wishes', () => {
    const wish = { ageYears: 70, isMale: false, ancestry: { african: 0, asian: 1, european: 0 } };
    const person = sampleIdentity(createSeededRandom(3), wish);
    expect(person).toMatchObject({ ageYears: 70, ancestry: wish.ancestry, beard: { style: 'none' } });
    expect(person.masculinity).toBeLessThan(0.5);
  });
});
