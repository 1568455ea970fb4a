import { describe, expect, it } from 'vitest';
import { changeColor, varyRecipe } from '#common/synthetic/domains/varyRecipe';
import { readRecipes } from './readRecipes';

describe('variety', () => {
  it('turns hues and leaves greys', () => {
    const even = { hue: 0, saturation: 1, light: 1 };
    for (const color of ['#a1b2c3', '#ff8000', '#000000', '#ffffff', '#123456'])
      expect(changeColor(color, even)).toBe(color);
    expect(changeColor('#ff0000', { ...even, hue: 120 })).toBe('#00ff00');
    expect(changeColor('#808080', { ...even, hue: 77 })).toBe('#808080');
    expect(changeColor('#ff0000', { ...even, light: 0.5 })).toBe('#800000');
  });

  it('gives people of a domain hair of several colours, each person always the same', () => {
    const anime = readRecipes().get('counterfeit');
    if (!anime) throw new Error('there is an anime domain');
    const hairOf = (seed: number): string | undefined =>
      varyRecipe(anime, seed).props.find(({ part }) => part === 'hair')?.surface.base.color;
    const colors = Array.from({ length: 40 }, (_, seed) => hairOf(seed));
    expect(new Set(colors).size).toBeGreaterThan(3);
    expect(Array.from({ length: 40 }, (_, seed) => hairOf(seed))).toEqual(colors);
  });

  it('gives each person one of the cuts, whole, and locks on either side', () => {
    const anime = readRecipes().get('aam');
    if (!anime) throw new Error('there is an anime domain');
    const worn = Array.from({ length: 30 }, (_, seed) => varyRecipe(anime, seed).props);
    const cuts = worn.map((props) => [...new Set(props.flatMap(({ cut }) => cut ?? []))]);
    expect(cuts.every(({ length }) => length === 1)).toBe(true);
    expect(new Set(cuts.flat())).toEqual(new Set(['short', 'tails']));
    const crests = worn.map((props) => props.find(({ name }) => name === 'crest'));
    const sides = crests.map((crest) => (crest?.kind === 'locks' ? crest.tips[0] : 0));
    expect(new Set(sides)).toEqual(new Set([60, 50]));
  });
});
