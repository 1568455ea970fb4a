import { z } from 'zod';
import { colorSchema, tripleSchema } from '#common/synthetic/domains/domainValues';

const share = z.number().min(0).max(1);

/** How light meets a painted surface. Colours are multiplied with the paint unless said otherwise. */
export const shadingSchema = z.discriminatedUnion('kind', [
  /** Skin, stone, plastic, cloth: wrapped diffuse, one highlight, a bright rim. */
  z.strictObject({
    kind: z.literal('soft'),
    wrap: share.default(0.2),
    specular: z.number().min(0).default(0.1),
    /** Power of the highlight. */
    gloss: z.number().positive().default(24),
    fresnel: z.number().min(0).default(0.05),
    /** Colour of the light that comes through at the shadow's border, and how much of it. */
    throughColor: colorSchema.default('#ff4020'),
    through: z.number().min(0).default(0),
    ambient: z.number().min(0).default(1),
    occlusion: share.default(1),
  }),
  /** Reflects a painted surrounding: brass, bronze. */
  z.strictObject({
    kind: z.literal('metal'),
    roughness: share.default(0.4),
    diffuse: z.number().min(0).default(0.25),
    reflection: z.number().min(0).default(1),
  }),
  /** Bands of light with hard borders. `tones` are multiplied with the paint, from dark to light. */
  z.strictObject({
    kind: z.literal('cel'),
    tones: z.array(colorSchema).min(1),
    /** Brightness at which each next tone begins, tones - 1 of them, rising. */
    steps: z.array(z.number()),
    /** Width of the borders in brightness; 0.02 is hard. */
    soft: z.number().positive().default(0.02),
    shadow: share.default(1),
    specular: z.number().min(0).default(0),
    gloss: z.number().positive().default(40),
    rim: z.number().min(0).default(0),
    occlusion: share.default(0.3),
    /** How much of the surroundings' light tints the picture. */
    ambientTint: share.default(0),
  }),
  /** Paint as it is, with `form` of the light. */
  z.strictObject({
    kind: z.literal('flat'),
    level: z.number().min(0).default(1),
    form: share.default(0),
    /** Facets are lit by their side alone, along canonical axes: blocks. */
    glowThrough: z.number().min(0).default(0),
  }),
  /** Strokes of ink on paper, more and crossed in the dark; the paint is read as grey. */
  z.strictObject({
    kind: z.literal('strokes'),
    paper: colorSchema,
    ink: colorSchema,
    period: z.number().positive(),
    thickness: share.default(0.45),
    wobble: z.number().min(0).default(0.35),
    seed: z.int().default(1),
    /** Darkness = (1 - tone) ^ gamma * contrast + offset. */
    gamma: z.number().positive().default(1),
    contrast: z.number().default(1),
    offset: z.number().default(0),
    /** Where darkness is beyond, solid ink with a brushed edge. */
    solid: z.number().default(2),
    solidEdge: z.number().min(0).default(0.1),
    /** Grain of graphite: noise of this size breaks the strokes. */
    grain: share.default(0),
  }),
  /** Tone picks from a palette from dark to light; between two entries a check pattern on the head dithers. */
  z.strictObject({
    kind: z.literal('palette'),
    palette: z.array(colorSchema).min(2),
    /** Of the check pattern, millimetres; 0: none. */
    dither: z.number().min(0).default(0),
    /** Share of a step over which the dither acts. */
    ditherWidth: share.default(0.5),
    contrast: z.number().default(1),
    offset: z.number().default(0),
    /** Share of the paint's own hue that stays. */
    paint: share.default(0),
    across: tripleSchema.optional(),
  }),
]);

export type Shading = z.output<typeof shadingSchema>;
