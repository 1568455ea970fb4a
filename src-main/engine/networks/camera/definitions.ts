import { z } from 'zod';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';
import { castRays } from '#engine/networks/camera/rays';
import { VOLUME_CONFIGS, volumeSchema } from '#engine/networks/volume/volumeConfig';

const raysSchema = z.strictObject(volumeSchema.pick({ renderSize: true, rayAnchor: true }).shape);

type RaysConfig = z.output<typeof raysSchema>;

const picked = ({ renderSize, rayAnchor }: RaysConfig): RaysConfig => ({ renderSize, rayAnchor });

const rays: NetworkDefinition<RaysConfig> = {
  name: 'camera.rays',
  summary: 'from a camera label to one ray for each pixel',
  source: 'spec 1.3; no weights',
  configs: {
    released: picked(VOLUME_CONFIGS.released),
    paper: picked(VOLUME_CONFIGS.paper),
    'compact-gpu': picked(VOLUME_CONFIGS['compact-gpu']),
    'compact-cpu': picked(VOLUME_CONFIGS['compact-cpu']),
  },
  readConfig: configReader(raysSchema, 'camera.rays'),
  keyPrefix: '',
  inputs: (_, batch) => ({ label: [batch, 25] }),
  build: (_, { label }, { renderSize, rayAnchor }) => {
    const { origins, directions } = castRays(label, renderSize, rayAnchor);
    return { origins: broadcastTo(origins, directions.shape), directions };
  },
};

export const cameraNetworks: readonly AnyNetwork[] = [anyNetwork(rays)];
