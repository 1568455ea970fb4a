import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork, CONFIG_NAMES } from '#engine/networks/networkDefinition';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';
import { next3d } from '#engine/networks/generator/next3d/next3d';
import type { Next3dConfig, PictureUnetConfig } from '#engine/networks/generator/next3d/next3dConfig';
import {
  NEXT3D_CONFIGS,
  next3dSchema,
  pictureUnetSchema,
} from '#engine/networks/generator/next3d/next3dConfig';
import { pictureUnet } from '#engine/networks/generator/next3d/pictureUnet';
import { styleCount } from '#engine/networks/generator/synthesis';

const SOURCE = 'spec 2.3, Next3D (arXiv 2211.11208)';

const whole: NetworkDefinition<Next3dConfig> = {
  name: 'next3d',
  summary: "Next3D's own generator: three views of the mesh, a mouth network",
  source: SOURCE,
  configs: NEXT3D_CONFIGS,
  readConfig: configReader(next3dSchema, 'next3d'),
  keyPrefix: '',
  inputs: ({ mapping: { latentSize, labelSize }, volume: { planeSize } }, batch) => ({
    z: [batch, latentSize],
    mappingLabel: [batch, Math.max(1, labelSize)],
    label: [batch, 25],
    mesh: [batch, 4, planeSize, planeSize, 3],
    mouth: [batch, 1, planeSize, planeSize],
    mouthBox: [batch, 4],
  }),
  build: (scope, { z, mappingLabel, label, mesh, mouth, mouthBox }, config) => ({
    ...next3d(scope, { z, mappingLabel, label, mesh, mouth, mouthBox }, config),
  }),
};

function unet(
  part: 'mouth' | 'blending',
  summary: string,
  prefix: string,
): NetworkDefinition<PictureUnetConfig> {
  const name = `next3d.${part}`;
  const configs = Object.fromEntries(CONFIG_NAMES.map((config) => [config, NEXT3D_CONFIGS[config][part]]));
  return {
    name,
    summary,
    source: SOURCE,
    configs: configs as Readonly<Record<ConfigName, PictureUnetConfig>>,
    readConfig: configReader(pictureUnetSchema, name),
    keyPrefix: `${prefix}.synthesis`,
    inputs: ({ inputChannels, inputSize, synthesis }, batch) => ({
      picture: [batch, inputChannels, inputSize, inputSize],
      ws: [batch, styleCount(synthesis), synthesis.latentSize],
    }),
    build: (scope, { picture, ws }, config) => ({ painted: pictureUnet(scope, picture, ws, config) }),
  };
}

export const next3dNetworks: readonly AnyNetwork[] = [
  anyNetwork(whole),
  anyNetwork(unet('mouth', 'paints the inside of the mouth', 'mouth_backbone')),
  anyNetwork(unet('blending', 'refines the posed front', 'neural_blending')),
];
