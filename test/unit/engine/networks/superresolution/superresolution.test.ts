import { describe, expect, it } from 'vitest';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import { superresolution } from '#engine/networks/superresolution/superresolution';
import { SUPERRESOLUTION_CONFIGS } from '#engine/networks/superresolution/superresolutionConfig';
import { superresolutionNetworks } from '#engine/networks/superresolution/definitions';
import { buildNetwork, keysOf, millionsOf } from '#test/helpers/builtNetwork';
import { compareWithGolden, readGolden } from '#test/helpers/golden';

const TINY = { featureChannels: 5, latentSize: 6, renderSize: 6, inputSize: 5, blocks: [7, 4] };

describe('super-resolution', () => {
  it('agrees with PyTorch', async () => {
    const { errors, keyProblems } = await compareWithGolden(
      readGolden('superresolution'),
      (scope, inputs) => ({
        image: superresolution(
          scope,
          { rgb: inputs['rgb'], features: inputs['features'], ws: inputs['ws'] },
          TINY,
        ),
      }),
    );
    // Strengths of a noise that is not used are there for the published file.
    expect(keyProblems.filter((problem) => !problem.endsWith('noise_strength'))).toEqual([]);
    expect(errors['image']).toBeLessThan(1e-4);
  });

  it('has the published number of parameters and keys', () => {
    const built = buildNetwork(superresolutionNetworks[0], 'released');
    expect(Math.abs(millionsOf(built) / 1.65 - 1)).toBeLessThan(0.005);
    const keys = keysOf(built);
    expect(keys).toContain('block0.conv0.weight [256, 32, 3, 3]');
    expect(keys).toContain('block0.conv0.noise_const [256, 256]');
    expect(keys).toContain('block1.torgb.affine.weight [128, 512]');
  });

  it('takes one w for a whole batch (T18)', () => {
    const config = SUPERRESOLUTION_CONFIGS.released;
    const inputs = {
      rgb: input('rgb', [3, 3, 128, 128]),
      features: input('features', [3, 32, 128, 128]),
      ws: input('ws', [1, 14, 512]),
    };
    expect(superresolution(new Parameters().scope(), inputs, config).shape).toEqual([3, 3, 512, 512]);
  });
});
