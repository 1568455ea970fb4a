import { z } from 'zod';
import { colorSchema } from '#common/synthetic/domains/domainValues';

/** What stands behind a head of the domain. Colours from top to bottom or as said. */
export const backgroundSchema = z.strictObject({
  kind: z.enum([
    /** A soft gradient with a brighter middle. */
    'gradient',
    /** Grained paper. */
    'paper',
    /** Bricks with sprayed colours. */
    'bricks',
    /** A window of coloured panes. */
    'panes',
    /** A striped sun over a grid in the night. */
    'grid',
    /** Large squares: sky, hills. */
    'blocks',
    /** Soft discs of light. */
    'lights',
    /** Rays from the middle. */
    'rays',
    /** Drifting fog or smoke. */
    'smoke',
    /** Hanging cloth. */
    'curtain',
  ]),
  colors: z.array(colorSchema).min(2).max(5),
  seed: z.int().default(1),
});

export type BackgroundRecipe = z.output<typeof backgroundSchema>;
