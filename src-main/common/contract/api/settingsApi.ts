import { z } from 'zod';

/**
 * What the studio remembers between runs and undo never touches. Unknown members are dropped, missing or bad
 * ones get their default, so that an older or damaged settings file never keeps the studio from starting.
 */
export const studioSettingsSchema = z.object({
  /** Sliders of paired channels move together. */
  linkLeftRight: z.boolean().catch(true),
  viewport: z
    .object({
      mode: z.enum(['textured', 'shaded', 'wireframe', 'normals', 'depth', 'uv']).catch('textured'),
      isBackgroundVisible: z.boolean().catch(true),
      /** Opacity of the source picture over the avatar, [0, 1]. */
      overlay: z.number().min(0).max(1).catch(0),
      isSafeConeVisible: z.boolean().catch(false),
    })
    .catch({ mode: 'textured', isBackgroundVisible: true, overlay: 0, isSafeConeVisible: false }),
  /** Widths of the side panels, CSS pixels. */
  panels: z
    .object({ left: z.number().min(180).max(640).catch(280), right: z.number().min(240).max(720).catch(340) })
    .catch({ left: 280, right: 340 }),
  /** Folder of the last open and save dialogs. */
  lastDirectory: z.string().optional().catch(undefined),
  exportFolder: z.string().optional().catch(undefined),
});

export type StudioSettings = z.output<typeof studioSettingsSchema>;

export const DEFAULT_SETTINGS: StudioSettings = studioSettingsSchema.parse({
  linkLeftRight: true,
  viewport: undefined,
  panels: undefined,
});

export interface SettingsApi {
  'settings.get': { params: Record<never, never>; result: { readonly settings: StudioSettings } };
  /** Replaces the members given and returns all. */
  'settings.update': {
    params: { changes: Partial<StudioSettings> };
    result: { readonly settings: StudioSettings };
  };
}

export const SETTINGS_PARAMS = {
  'settings.get': z.strictObject({}),
  'settings.update': z.strictObject({ changes: studioSettingsSchema.partial() }),
} as const satisfies { readonly [Method in keyof SettingsApi]: z.ZodType };
