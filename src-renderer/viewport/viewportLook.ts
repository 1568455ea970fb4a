import type { ShadingMode } from '#common/raster/shading/fragmentShader';

/** What stands behind the avatar: as `AvatarBackground`, and 'transparent' is shown as a checkerboard. */
export type ViewportBackground =
  | { readonly kind: 'photo' }
  | { readonly kind: 'transparent' }
  /** sRGB bytes. */
  | { readonly kind: 'color'; readonly rgb: readonly [number, number, number] };

/** How frames look; none of it belongs to the document. */
export interface ViewportLook {
  readonly mode: ShadingMode;
  readonly background: ViewportBackground;
  /** Opacity of the source picture laid over the avatar, [0, 1]. */
  readonly overlay: number;
}

export const DEFAULT_LOOK: ViewportLook = { mode: 'textured', background: { kind: 'photo' }, overlay: 0 };

/** Behind the avatar where the artist has hidden the background: the grey of the window. */
export const PLAIN_BACKGROUND: ViewportBackground = { kind: 'color', rgb: [38, 38, 38] };

/** `transparent`, `photo` or `#rrggbb`, as the document names it. */
export function backgroundFromDocument(background: string): ViewportBackground {
  if (background === 'photo' || background === 'transparent') return { kind: background };
  const value = Number.parseInt(background.slice(1), 16);
  return { kind: 'color', rgb: [(value >> 16) & 255, (value >> 8) & 255, value & 255] };
}
