import { z } from 'zod';
import { tripleSchema } from '#common/synthetic/domains/domainValues';

/**
 * One step of a canonical warp; steps apply in order, each to where the one before it has put a point. Millimetres.
 * `isMirrored` steps act on both sides: what is given is the left side (x > 0).
 */
export const warpStepSchema = z.discriminatedUnion('kind', [
  /** Enlarges what lies within the ellipsoid `inner`; what is between it and the ellipsoid `radius` gives way. */
  z.strictObject({
    kind: z.literal('scale'),
    center: tripleSchema,
    radius: tripleSchema,
    factor: tripleSchema,
    inner: tripleSchema,
    isMirrored: z.boolean().default(false),
  }),
  /** Moves what lies within an ellipsoid, softly. */
  z.strictObject({
    kind: z.literal('move'),
    center: tripleSchema,
    radius: tripleSchema,
    offset: tripleSchema,
    plateau: z.number().min(0).max(0.95).default(0),
    isMirrored: z.boolean().default(false),
  }),
  /** Scales x and z (about `z`) by a factor that goes along y from `fromFactor` at `fromY` to `toFactor` at `toY`. */
  z.strictObject({
    kind: z.literal('taper'),
    fromY: z.number(),
    toY: z.number(),
    fromFactor: z.tuple([z.number(), z.number()]),
    toFactor: z.tuple([z.number(), z.number()]),
    z: z.number().default(0),
    /** Points behind this z are let be (softly, over 40 mm); the whole head by default. */
    behindZ: z.number().optional(),
  }),
  /** Scales the whole head above `neckY` about a point; below, it fades over 60 mm. */
  z.strictObject({
    kind: z.literal('head'),
    factor: tripleSchema,
    center: tripleSchema.default([0, -120, -20]),
    neckY: z.number().default(-110),
  }),
  /** Draws the head into an upright cylinder with rounded rims; features keep `relief` of their depth. */
  z.strictObject({
    kind: z.literal('cylinder'),
    radius: z.number(),
    z: z.number(),
    topY: z.number(),
    bottomY: z.number(),
    rim: z.number(),
    relief: z.number().min(0).max(1),
    neckRadius: z.number(),
  }),
  /** Reshapes the ears: stretched along `direction` from their root with growing strength, the tip sharpened. */
  z.strictObject({
    kind: z.literal('ears'),
    direction: tripleSchema,
    length: z.number(),
    /** Scale across the direction at the tip: 0 is a point. */
    tip: z.number().min(0).max(2),
    /** Power of the growth from root (0) to tip. */
    power: z.number().min(0.5).max(4).default(1.5),
    size: z.number().default(1),
  }),
  /** Pulls the ears flat into the head. */
  z.strictObject({ kind: z.literal('noEars') }),
  /** Scales the depth of the face before the plane `z`. */
  z.strictObject({
    kind: z.literal('flatten'),
    z: z.number(),
    factor: z.number(),
    radius: tripleSchema,
    center: tripleSchema,
  }),
]);

export type WarpStep = z.output<typeof warpStepSchema>;
