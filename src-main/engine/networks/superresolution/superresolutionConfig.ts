import { z } from 'zod';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';

export const superresolutionSchema = z.strictObject({
  /** Channels of the rendered features; the first three are the raw picture. */
  featureChannels: z.int().min(3),
  /** Of w. */
  latentSize: z.int().min(1),
  /** Rays along each side of what comes in. */
  renderSize: z.int().min(1),
  /** Size that pictures and features are brought to first, smoothed. */
  inputSize: z.int().min(1),
  /** Channels of the blocks; each doubles the size. */
  blocks: z.array(z.int().min(1)).min(1),
});

export type SuperresolutionConfig = z.output<typeof superresolutionSchema>;

function fitted(name: ConfigName, blocks: readonly number[]): SuperresolutionConfig {
  const { planeChannels, latentSize, renderSize, imageSize } = TRIPLANE_CONTRACTS[name];
  const inputSize = imageSize / 2 ** blocks.length;
  return { featureChannels: planeChannels, latentSize, renderSize, inputSize, blocks: [...blocks] };
}

/** Widths of spec 10.3; the compact ones have a single block. */
export const SUPERRESOLUTION_CONFIGS: Readonly<Record<ConfigName, SuperresolutionConfig>> = {
  released: fitted('released', [256, 128]),
  paper: fitted('paper', [256, 128]),
  'compact-gpu': fitted('compact-gpu', [64]),
  'compact-cpu': fitted('compact-cpu', [24]),
};
