import { describe, expect, it } from 'vitest';
import { grad } from '#engine/graph/grad';
import { square } from '#engine/graph/ops/elementwise';
import { sum } from '#engine/graph/ops/reduce';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import { DISCRIMINATOR_CONFIGS } from '#engine/networks/discriminator/discriminatorConfig';
import { perceptualNetworks } from '#engine/networks/perceptual/definitions';
import { discriminatorFeatures } from '#engine/networks/perceptual/discriminatorFeatures';
import { perceptualDistance } from '#engine/networks/perceptual/perceptualDistance';
import { vggFeatures } from '#engine/networks/perceptual/vggFeatures';
import { initialValues } from '#engine/training/initialValues';
import { buildNetwork, keysOf, millionsOf, normalValues } from '#test/helpers/builtNetwork';
import { compareWithGolden, readGolden, runOnCpu } from '#test/helpers/golden';

describe('perceptual distances', () => {
  it('over VGG agree with PyTorch', async () => {
    const config = { pictureSize: 16, stages: [{ channels: 4, layers: 2 }, { channels: 6, layers: 1 }] }; // prettier-ignore
    const { errors, keyProblems } = await compareWithGolden(readGolden('perceptual'), (scope, inputs) => ({
      distance: perceptualDistance(
        (seen) => vggFeatures(scope, seen, config),
        inputs['picture'],
        inputs['other'],
      ),
    }));
    expect(keyProblems).toEqual([]);
    expect(errors['distance']).toBeLessThan(1e-4);
  });

  it("over VGG have VGG-16's and LPIPS's sizes and keys", () => {
    const built = buildNetwork(perceptualNetworks[0], 'released');
    expect(millionsOf(built)).toBeCloseTo(14.716, 3);
    const keys = keysOf(built);
    expect(keys).toContain('features.28.weight [512, 512, 3, 3]');
    expect(keys).toContain('lin4.model.1.weight [1, 512, 1, 1]');
  });

  it('over our own discriminator are 0 for equal pictures, and have gradients', async () => {
    const parameters = new Parameters();
    const network = discriminatorFeatures(parameters.scope(), DISCRIMINATOR_CONFIGS['compact-cpu']);
    const [a, b] = ['a', 'b'].map((name) => input(name, [2, 3, 96, 96]));
    const distance = perceptualDistance(network, a, b);
    const same = perceptualDistance(network, a, a);
    const slope = sum(square(grad(sum(distance), [a])[0]));
    const feeds = new Map(initialValues(parameters.all, 1));
    feeds.set('a', normalValues(a.shape, 1)).set('b', normalValues(b.shape, 2));
    const values = await runOnCpu({ distance, same, slope }, feeds);
    expect([...values.get('same')!]).toEqual([0, 0]);
    for (const value of values.get('distance')!) expect(value).toBeGreaterThan(0.01);
    expect(values.get('slope')![0]).toBeGreaterThan(0);
  });
});
