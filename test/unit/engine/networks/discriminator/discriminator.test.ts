import { describe, expect, it } from 'vitest';
import { grad } from '#engine/graph/grad';
import { square } from '#engine/graph/ops/elementwise';
import { sum } from '#engine/graph/ops/reduce';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import type { DiscriminatorConfig } from '#engine/networks/discriminator/discriminatorConfig';
import { discriminator } from '#engine/networks/discriminator/discriminator';
import { initialValues } from '#engine/training/initialValues';
import { discriminatorNetworks } from '#engine/networks/discriminator/definitions';
import { buildNetwork, feedsOf, keysOf, millionsOf } from '#test/helpers/builtNetwork';
import { compareWithGolden, readGolden, runOnCpu } from '#test/helpers/golden';

const TINY: DiscriminatorConfig = {
  imageSize: 16,
  renderSize: 8,
  pictures: 'dual',
  channelBase: 64,
  channelMax: 8,
  labelSize: 25,
  mappingLayers: 2,
  groupSize: 2,
};

describe('the discriminator', () => {
  it('agrees with PyTorch', async () => {
    const { errors, keyProblems } = await compareWithGolden(readGolden('discriminator'), (scope, inputs) => {
      const { image, raw, label } = inputs;
      return { score: discriminator(scope, { image, raw, label }, TINY).score };
    });
    expect(keyProblems).toEqual([]);
    expect(errors['score']).toBeLessThan(1e-4);
  });

  it('has a gradient for R1 in both pictures (T20), and the penalty one in the weights', async () => {
    const parameters = new Parameters();
    const image = input('image', [4, 3, 16, 16]);
    const raw = input('raw', [4, 3, 8, 8]);
    const label = input('label', [4, 25]);
    const { score } = discriminator(parameters.scope(), { image, raw, label }, TINY);
    const slopes = grad(sum(score), [image, raw]);
    const [finished, rough] = slopes.map((slope) => sum(square(slope)));
    const [kernel] = parameters.trained.filter(({ attributes }) => attributes.name === 'b16.conv0.weight');
    const [change] = grad(finished, [kernel]);
    const feeds = new Map(initialValues(parameters.all, 3));
    for (const { attributes, size } of [image, raw, label] as (typeof kernel)[]) {
      feeds.set(
        attributes.name,
        Float32Array.from({ length: size }, (_, k) => Math.sin(k * 1.7)),
      );
    }
    const values = await runOnCpu({ finished, rough, change: sum(square(change)) }, feeds);
    for (const name of ['finished', 'rough', 'change']) expect(values.get(name)![0]).toBeGreaterThan(1e-12);
  });

  it('has the published number of parameters and keys', () => {
    const built = buildNetwork(discriminatorNetworks[0], 'released');
    expect(Math.abs(millionsOf(built) / 31.4 - 1)).toBeLessThan(0.005);
    const keys = keysOf(built);
    expect(keys).toContain('b512.fromrgb.weight [64, 6, 1, 1]');
    expect(keys).toContain('b8.skip.weight [512, 512, 1, 1]');
    expect(keys).toContain('b4.conv.weight [512, 513, 3, 3]');
    expect(keys).toContain('mapping.fc7.weight [512, 512]');
  });

  it('runs at compact-cpu', async () => {
    const built = buildNetwork(discriminatorNetworks[0], 'compact-cpu', 4);
    const score = (await runOnCpu(built.outputs, feedsOf(built))).get('score')!;
    expect(score.every((value) => Number.isFinite(value))).toBe(true);
  });

  it('judges single pictures whatever their label', () => {
    const config: DiscriminatorConfig = { ...TINY, pictures: 'single', labelSize: 0 };
    const parameters = new Parameters();
    const { score, features } = discriminator(parameters.scope(), { image: input('image', [4, 3, 16, 16]) }, config); // prettier-ignore
    expect(score.shape).toEqual([4, 1]);
    expect(features.map(({ shape }) => shape)).toEqual([[4, 8, 8, 8], [4, 8, 4, 4]]); // prettier-ignore
    expect(parameters.all.some(({ attributes }) => attributes.name.startsWith('mapping'))).toBe(false);
  });

  it('says what is missing', () => {
    const build = () =>
      discriminator(new Parameters().scope(), { image: input('image', [4, 3, 16, 16]) }, TINY);
    expect(build).toThrow(/raw picture/);
  });
});
