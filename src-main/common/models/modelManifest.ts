import { z } from 'zod';

/** Names a model of the store or a pack that ships. */
export const modelIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be made of a-z, 0-9 and -, at most 64 characters');

const sizes = z.array(z.int().min(0)).max(16);
const note = z.string().max(4000);

/**
 * `manifest.json` beside the weights of a pack, `<id>.json` in the store. The weights are one safetensors file, named
 * by their SHA-256 in the store and by `file` in a pack.
 */
export const modelManifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  id: modelIdSchema,
  name: z.string().min(1).max(200),
  version: z.string().min(1).max(60),
  /** Of the whole weights file, lower case. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256'),
  bytes: z.int().min(0),
  /** Only in packs: the weights file beside the manifest. */
  file: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be a plain file name')
    .optional(),
  /** The network it belongs to, where it was recognised. */
  network: z.string().max(100).optional(),
  /** Name of the config, or the config itself. */
  config: z.union([z.string().max(60), z.record(z.string(), z.unknown())]).optional(),
  /** Where it came from: file name, address, the run that trained it. */
  source: note,
  licence: note,
  /** Whose faces and pictures it learned from, and that they agreed. */
  consent: note,
  /** ISO 8601. */
  created: z.string().max(40),
  tensors: z.int().min(0),
  parameters: z.int().min(0),
  /** Shapes at batch 1. */
  io: z.strictObject({ inputs: z.record(z.string(), sizes), outputs: z.record(z.string(), sizes) }).optional(),
}); // prettier-ignore

export type ModelManifest = z.output<typeof modelManifestSchema>;
