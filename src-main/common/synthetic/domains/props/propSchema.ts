import { z } from 'zod';
import { tripleSchema } from '#common/synthetic/domains/domainValues';
import { maskSchema } from '#common/synthetic/domains/paint/maskSchema';
import { surfaceSchema } from '#common/synthetic/domains/paint/surfaceSchema';
import { SCENE_PARTS } from '#common/synthetic/scene';

const common = {
  /** Unique in its recipe; mirrored ones get `Left` and `Right`. */
  name: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  part: z.enum(SCENE_PARTS).default('prop'),
  /** Stiff on the head or on the shoulders, or glued to the nearest skin so that it goes with expressions. */
  follow: z.enum(['head', 'shoulders', 'skin']).default('head'),
  /** With `follow` skin: hangs stiffly on the triangle nearest to this place instead of bending with what is below. */
  anchor: tripleSchema.optional(),
  isMirrored: z.boolean().default(false),
  isDoubleSided: z.boolean().default(false),
  /** Worn only by people whose cut it is; each person has one of the recipe's cuts. */
  cut: z.string().optional(),
  surface: surfaceSchema,
};

/**
 * A modelled thing. Places are millimetres on the mean head as the recipe's warps leave it, so that what one sees is what
 * one measures; people's own proportions are added.
 */
export const propSchema = z.discriminatedUnion('kind', [
  /** A tapering tube along a smooth curve: horns, tusks, braids, whiskers, brows. */
  z.strictObject({
    kind: z.literal('tube'),
    points: z.array(tripleSchema).min(2),
    /** Radius along the way, at even steps. */
    radii: z.array(z.number().min(0)).min(2),
    /** Scale across the curve in the direction `flatAlong`: 0.2 makes a ribbon, a feather. */
    flat: z.number().positive().default(1),
    flatAlong: tripleSchema.default([0, 0, 1]),
    /** Depth and number of rings along the tube. */
    ringDepth: z.number().min(0).default(0),
    rings: z.int().min(0).default(0),
    segments: z.int().min(4).max(64).default(28),
    sides: z.int().min(3).max(32).default(12),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('ellipsoid'),
    center: tripleSchema,
    radius: tripleSchema,
    /** Turn about z, degrees, counter-clockwise from the front. */
    turn: z.number().default(0),
    sides: z.int().min(6).max(48).default(20),
    ...common,
  }),
  /** A profile [radius, height] turned about an axis: hats, rings, studs, lenses; with `teeth` a gear. */
  z.strictObject({
    kind: z.literal('lathe'),
    center: tripleSchema,
    axis: tripleSchema.default([0, 1, 0]),
    profile: z.array(z.tuple([z.number().min(0), z.number()])).min(2),
    /** Scale of the section along the two directions across the axis (x and z for an upright one). */
    stretch: z.tuple([z.number().positive(), z.number().positive()]).default([1, 1]),
    teeth: z.int().min(0).default(0),
    toothDepth: z.number().min(0).default(0),
    sides: z.int().min(6).max(96).default(40),
    ...common,
  }),
  /** The skin where a mask holds, lifted off by `lift`: masks, bands, armour. Cut by its surface's opacity. */
  z.strictObject({
    kind: z.literal('patch'),
    where: maskSchema,
    lift: z.number(),
    ...common,
  }),
  /** A solid volume of hair; see `hairVolume`. */
  z.strictObject({
    kind: z.literal('hair'),
    /** Millimetres off the skull at the crown, the sides and the ends. */
    thickness: tripleSchema,
    /** Height (y) where hair ends over the forehead, at the temples, before the ears, behind the ears and at the nape. */
    ends: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]),
    /** Locks around the head, and how deep the grooves between them are, millimetres. */
    locks: z.number().min(1).default(18),
    groove: z.number().min(0).default(3),
    /** Difference between the locks' ends, millimetres. */
    jag: z.number().min(0).default(0),
    /** How pointed the locks end, 0 .. 1. */
    point: z.number().min(0).max(1).default(0.5),
    /** Locks stand off towards their ends, millimetres. */
    flare: z.number().default(0),
    /** Spikes: how far locks rise from the crown, millimetres, and which way all lean. */
    spike: z.number().min(0).default(0),
    lean: tripleSchema.default([0, 0, 0]),
    /** Side of the parting: x of the whorl, and its y and z come from the skull; angle of the parting line's locks. */
    parting: z.number().min(-60).max(60).default(0),
    /** Curls: size and depth of bumps, millimetres. */
    curl: z.number().min(0).default(0),
    curlSize: z.number().positive().default(14),
    /** Hair combed back from the face: in front it rises out of the skin instead of ending in a fringe, 0 .. 1. */
    swept: z.number().min(0).max(1).default(0),
    /** Locks swing sideways on their way down, millimetres. */
    swing: z.number().default(0),
    seed: z.int().default(1),
    ...common,
  }),
  /** Single, flat, pointed locks laid on the skull: fringes, strands before the ears, long hair; see `hairLocks`. */
  z.strictObject({
    kind: z.literal('locks'),
    count: z.int().min(1).max(120),
    /** Degrees about the vertical from the front (+ to the subject's left) of roots and tips, evenly along the row. */
    roots: z.array(z.number()).min(1),
    tips: z.array(z.number()).min(1),
    /** Degrees from the crown between which roots lie. */
    crown: z.tuple([z.number().min(1), z.number()]),
    /** Heights (y) of the tips, evenly along the row, and how far they wander, millimetres. */
    ends: z.array(z.number()).min(1),
    jag: z.number().min(0).default(4),
    /** Share of the distance to the neighbour by which locks stray. */
    stray: z.number().min(0).max(2).default(0.5),
    /** Widest and thickest, millimetres. */
    width: z.number().positive(),
    thickness: z.number().positive(),
    /** Millimetres off the skull at root, middle and tip. */
    lift: tripleSchema,
    /** Share of the length over which a lock ends in a point. */
    point: z.number().min(0.05).max(1).default(0.6),
    /** Waves: millimetres to the side, and how many. */
    wave: z.number().min(0).default(0),
    waves: z.number().min(0).default(1.5),
    seed: z.int().default(1),
    ...common,
  }),
]);

export type PropRecipe = z.output<typeof propSchema>;
export type PropOf<Kind extends PropRecipe['kind']> = Extract<PropRecipe, { kind: Kind }>;
