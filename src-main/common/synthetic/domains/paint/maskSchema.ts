import { z } from 'zod';
import { FACE_FIELDS } from '#common/synthetic/domains/canonical/faceFields';
import { tripleSchema } from '#common/synthetic/domains/domainValues';

const pointSchema = z.tuple([z.number(), z.number()]);
const seed = z.int().default(1);
/** Flat shapes are seen from the front and hold only before this z, so that they do not show on the back. */
const frontZ = z.number().default(15);
const isMirrored = z.boolean().default(false);
/** What is outside counts. */
const isInverted = z.boolean().default(false);
/** Strength of this factor: 1 is all of it, 0 none. */
const strength = z.number().min(0).max(1).default(1);
const common = { isInverted, strength };

/**
 * A share in [0, 1] of every point of canonical space (millimetres); factors of one mask multiply. `isMirrored` shapes
 * are given for the left side (x > 0) and hold on both.
 */
export const maskFactorSchema = z.discriminatedUnion('kind', [
  /** By the distance to a feature of the face, negative inside: 0 at `from`, 1 at `to` (which may be smaller). */
  z.strictObject({
    kind: z.literal('field'),
    field: z.enum(FACE_FIELDS),
    from: z.number(),
    to: z.number(),
    frontZ,
    ...common,
  }),
  /** An ellipse seen from the front; `soft` is the share of the radius over which it ends. */
  z.strictObject({
    kind: z.literal('disc'),
    center: pointSchema,
    radius: pointSchema,
    soft: z.number().min(0).default(0),
    /** Both eyes' shapes at the same offset instead of mirrored ones: the highlights of eyes. */
    isRepeated: z.boolean().default(false),
    isMirrored,
    frontZ,
    ...common,
  }),
  z.strictObject({
    kind: z.literal('ball'),
    center: tripleSchema,
    radius: tripleSchema,
    soft: z.number().min(0).default(0.3),
    isMirrored,
    ...common,
  }),
  /** Along an axis (`ax` is |x|): 0 at `from`, 1 at `to`. */
  z.strictObject({
    kind: z.literal('axis'),
    axis: z.enum(['x', 'y', 'z', 'ax']),
    from: z.number(),
    to: z.number(),
    ...common,
  }),
  /** Fractal noise of features of `size`: 0 where it is `from`, 1 at `to`; values are about -1 .. 1. */
  z.strictObject({
    kind: z.literal('noise'),
    size: z.number().positive(),
    from: z.number(),
    to: z.number(),
    octaves: z.int().min(1).max(6).default(3),
    isRidged: z.boolean().default(false),
    stretch: tripleSchema.default([1, 1, 1]),
    seed,
    ...common,
  }),
  /** Borders of Voronoi cells. */
  z.strictObject({
    kind: z.literal('leads'),
    size: z.number().positive(),
    width: z.number().positive(),
    jitter: z.number().min(0).max(1).default(0.9),
    stretch: tripleSchema.default([1, 1, 1]),
    isMirrored,
    seed,
    ...common,
  }),
  /** A share of the Voronoi cells, whole: those whose own random number lies in [from, to). */
  z.strictObject({
    kind: z.literal('cells'),
    size: z.number().positive(),
    from: z.number(),
    to: z.number(),
    jitter: z.number().min(0).max(1).default(0.9),
    stretch: tripleSchema.default([1, 1, 1]),
    isMirrored,
    seed,
    ...common,
  }),
  /** Round soft spots. */
  z.strictObject({
    kind: z.literal('spots'),
    size: z.number().positive(),
    radius: z.number().positive(),
    density: z.number().min(0).max(1),
    seed,
    ...common,
  }),
  /** A drawn line seen from the front; `taper` is its width at the ends as share of the middle's. */
  z.strictObject({
    kind: z.literal('stroke'),
    points: z.array(pointSchema).min(2),
    width: z.number().positive(),
    taper: z.number().min(0).max(1).default(1),
    soft: z.number().min(0).default(0.2),
    isMirrored,
    frontZ,
    ...common,
  }),
  /** A filled outline seen from the front. */
  z.strictObject({
    kind: z.literal('polygon'),
    points: z.array(pointSchema).min(3),
    soft: z.number().min(0).default(0.2),
    isMirrored,
    frontZ,
    ...common,
  }),
  /** Stripes across a direction of canonical space, or along the surface's own u or v (times 1000). */
  z.strictObject({
    kind: z.literal('stripes'),
    across: z.union([tripleSchema, z.enum(['u', 'v', 'arc'])]),
    period: z.number().positive(),
    duty: z.number().min(0).max(1),
    wobble: z.number().min(0).default(0),
    seed,
    ...common,
  }),
  /** Dots or squares in rows about the head's axis: halftone, rivets, checks. */
  z.strictObject({
    kind: z.literal('dots'),
    period: z.number().positive(),
    radius: z.number().positive(),
    shape: z.enum(['round', 'check']).default('round'),
    ...common,
  }),
]);

export type MaskFactor = z.output<typeof maskFactorSchema>;
export const maskSchema = z.array(maskFactorSchema);
