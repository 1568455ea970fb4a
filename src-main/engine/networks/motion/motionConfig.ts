import { z } from 'zod';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';

const size = z.int().min(1);

export const motionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    /** PD-FGC's encoder: the face alignment network's hourglass, batch normalisation by stored statistics. */
    kind: z.literal('hourglass'),
    /** Along each side of the crop, a multiple of 16. */
    cropSize: z.int().multipleOf(16),
    /** Channels behind the first convolution, after the first residual block, and from there on. */
    widths: z.tuple([size, z.int().multipleOf(4), z.int().multipleOf(4)]),
    /** Halvings inside the hourglass. */
    depth: size,
    /** Channels of its heat maps. */
    maps: size,
    /** Of the vector that all heads see, and of the mouth's code. */
    hidden: size,
    /** Lengths of the eyes' and of the emotion's code; the mouth's is `hidden` long. */
    heads: z.strictObject({ eyes: size, emotion: size }),
    /** Length of the head pose's code, which the published file also holds; not part of the motion code. */
    headPose: size,
  }),
  z.strictObject({
    /** Strided convolutions with group normalisation, small enough to be trained along. */
    kind: z.literal('convolutional'),
    cropSize: z.int().multipleOf(16),
    /** Channels of the convolutions, each of which halves the size. */
    widths: z.array(z.int().multipleOf(4)).min(1),
    /** Length of the motion code. */
    motionSize: size,
  }),
]);

export type MotionConfig = z.output<typeof motionSchema>;
export type HourglassConfig = Extract<MotionConfig, { kind: 'hourglass' }>;

const published: HourglassConfig = {
  kind: 'hourglass',
  cropSize: 224,
  widths: [64, 128, 256],
  depth: 4,
  maps: 68,
  hidden: 512,
  heads: { eyes: 6, emotion: 30 },
  headPose: 6,
};

/** Spec 6.2. The compact ones are trained on expressions that are known (10.7). */
export const MOTION_CONFIGS: Readonly<Record<ConfigName, MotionConfig>> = {
  released: published,
  paper: published,
  'compact-gpu': {
    kind: 'convolutional',
    cropSize: 96,
    widths: [24, 48, 96, 128],
    motionSize: TRIPLANE_CONTRACTS['compact-gpu'].motionSize,
  },
  'compact-cpu': {
    kind: 'convolutional',
    cropSize: 64,
    widths: [16, 24, 32, 48],
    motionSize: TRIPLANE_CONTRACTS['compact-cpu'].motionSize,
  },
};
