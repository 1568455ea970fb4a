import { z } from 'zod';

/** What a run of the example is made with; kept in its folder, so that a resumed run is the same run. */
export const ganSettingsSchema = z.object({
  /** Width and height of the pictures: 8, 16, 32 ... */
  size: z.int().min(8),
  /** Of every layer of both networks. */
  channels: z.int().min(1),
  /** Length of z and of w. */
  latent: z.int().min(1),
  batch: z.int().min(1),
  seed: z.int(),
  /** Pictures that are trained on. */
  pictures: z.int().min(1),
  /** Pictures of each kind that the distance is measured on. */
  measured: z.int().min(2),
  checkpointEvery: z.int().min(1),
  samplesEvery: z.int().min(1),
  /** Inside one operator, on the CPU: sums round otherwise with another number, so a run keeps its own. */
  threads: z.int().min(1).default(1),
});

export type GanSettings = z.output<typeof ganSettingsSchema>;

export const GAN_DEFAULTS: GanSettings = {
  size: 16,
  channels: 32,
  latent: 32,
  batch: 16,
  seed: 1,
  pictures: 4000,
  measured: 512,
  checkpointEvery: 100,
  samplesEvery: 250,
  threads: 1,
};
