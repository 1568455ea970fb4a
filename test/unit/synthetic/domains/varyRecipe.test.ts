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
});
