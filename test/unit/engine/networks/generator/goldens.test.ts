import { describe, expect, it } from 'vitest';
import { blendPlanes } from '#engine/networks/generator/blendPlanes';
import { mapping, movedAverage, spreadStyle } from '#engine/networks/generator/mapping';
import { pictureUnet } from '#engine/networks/generator/next3d/pictureUnet';
import { synthesis } from '#engine/networks/generator/synthesis';
import { triplaneEncoder } from '#engine/networks/generator/triplaneEncoder';
import { renderVolume } from '#engine/networks/volume/renderVolume';
import type { VolumeConfig } from '#engine/networks/volume/volumeConfig';
import { compareWithGolden, readGolden } from '#test/helpers/golden';

// The sizes of test/fixtures/networks/{generator,volume}.py.
const SYNTHESIS = { latentSize: 6, baseSize: 3, size: 12, channels: 2, channelBase: 42, channelMax: 8 };
const ENCODER = {
  inputChannels: 3,
  inputSize: 12,
  blocks: [
    { inputs: 5, outputs: 4, down: 1 as const, pictureScale: 1 },
    { inputs: 4, outputs: 7, down: 2 as const, pictureScale: 1 },
    { inputs: 7, outputs: 2, down: 1 as const, pictureScale: 2 },
  ],
};
const MAPPING = {
  latentSize: 6,
  labelSize: 25,
  layers: 2,
  latentCount: 5,
  truncation: { amount: 0.7, layers: 3 },
};
const BLEND = {
  planeChannels: 2,
  planeSize: 16,
  latentSize: 6,
  latentCount: 6,
  uvSize: 12,
  faceRows: [3, 9] as [number, number],
  faceColumns: [4, 12] as [number, number],
  upperMouthRow: 5,
  encoder: ENCODER,
  face: SYNTHESIS,
};
const VOLUME: Omit<VolumeConfig, 'planeAxes' | 'rayAnchor'> = {
  planeChannels: 4,
  planeSize: 6,
  renderSize: 3,
  samples: 7,
  boxWarp: 1,
  range: { kind: 'origin', before: 0.45, behind: 0.6 },
  decoderWidth: 5,
};

function expectAgreement({ errors, keyProblems }: Awaited<ReturnType<typeof compareWithGolden>>): void {
  expect(keyProblems).toEqual([]);
  expect(Object.entries(errors).filter(([, error]) => !(error <= 1e-4))).toEqual([]);
}

describe('the generator beside PyTorch', () => {
  it('maps noise and camera to styles', async () => {
    const comparison = await compareWithGolden(readGolden('mapping'), (scope, { z, label }) => {
      const w = mapping(scope, z, label, MAPPING);
      return { w, ws: spreadStyle(scope, w, MAPPING), average: movedAverage(scope, w, MAPPING) };
    });
    expectAgreement(comparison);
  });

  it('synthesises with stored and drawn noise and with conditions', async () => {
    const comparison = await compareWithGolden(readGolden('synthesis'), (scope, inputs) => {
      const { ws, noise, mask, picture, features } = inputs;
      const conditions = { picture: { values: picture, mask }, features: [{ values: features, mask }] };
      return {
        stored: synthesis(scope, ws, SYNTHESIS),
        drawn: synthesis(scope, ws, SYNTHESIS, { noise }),
        conditioned: synthesis(scope, ws, SYNTHESIS, { conditions }),
      };
    });
    expectAgreement(comparison);
  });

  it('encodes the posed texture', async () => {
    const comparison = await compareWithGolden(readGolden('triplaneEncoder'), (scope, { raster }) =>
      Object.fromEntries(
        triplaneEncoder(scope, raster, ENCODER).map((values, at) => [`condition${at}`, values]),
      ),
    );
    expectAgreement(comparison);
  });

  it('poses the texture and blends it into the front plane', async () => {
    const comparison = await compareWithGolden(readGolden('blendPlanes'), (scope, inputs) => {
      const { triplane, ws, mesh, mouth } = inputs;
      return { planes: blendPlanes(scope, { triplane, ws, mesh, mouth }, BLEND) };
    });
    expectAgreement(comparison);
  });

  it('paints a picture anew as Next3D does', async () => {
    const config = { inputChannels: 2, inputSize: 12, bottomSize: 3, synthesis: SYNTHESIS };
    const comparison = await compareWithGolden(readGolden('pictureUnet'), (scope, { picture, ws }) => ({
      painted: pictureUnet(scope, picture, ws, config),
    }));
    expectAgreement(comparison);
  });

  it('renders volumes: rays, samples, decoder, marching; both conventions, training and evaluation', async () => {
    const comparison = await compareWithGolden(readGolden('volume'), (scope, inputs) => {
      const { planes, label, strata, importance } = inputs;
      const render = (own: Pick<VolumeConfig, 'planeAxes' | 'rayAnchor'>) =>
        Object.entries({ training: { strata, importance }, evaluation: undefined }).flatMap(
          ([mode, noise]) => {
            const rendered = renderVolume(scope, { planes, label, noise }, { ...VOLUME, ...own });
            return Object.entries(rendered).map(
              ([name, tensor]) => [`${own.planeAxes}.${mode}.${name}`, tensor] as const,
            );
          },
        );
      return Object.fromEntries([
        ...render({ planeAxes: 'distinct', rayAnchor: 'centre' }),
        ...render({ planeAxes: 'repeated', rayAnchor: 'corner' }),
      ]);
    });
    expectAgreement(comparison);
    expect(Object.keys(comparison.errors)).toHaveLength(12);
  });
});
