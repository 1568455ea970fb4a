import { z } from 'zod';

/** Version of the recipe's meaning; a change of what a number does raises it. */
export const IDENTITY_RECIPE_VERSION = 2;

const share = z.number().min(0).max(1);
/** Linear RGB reflectance. */
const color = z.tuple([share, share, share]);

export const HAIR_STYLES = [
  'bald', 'receding', 'buzz', 'crew', 'sidePart', 'sweptBack', 'messy', 'pixie', 'bob', 'longStraight', 'wavy',
  'curly', 'afro', 'ponytail', 'bun',
] as const; // prettier-ignore
export type HairStyle = (typeof HAIR_STYLES)[number];

export const BEARD_STYLES = ['none', 'stubble', 'moustache', 'goatee', 'short', 'full'] as const;
export type BeardStyle = (typeof BEARD_STYLES)[number];

export const CLOTHES_STYLES = ['tshirt', 'vneck', 'shirt', 'hoodie', 'turtleneck', 'suit'] as const;
export type ClothesStyle = (typeof CLOTHES_STYLES)[number];

export const GLASSES_STYLES = [
  'none',
  'round',
  'rectangular',
  'wayfarer',
  'aviator',
  'rimless',
  'sun',
] as const;
export type GlassesStyle = (typeof GLASSES_STYLES)[number];

export const HAT_STYLES = ['none', 'cap', 'beanie', 'brim'] as const;
export type HatStyle = (typeof HAT_STYLES)[number];

const skinSchema = z.strictObject({
  /** 0 the fairest, 1 the darkest skin. */
  melanin: share,
  /** Blood near the surface: 0 pale, 1 ruddy. */
  redness: share,
  /** -1 pink, 1 olive. */
  undertone: z.number().min(-1).max(1),
  /** How uneven the colour is from place to place. */
  mottling: share,
  freckles: share,
  moles: z.int().min(0).max(40),
  /** 0 powder, 1 oil. */
  shine: share,
  pores: share,
  /** Seed of whose photographed skins it is mixed of (`skinMixture`); our own paint varies with it too. */
  mixture: z.int().min(0),
  /** Depth of the creases that stay in a resting face, from age. */
  creases: share,
  /** Dark rings and bags under the eyes. */
  eyeRings: share,
  /** Shadow of a shaven beard. */
  shadow: share,
  lips: z.strictObject({ fullnessTint: share, hue: z.number().min(-1).max(1) }),
  makeup: z.strictObject({
    lips: share,
    lipColor: color,
    eyeshadow: share,
    eyeshadowColor: color,
    eyeliner: share,
    blush: share,
  }),
});

const eyesSchema = z.strictObject({
  /** 0 dark brown, 0.35 brown, 0.55 hazel, 0.7 green, 0.85 blue, 1 grey. */
  iris: share,
  /** Lightness of the iris for its colour, 0.5 usual. */
  irisLight: share,
  pupil: share,
  limbalRing: share,
  scleraTint: share,
  veins: share,
  /** How far the upper lid hangs at rest, a weight of eyeBlink. */
  lidDrop: z.number().min(0).max(0.4),
  /** Width and height of the lids' opening against the head model's for this shape; 1.16 and 1.1 are usual. */
  width: z.number().min(0.9).max(1.4),
  height: z.number().min(0.7).max(1.5),
  /** Outer corner over the inner one against the head model's, radians. */
  tilt: z.number().min(-0.2).max(0.2),
});

const hairSchema = z.strictObject({
  style: z.enum(HAIR_STYLES),
  color,
  /** Share of grey strands. */
  grey: share,
  /** Multiplies the style's own length. */
  length: z.number().min(0.4).max(2),
  volume: z.number().min(0.4).max(2),
  curl: share,
  /** Where the parting is, -1 the subject's right, 1 the left temple. */
  parting: z.number().min(-1).max(1),
  /** Hair over the forehead: 0 none. */
  fringe: share,
  /** How far the hairline has gone back, 0 a child's. */
  receding: share,
  density: z.number().min(0.3).max(1),
  tousle: share,
});

/** Who a synthetic head is: plain JSON from which the same head is always built. */
export const identityRecipeSchema = z.strictObject({
  version: z.literal(IDENTITY_RECIPE_VERSION),
  /** Of everything random that the recipe does not name: strands, freckles, iris fibres. */
  seed: z.int(),
  ageYears: z.number().min(3).max(95),
  /** 0 female, 1 male. */
  masculinity: share,
  ancestry: z.strictObject({ african: share, asian: share, european: share }),
  /** The head model's identity coefficients in standard deviations, in its mode order. */
  shape: z.array(z.number().min(-4).max(4)).min(4),
  skin: skinSchema,
  eyes: eyesSchema,
  teeth: z.strictObject({ yellowness: share, brightness: share }),
  brows: z.strictObject({
    color,
    thickness: z.number().min(0.3).max(1.8),
    density: share,
    arch: z.number().min(-1).max(1),
    /** Vertical shift, metres, up. */
    lift: z.number().min(-0.006).max(0.008),
    length: z.number().min(0.7).max(1.2),
    unruly: share,
    /** Outer end over the inner one, metres, against the head model's. */
    tilt: z.number().min(-0.006).max(0.006),
    /** Breadth of the outer half against the inner one's: 0 tapers to a thread, 1 as broad. */
    taper: share,
    /** How far the inner ends lie from the middle, metres, against the head model's. */
    gap: z.number().min(-0.006).max(0.006),
  }),
  lashes: z.strictObject({ length: z.number().min(0).max(1.5), density: share }),
  hair: hairSchema,
  beard: z.strictObject({ style: z.enum(BEARD_STYLES), length: share, density: share, color }),
  clothes: z.strictObject({
    style: z.enum(CLOTHES_STYLES),
    color,
    accent: color,
    pattern: z.int().min(0).max(4),
  }),
  glasses: z.strictObject({ style: z.enum(GLASSES_STYLES), color, size: z.number().min(0.8).max(1.25) }),
  hat: z.strictObject({ style: z.enum(HAT_STYLES), color, accent: color }),
});

export type IdentityRecipe = z.infer<typeof identityRecipeSchema>;
export type SkinRecipe = IdentityRecipe['skin'];
export type EyesRecipe = IdentityRecipe['eyes'];
export type HairRecipe = IdentityRecipe['hair'];
