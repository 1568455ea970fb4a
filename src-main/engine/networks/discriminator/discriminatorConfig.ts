import { z } from 'zod';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';

export const discriminatorSchema = z.strictObject({
  /** Of the finished picture; halved until it is below 8. */
  imageSize: z.int().min(8),
  /** Of the raw picture. */
  renderSize: z.int().min(1),
  /** `dual`: the raw picture is judged together with the finished one (6 channels); `single`: the finished one alone. */
  pictures: z.enum(['dual', 'single']),
  /** A resolution has channelBase / resolution channels, at most channelMax. */
  channelBase: z.int().min(1),
  channelMax: z.int().min(1),
  /** Length of the label, 25 for a camera; 0: the pictures are judged whatever their label. */
  labelSize: z.int().min(0),
  /** Layers of the network that maps the label. */
  mappingLayers: z.int().min(1),
  /** Pictures that are compared with each other in the last block; the whole batch where it is no multiple. */
  groupSize: z.int().min(1),
  /** Limits activations. Published networks were trained in half precision, which overflows at 65504. */
  clamp: z.number().positive().optional(),
});

export type DiscriminatorConfig = z.output<typeof discriminatorSchema>;

function fitted(
  name: ConfigName,
  widths: Pick<DiscriminatorConfig, 'channelBase' | 'channelMax' | 'mappingLayers' | 'clamp'>,
): DiscriminatorConfig {
  const { imageSize, renderSize } = TRIPLANE_CONTRACTS[name];
  return { imageSize, renderSize, pictures: 'dual', labelSize: 25, groupSize: 4, ...widths };
}

const published = { channelBase: 32768, channelMax: 512, mappingLayers: 8, clamp: 256 };

/** Widths of spec 2.6 and 10.3. */
export const DISCRIMINATOR_CONFIGS: Readonly<Record<ConfigName, DiscriminatorConfig>> = {
  released: fitted('released', published),
  paper: fitted('paper', published),
  'compact-gpu': fitted('compact-gpu', { channelBase: 4096, channelMax: 192, mappingLayers: 2 }),
  'compact-cpu': fitted('compact-cpu', { channelBase: 1024, channelMax: 64, mappingLayers: 2 }),
};
