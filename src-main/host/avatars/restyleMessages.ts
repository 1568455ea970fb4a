import type { WireError } from '#common/contract/wire';
import type { RgbaImage } from '#common/image/rasterImage';
import type { Avatar } from '#common/rig/avatar';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import type { RestyledAvatar } from '#common/synthetic/restyle/restyleAvatar';

/** What the restyle thread is started with: one call, then it ends. */
export interface RestyleCall {
  readonly avatar: Avatar;
  readonly recipe: DomainRecipe;
  readonly headModelPath: string;
}

export interface RestyleResult extends RestyledAvatar {
  /** 256 pixels, frontal, transparent. */
  readonly thumbnail: RgbaImage;
}

export type RestyleAnswer =
  | { readonly kind: 'progress'; readonly stage: string; readonly fraction: number }
  | { readonly kind: 'done'; readonly result: RestyleResult }
  | { readonly kind: 'failed'; readonly error: WireError };
