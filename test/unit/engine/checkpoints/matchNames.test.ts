import { describe, expect, it } from 'vitest';
import { bytesSource } from '#engine/checkpoints/bytes/ByteSource';
import { matchNames, shareMatched } from '#engine/checkpoints/names/matchNames';
import { readContents } from '#engine/checkpoints/openCheckpoint';
import { torchZip } from '#test/helpers/torchZip';

const fileOf = (names: readonly string[], shape: readonly number[] = [2]) =>
  readContents(
    bytesSource(
      torchZip(
        names.map((name) => ({ name, shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) })),
      ),
    ),
  ).tensors;

const WANTED = [
  { name: 'fc0.weight', shape: [2] },
  { name: 'fc0.bias', shape: [2] },
];

describe('names of a file and of a network', () => {
  it.each([
    ['nothing', ''],
    ['state_dict', 'state_dict.'],
    ['a parallel module', 'module.'],
    ['both', 'state_dict.module.'],
    ['an average', 'G_ema.'],
  ])('meet under %s', (_, prefix) => {
    const match = matchNames(fileOf([`${prefix}fc0.weight`, `${prefix}fc0.bias`]), WANTED);
    expect(match).toMatchObject({ prefix, missing: [], misshaped: [], unexpected: [] });
    expect(match.matched.map(({ name }) => name)).toEqual(['fc0.weight', 'fc0.bias']);
    expect(shareMatched(match)).toBe(1);
  });

  it('take the moving average where both are there, and the part that is asked for', () => {
    const names = ['G', 'G_ema', 'D'].flatMap((part) => WANTED.map(({ name }) => `${part}.${name}`));
    expect(matchNames(fileOf(names), WANTED)).toMatchObject({
      prefix: 'G_ema.',
      elsewhere: [['G', 2], ['D', 2]],
    });
    expect(matchNames(fileOf(names), WANTED, { part: 'G' }).prefix).toBe('G.');
    const dit = ['state_dict', 'state_dict_ema'].flatMap((part) => WANTED.map(({ name }) => `${part}.${name}`));
    expect(matchNames(fileOf(dit), WANTED).prefix).toBe('state_dict_ema.');
  }); // prettier-ignore

  it('tell one by one what is missing, unexpected or of another shape', () => {
    const match = matchNames(fileOf(['fc0.weight', 'fc1.weight', 'pos_embed'], [3]), WANTED, {
      ignoredKeys: [/^pos_embed$/],
    });
    expect(match.missing).toEqual([{ name: 'fc0.bias', shape: [2] }]);
    expect(match.misshaped).toEqual([{ name: 'fc0.weight', expected: [2], found: [3] }]);
    expect(match.unexpected).toEqual(['fc1.weight']);
    expect(match.ignored).toEqual(['pos_embed']);
    expect(shareMatched(match)).toBe(0);
  });

  it('know a second name of the same values', () => {
    const [tensor] = fileOf(['conv_first.conv.weight']);
    const alias = { ...tensor, name: 'conv_first.weight' };
    const match = matchNames([tensor, alias], [{ name: 'conv_first.conv.weight', shape: [2] }]);
    expect(match).toMatchObject({ unexpected: [], ignored: ['conv_first.weight'] });
  });

  it('let a single number be written as one of one element', () => {
    const match = matchNames(fileOf(['noise_strength'], [1]), [{ name: 'noise_strength', shape: [] }]);
    expect(match.matched).toMatchObject([{ name: 'noise_strength', shape: [] }]);
  });
});
