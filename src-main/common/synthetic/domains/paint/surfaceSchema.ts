import { z } from 'zod';
import { colorSchema, tripleSchema } from '#common/synthetic/domains/domainValues';
import { maskSchema } from '#common/synthetic/domains/paint/maskSchema';
import { shadingSchema } from '#common/synthetic/domains/shading/shadingSchema';

const share = z.number().min(0).max(1);

/** One coat of paint over what is there. */
const coatSchema = z.strictObject({
  /** Everywhere without factors. */
  where: maskSchema.default([]),
  color: colorSchema.optional(),
  amount: share.default(1),
  mode: z.enum(['mix', 'multiply', 'add']).default('mix'),
  /** What the coat does to the surface beside its colour, where it covers: shine and metal 0..1, own light. */
  shine: z.number().min(0).max(4).optional(),
  metal: share.optional(),
  glow: z.number().min(0).max(4).optional(),
  /** Coverage: 0 cuts a hole. */
  opacity: share.optional(),
});

/**
 * Canonical places at which the whole surface is painted with one colour: cubes or Voronoi cells, so that features
 * become blocks or panes.
 */
const tilesSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('blocks'), size: z.number().positive() }),
  z.strictObject({
    kind: z.literal('panes'),
    size: z.number().positive(),
    jitter: share.default(0.9),
    stretch: tripleSchema.default([1, 1, 1]),
    isMirrored: z.boolean().default(true),
    seed: z.int().default(1),
    /** Random change of each pane's brightness and of its hue. */
    variation: z.number().min(0).max(1).default(0.25),
    lead: z.number().min(0).default(0),
    leadColor: colorSchema.default('#050505'),
  }),
]);

/** How a surface is coloured and lit: everything here is data that follows canonical space. */
export const surfaceSchema = z.strictObject({
  base: z.strictObject({
    color: colorSchema,
    /** Share of the head's own colour (its skin, hair, clothes) in the base. */
    own: share.default(0),
    /** How strongly the own colour's light and dark modulate `color`. */
    detail: z.number().min(0).max(2).default(0),
    shine: z.number().min(0).max(4).default(1),
    metal: share.default(0),
  }),
  tiles: tilesSchema.optional(),
  coats: z.array(coatSchema).default([]),
  /** Coats that tiles do not blur: lines of features over a mosaic. */
  lines: z.array(coatSchema).default([]),
  shading: shadingSchema,
});

export type SurfaceLook = z.output<typeof surfaceSchema>;
export type Coat = z.output<typeof coatSchema>;
export type Tiles = z.output<typeof tilesSchema>;
