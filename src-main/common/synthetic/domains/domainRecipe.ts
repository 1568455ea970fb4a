import { z } from 'zod';
import { colorSchema, tripleSchema } from '#common/synthetic/domains/domainValues';
import { backgroundSchema } from '#common/synthetic/domains/background/backgroundSchema';
import { surfaceSchema } from '#common/synthetic/domains/paint/surfaceSchema';
import { propSchema } from '#common/synthetic/domains/props/propSchema';
import { warpStepSchema } from '#common/synthetic/domains/warp/warpSchema';
import { BEARD_STYLES, CLOTHES_STYLES, HAIR_STYLES } from '#common/synthetic/heads/identityRecipe';
import { SCENE_PARTS } from '#common/synthetic/scene';

export const DOMAIN_RECIPE_VERSION = 1;

const share = z.number().min(0).max(1);
const color = z.tuple([share, share, share]);

/** What a domain changes about who the head is, before it is built. */
const identitySchema = z.strictObject({
  /** Added to the head model's identity modes by name, standard deviations. */
  modes: z.record(z.string(), z.number().min(-4).max(4)).default({}),
  ageYears: z.tuple([z.number(), z.number()]).optional(),
  masculinity: z.tuple([share, share]).optional(),
  /** Spread of the shape modes, 1 as sampled; stylised faces differ less. */
  spread: z.number().min(0).max(2).default(1),
  /** Part of the resting lids' fall that stays. */
  lidDrop: share.default(1),
  hair: z
    .strictObject({
      styles: z.array(z.enum(HAIR_STYLES)).min(1).optional(),
      colors: z.array(color).min(1).optional(),
      length: z.number().min(0.4).max(2).optional(),
      volume: z.number().min(0.4).max(2).optional(),
      curl: share.optional(),
      fringe: share.optional(),
      density: z.number().min(0.3).max(1).optional(),
      tousle: share.optional(),
      receding: share.optional(),
    })
    .optional(),
  beards: z.array(z.enum(BEARD_STYLES)).min(1).optional(),
  clothes: z
    .strictObject({
      styles: z.array(z.enum(CLOTHES_STYLES)).min(1).optional(),
      colors: z.array(color).min(1).optional(),
    })
    .optional(),
  /** Glasses and hats as sampled, or none. */
  hasAccessories: z.boolean().default(false),
});

/** Light in place of (`amount`) what was sampled. Linear RGB. */
const lightSchema = z.strictObject({
  amount: share.default(1),
  key: tripleSchema,
  keyDirection: tripleSchema,
  fill: tripleSchema,
  rim: tripleSchema,
  sky: tripleSchema,
  ground: tripleSchema,
});

/** Hue in degrees to turn by, saturation and lightness to multiply with. */
const colorChangeSchema = z.strictObject({
  hue: z.number().min(-180).max(180).default(0),
  saturation: z.number().min(0).max(3).default(1),
  light: z.number().min(0).max(3).default(1),
});

export type ColorChange = z.output<typeof colorChangeSchema>;

/** How good the domain looks to its maker, by eye; notes say what a stranger misses. */
export const GRADES = ['A', 'A-', 'B+', 'B', 'B-', 'C+', 'C', 'C-', 'D'] as const;

/**
 * One look: everything that makes a head belong to a domain of the paper (supplement, tables S1 and S2), as data. Lengths
 * are millimetres of canonical space.
 */
export const domainRecipeSchema = z.strictObject({
  version: z.literal(DOMAIN_RECIPE_VERSION),
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** Shown to people; names no brand. */
  displayName: z.string().min(1).max(40),
  /** Whether the paper makes the domain with a prompt (S1), a checkpoint (S2), or trains on photographs. */
  origin: z.enum(['prompt', 'checkpoint', 'photographs']),
  /** The paper's prompt; checkpoints all share one. */
  prompt: z.string(),
  grade: z.enum(GRADES),
  note: z.string().min(1),
  identity: identitySchema.prefault({}),
  /** Share of what makes a person differ from the mean head that is left before the warps; toys are all alike. */
  individuality: share.default(1),
  warps: z.array(warpStepSchema).default([]),
  /** Scene parts that are not drawn. */
  hides: z.array(z.enum(SCENE_PARTS)).default([]),
  /** New surfaces of scene parts; parts without one keep theirs. */
  surfaces: z.partialRecord(z.enum(SCENE_PARTS), surfaceSchema).default({}),
  props: z.array(propSchema).default([]),
  /** Changes of all paint on a part from which each person has one; brows and beards go with the hair. */
  variety: z.partialRecord(z.enum(SCENE_PARTS), z.array(colorChangeSchema).min(1)).default({}),
  /** Ink around every silhouette: shells turned inside out, so they belong to the geometry. */
  outline: z
    .strictObject({
      width: z.number().positive(),
      color: colorSchema,
      parts: z.array(z.enum(SCENE_PARTS)).min(1),
      /** Share by which the width wanders along the contour. */
      uneven: share.default(0),
    })
    .optional(),
  /** Rebuilds every surface of cubes of this size. */
  blocks: z.strictObject({ size: z.number().min(3).max(20) }).optional(),
  light: lightSchema.optional(),
  background: backgroundSchema.optional(),
});

export type DomainRecipe = z.output<typeof domainRecipeSchema>;
