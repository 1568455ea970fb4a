import { describe, expect, it } from 'vitest';
import { canonicalEncoder, motionScaleOf, motionTokens } from '#engine/networks/renderer/canonicalEncoder';
import { detailEncoder } from '#engine/networks/renderer/detailEncoder';
import { globalEncoder } from '#engine/networks/renderer/globalEncoder';
import { planesDecoder } from '#engine/networks/renderer/planesDecoder';
import { planesEncoder } from '#engine/networks/renderer/planesEncoder';
import { compareWithGolden, readGolden } from '#test/helpers/golden';

describe('as PyTorch computes them:', () => {
  it('the encoder of the portrait, with dilated stages and pyramid', async () => {
    const config = {
      stem: 4,
      stages: [{ channels: 4, blocks: 2 }, { channels: 6, blocks: 2 }, { channels: 8, blocks: 1 }, { channels: 10, blocks: 1 }],
      rates: [1, 2],
      channels: 6,
    }; // prettier-ignore
    const { errors, keyProblems } = await compareWithGolden(readGolden('rendererGlobalEncoder'), (scope, inputs) => ({
      global: globalEncoder(scope, inputs['source'], 6, config),
    })); // prettier-ignore
    expect(keyProblems).toEqual([]);
    expect(errors['global']).toBeLessThan(1e-4);
  });

  it('the encoder of details', async () => {
    const { errors, keyProblems } = await compareWithGolden(readGolden('rendererDetailEncoder'), (scope, inputs) => ({
      detail: detailEncoder(scope, inputs['source'], 8, [4, 6, 5]),
    })); // prettier-ignore
    expect(keyProblems).toEqual([]);
    expect(errors['detail']).toBeLessThan(1e-4);
  });

  it('the 3-D encoder of the blended planes', async () => {
    const config = { hidden: 2, latentChannels: 3, groups: 2 };
    const { errors, keyProblems } = await compareWithGolden(readGolden('rendererPlanesEncoder'), (scope, inputs) => ({
      codes: planesEncoder(scope, inputs['planes'], config),
    })); // prettier-ignore
    expect(keyProblems).toEqual([]);
    expect(errors['codes']).toBeLessThan(1e-4);
  });

  it('the canonical encoder with its blocks of cross-attention to motion', async () => {
    const config = {
      width: 8,
      heads: 2,
      neutralBlocks: 1,
      motionBlocks: 2,
      looksAtMotion: true,
      motionTokens: 3,
      motionHidden: 6,
      motionLayers: 2,
      feedForward: 2,
      planeWidths: [5, 4] as [number, number],
      convWidth: 5,
      channels: 4,
      enlargesByCorners: true,
    };
    const golden = readGolden('rendererCanonicalEncoder');
    const { errors, keyProblems } = await compareWithGolden(golden, (scope, inputs) => {
      const motion = {
        neutral: motionTokens(scope, inputs['sourceMotion'], 'neutral', config),
        driving: motionTokens(scope, inputs['motion'], 'driving', config),
        scale: motionScaleOf(inputs['motionScale']),
      };
      const seen = { global: inputs['global'], planes: inputs['codes'], motion };
      return { canonical: canonicalEncoder(scope, seen, config) };
    });
    expect(keyProblems).toEqual([]);
    expect(errors['canonical']).toBeLessThan(1e-4);
  });

  it('the decoder of the planes with its block of reduced attention', async () => {
    const config = { width: 8, heads: 2, blocks: 1, reduction: 2, feedForward: 2, convWidths: [6, 5] as [number, number] }; // prettier-ignore
    const golden = readGolden('rendererPlanesDecoder');
    const { errors, keyProblems } = await compareWithGolden(golden, (scope, inputs) => {
      const { canonical, detail, blended } = inputs;
      return {
        planes: planesDecoder(scope, { canonical, detail, blended }, { count: 3, channels: 2 }, config),
      };
    });
    expect(keyProblems).toEqual([]);
    expect(errors['planes']).toBeLessThan(1e-4);
  });
});
