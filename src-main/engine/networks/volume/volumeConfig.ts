import { z } from 'zod';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';

export const volumeSchema = z.strictObject({
  /** Features of each plane. */
  planeChannels: z.int().min(1),
  /** Cells along each side of a plane. */
  planeSize: z.int().min(1),
  /** Rays along each side of the picture. */
  renderSize: z.int().min(1),
  /** Samples of a ray in equal steps, and as many again where those found matter. */
  samples: z.int().min(4),
  /** World units that a plane covers along each side. */
  boxWarp: z.number().positive(),
  /** See `PlaneAxes`. */
  planeAxes: z.enum(['distinct', 'repeated']),
  /** See `RayAnchor`. */
  rayAnchor: z.enum(['centre', 'corner']),
  /**
   * Where a ray is sampled, in world units along it. `fixed`: EG3D's 2.25 to 3.3. `origin`: from so much before the
   * world's origin to so much behind it, which is the same for cameras at 2.7 and right for all others (released).
   */
  range: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('fixed'), near: z.number(), far: z.number() }),
    z.strictObject({ kind: z.literal('origin'), before: z.number(), behind: z.number() }),
  ]),
  /** Width of the decoder's hidden layer. */
  decoderWidth: z.int().min(1),
});

export type VolumeConfig = z.output<typeof volumeSchema>;

type Fitted = Pick<VolumeConfig, 'planeAxes' | 'rayAnchor' | 'decoderWidth'>;

function fitted(name: ConfigName, own: Fitted): VolumeConfig {
  const { planeChannels, planeSize, renderSize, samples } = TRIPLANE_CONTRACTS[name];
  const range = { kind: 'origin', before: 0.45, behind: 0.6 } as const;
  return { planeChannels, planeSize, renderSize, samples, boxWarp: 1, range, ...own };
}

/**
 * Spec 1.3 and 10.3. Only `released` has the two quirks of the published weights; whoever trains anew has three
 * different planes and rays through the middle of their pixels.
 */
export const VOLUME_CONFIGS: Readonly<Record<ConfigName, VolumeConfig>> = {
  released: fitted('released', { planeAxes: 'repeated', rayAnchor: 'corner', decoderWidth: 64 }),
  paper: fitted('paper', { planeAxes: 'distinct', rayAnchor: 'centre', decoderWidth: 64 }),
  'compact-gpu': fitted('compact-gpu', { planeAxes: 'distinct', rayAnchor: 'centre', decoderWidth: 32 }),
  'compact-cpu': fitted('compact-cpu', { planeAxes: 'distinct', rayAnchor: 'centre', decoderWidth: 24 }),
};
