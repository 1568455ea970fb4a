import { z } from 'zod';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';

export const vaeSchema = z
  .strictObject({
    /** Planes of a triplane; they are never strided, only mixed. */
    planes: z.int().min(1),
    planeChannels: z.int().min(1),
    planeSize: z.int().min(1),
    /** Channels after the first convolution; each stage doubles them. */
    hidden: z.int().min(1),
    /** Halvings of the planes' size. */
    stages: z.int().min(1).max(6),
    latentChannels: z.int().min(1),
    /** Of the group normalisations; divides `hidden`, and so all widths behind it. */
    groups: z.int().min(1),
    /**
     * Latents are multiplied by this before diffusion and divided by it before decoding, so that their deviation is
     * about 1. 0.3994218 belongs to the published weights; new ones measure theirs (`measureLatentScale`).
     */
    latentScale: z.number().positive(),
  })
  .refine(({ planeSize, stages }) => planeSize % 2 ** stages === 0, {
    path: ['stages'],
    message: 'planeSize must be divisible by 2 as often as there are stages',
  })
  .refine(({ hidden, groups }) => (2 * hidden) % groups === 0, {
    path: ['groups'],
    message: 'must divide twice hidden, the narrowest width that is normalised',
  });

export type VaeConfig = z.output<typeof vaeSchema>;

/** Cells along each side of a latent plane. */
export function latentSize({ planeSize, stages }: VaeConfig): number {
  return planeSize / 2 ** stages;
}

function fitted(name: ConfigName, widths: Pick<VaeConfig, 'hidden' | 'groups' | 'latentScale'>): VaeConfig {
  const { planeSize, planeChannels, latentShape } = TRIPLANE_CONTRACTS[name];
  const [latentChannels, planes, rows] = latentShape;
  const stages = Math.log2(planeSize / rows);
  return { planes, planeChannels, planeSize, stages, latentChannels, ...widths };
}

/**
 * `paper`: the supplement's latent of 64 x 64 takes two stages instead of three (spec 0.4, row 2); the checkpoint has
 * three. Compact widths: spec 10.4. `compact-cpu` keeps the narrow one (8): planes of 96 cells cost 2.25 times those the
 * table is about, and the wide one would take 1.3 s for a training sample.
 */
export const VAE_CONFIGS: Readonly<Record<ConfigName, VaeConfig>> = {
  released: fitted('released', { hidden: 128, groups: 32, latentScale: 0.3994218 }),
  paper: fitted('paper', { hidden: 128, groups: 32, latentScale: 0.3994218 }),
  'compact-gpu': fitted('compact-gpu', { hidden: 16, groups: 8, latentScale: 1 }),
  'compact-cpu': fitted('compact-cpu', { hidden: 8, groups: 8, latentScale: 1 }),
};
