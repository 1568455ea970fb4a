import { z } from 'zod';
import type { FoundFace } from '#common/contract/avatarResults';
import type { FileReference } from '#common/contract/api/libraryApi';
import { fileReferenceSchema } from '#common/contract/api/libraryApi';

/** A portrait before an avatar is made of it. */
export interface PortraitFacts {
  readonly name: string;
  readonly format: string;
  /** Pixels of the upright picture at its own size; `faces` and points placed by hand are in these. */
  readonly width: number;
  readonly height: number;
  /** Largest first; empty where none was found. */
  readonly faces: readonly FoundFace[];
  /** URL of an upright sRGB preview of at most 1600 pixels a side. */
  readonly previewUrl: string;
}

/** A sample portrait that ships with the studio. */
export interface SamplePortrait {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  readonly previewUrl: string;
}

export interface PortraitsApi {
  /** Decodes a picture and finds its faces. */
  'portraits.inspect': { params: { portrait: FileReference }; result: PortraitFacts };
  'portraits.samples': {
    params: Record<never, never>;
    result: { readonly samples: readonly SamplePortrait[] };
  };
}

export const PORTRAITS_PARAMS = {
  'portraits.inspect': z.strictObject({ portrait: fileReferenceSchema }),
  'portraits.samples': z.strictObject({}),
} as const satisfies { readonly [Method in keyof PortraitsApi]: z.ZodType };
