import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';
import { fieldAt, renderVolume } from '#engine/networks/volume/renderVolume';
import type { VolumeConfig } from '#engine/networks/volume/volumeConfig';
import { VOLUME_CONFIGS, volumeSchema } from '#engine/networks/volume/volumeConfig';

/** Points at which `volume.field` is asked, for each sample of a batch. */
const POINTS = 1024;

const volume: NetworkDefinition<VolumeConfig> = {
  name: 'volume',
  summary: 'renders three feature planes as a camera sees them',
  source: 'spec 1.3 and 2.6, EG3D sections 4.2 and 4.3; `decoder.*` of generators and renderer',
  configs: VOLUME_CONFIGS,
  readConfig: configReader(volumeSchema, 'volume'),
  keyPrefix: 'decoder',
  inputs: ({ planeChannels, planeSize }, batch) => ({
    planes: [batch, 3, planeChannels, planeSize, planeSize],
    label: [batch, 25],
  }),
  build: (scope, { planes, label }, config) => ({ ...renderVolume(scope, { planes, label }, config) }),
};

const field: NetworkDefinition<VolumeConfig> = {
  ...volume,
  name: 'volume.field',
  summary: 'density and colour of feature planes at points',
  readConfig: configReader(volumeSchema, 'volume.field'),
  inputs: ({ planeChannels, planeSize }, batch) => ({
    planes: [batch, 3, planeChannels, planeSize, planeSize],
    points: [batch, POINTS, 3],
  }),
  build: (scope, { planes, points }, config) => ({ ...fieldAt(scope, planes, points, config) }),
};

export const volumeNetworks: readonly AnyNetwork[] = [volume, field].map(anyNetwork);
