import { describe, expect, it } from 'vitest';
import { mean } from '#engine/graph/ops/reduce';
import { identityNetworks } from '#engine/networks/identity/definitions';
import { identityDistance, identityEmbedding } from '#engine/networks/identity/identity';
import type { IdentityConfig } from '#engine/networks/identity/identityConfig';
import { IDENTITY_CONFIGS } from '#engine/networks/identity/identityConfig';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import { buildNetwork, keysOf, millionsOf, normalValues } from '#test/helpers/builtNetwork';
import { compareWithGolden, readGolden, runOnCpu } from '#test/helpers/golden';
import { trainBriefly } from '#test/helpers/trainBriefly';
import { initialValues } from '#engine/training/initialValues';

const [network] = identityNetworks;

const TINY: IdentityConfig = {
  kind: 'residual',
  pictureSize: 32,
  window: { top: 0, left: 0, size: 1 },
  cropSize: 16,
  embedding: 7,
  stages: [{ channels: 4, blocks: 2 }, { channels: 6, blocks: 1 }],
  squeeze: 2,
}; // prettier-ignore

describe('the identity network', () => {
  it('agrees with PyTorch', async () => {
    const { errors, keyProblems } = await compareWithGolden(readGolden('identity'), (scope, inputs) => ({
      identity: identityEmbedding(scope, inputs['picture'], TINY),
    }));
    expect(keyProblems).toEqual([]);
    expect(errors['identity']).toBeLessThan(1e-4);
  });

  it('has the size and keys of IR-SE50', () => {
    const built = buildNetwork(network, 'released');
    expect(Math.abs(millionsOf(built) / 43.8 - 1)).toBeLessThan(0.005);
    const keys = keysOf(built);
    expect(keys).toContain('body.23.res_layer.5.fc1.weight [32, 512, 1, 1]');
    expect(keys).toContain('body.3.shortcut_layer.0.weight [128, 64, 1, 1]');
    expect(keys).toContain('output_layer.3.weight [512, 25088]');
  });

  it('gives unit vectors, and the distance 0 between a picture and itself', async () => {
    const parameters = new Parameters();
    const picture = input('picture', [3, 3, 96, 96]);
    const config = IDENTITY_CONFIGS['compact-cpu'];
    const embed = (seen: typeof picture) => identityEmbedding(parameters.scope(), seen, config);
    const outputs = { identity: embed(picture), distance: identityDistance(embed, picture, picture) };
    const feeds = new Map([
      ...initialValues(parameters.all, 1),
      ['picture', normalValues([3, 3, 96, 96], 2)] as const,
    ]);
    const values = await runOnCpu(outputs, feeds);
    const identity = values.get('identity')!;
    for (let n = 0; n < 3; n++) expect(Math.hypot(...identity.slice(64 * n, 64 * (n + 1)))).toBeCloseTo(1, 5);
    for (const distance of values.get('distance')!) expect(distance).toBeCloseTo(0, 5);
  });

  it('learns to bring two pictures together', async () => {
    const parameters = new Parameters();
    const [a, b] = ['a', 'b'].map((name) => input(name, [2, 3, 96, 96]));
    const config = IDENTITY_CONFIGS['compact-cpu'];
    const loss = mean(
      identityDistance((picture) => identityEmbedding(parameters.scope(), picture, config), a, b),
    );
    const batch = new Map([['a', normalValues(a.shape, 1)], ['b', normalValues(b.shape, 2)]]); // prettier-ignore
    const losses = await trainBriefly({ loss, parameters }, batch, { steps: 8, rate: 3e-3 });
    expect(losses[7]).toBeLessThan(0.5 * losses[0]);
  });
});
