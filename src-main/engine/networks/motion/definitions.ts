import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';
import type { MotionConfig } from '#engine/networks/motion/motionConfig';
import { MOTION_CONFIGS, motionSchema } from '#engine/networks/motion/motionConfig';
import { motionEncoder } from '#engine/networks/motion/motionEncoder';

const definition: NetworkDefinition<MotionConfig> = {
  name: 'motion',
  summary: 'motion code of a picture of a face',
  source: 'spec 6.2, PD-FGC (arXiv 2211.14506); `motion_model.pth`',
  configs: MOTION_CONFIGS,
  readConfig: configReader(motionSchema, 'motion'),
  keyPrefix: '',
  inputs: ({ cropSize }, batch) => ({ crop: [batch, 3, cropSize, cropSize] }),
  build: (scope, { crop }, config) => ({ motion: motionEncoder(config)(scope, crop) }),
};

export const motionNetworks: readonly AnyNetwork[] = [anyNetwork(definition)];

/** Counters of batch normalisation that say nothing for evaluation. */
export const motionIgnoredKeys: readonly RegExp[] = [/\.num_batches_tracked$/];
