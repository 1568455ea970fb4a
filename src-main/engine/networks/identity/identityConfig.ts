import { z } from 'zod';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';

const size = z.int().min(1);
const share = z.number().min(0).max(1);

const common = {
  /** Of the pictures that are compared. */
  pictureSize: size,
  /** The square of the picture that is looked at, as shares of its side. */
  window: z.strictObject({ top: share, left: share, size: share }),
  /** What the square is brought to. */
  cropSize: z.int().multipleOf(16),
  /** Length of the vector that says who it is. */
  embedding: size,
};

export const identitySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    /** ArcFace's IR-SE: residual blocks with squeeze and excitation, batch normalisation by stored statistics. */
    kind: z.literal('residual'),
    ...common,
    /** Stages, each of which halves the size first. */
    stages: z.array(z.strictObject({ channels: size, blocks: size })).min(1),
    /** How much narrower the excitation's hidden layer is. */
    squeeze: size,
  }),
  z.strictObject({
    /** Strided convolutions, trained along with identities as labels. */
    kind: z.literal('strided'),
    ...common,
    widths: z.array(z.int().multipleOf(4)).min(1),
  }),
]);

export type IdentityConfig = z.output<typeof identitySchema>;
export type ResidualIdentityConfig = Extract<IdentityConfig, { kind: 'residual' }>;

/** What usual identity losses cut out of a portrait in FFHQ's framing: 188 of 256 pixels. */
const WINDOW = { top: 35 / 256, left: 32 / 256, size: 188 / 256 };

const published: ResidualIdentityConfig = {
  kind: 'residual',
  pictureSize: TRIPLANE_CONTRACTS.released.imageSize,
  window: WINDOW,
  cropSize: 112,
  embedding: 512,
  stages: [{ channels: 64, blocks: 3 }, { channels: 128, blocks: 4 }, { channels: 256, blocks: 14 }, { channels: 512, blocks: 3 }],
  squeeze: 16,
}; // prettier-ignore

function small(
  name: ConfigName,
  widths: readonly number[],
  cropSize: number,
  embedding: number,
): IdentityConfig {
  const { imageSize } = TRIPLANE_CONTRACTS[name];
  return {
    kind: 'strided',
    pictureSize: imageSize,
    window: WINDOW,
    cropSize,
    embedding,
    widths: [...widths],
  };
}

/** Spec 6.5 names IR-SE50; the compact ones are spec 10.7's own small network. */
export const IDENTITY_CONFIGS: Readonly<Record<ConfigName, IdentityConfig>> = {
  released: published,
  paper: published,
  'compact-gpu': small('compact-gpu', [32, 48, 64, 96], 96, 128),
  'compact-cpu': small('compact-cpu', [16, 24, 32, 48], 64, 64),
};
