import { z } from 'zod';

/** Third-party material a set may be made with; `none` is all our own. */
export const LIBRARY_NAMES = ['none', 'makehuman'] as const;
export const libraryNameSchema = z.enum(LIBRARY_NAMES, { error: `must be ${LIBRARY_NAMES.join(' or ')}` });
export type LibraryName = z.output<typeof libraryNameSchema>;

/** What `synth` takes when it is not told. */
export const DEFAULT_LIBRARY: LibraryName = 'none';

/**
 * Photographed skins and modelled hair that people are mixed from when a library is given. Immutable and the same bytes
 * for everyone, so a set depends on its recipe alone.
 */
export interface SyntheticLibrary {
  readonly name: Exclude<LibraryName, 'none'>;
  readonly skins: readonly PhotoSkin[];
  /**
   * Where each corner of the head model's skin triangles lies in the textures of `skins`: u, v (down) in [0, 1], six
   * numbers a triangle, in the order of the part's indices. NaN where the source has no such triangle.
   */
  readonly skinCorners: Float32Array;
  readonly hair: readonly LibraryHair[];
}

/** One person's skin, photographed. */
export interface PhotoSkin {
  readonly name: string;
  /** About 22, 48 or 72. */
  readonly ageYears: number;
  readonly isMale: boolean;
  readonly ancestry: 'african' | 'asian' | 'european';
  readonly texture: LibraryTexture;
}

/** 8-bit sRGB, rows top to bottom. */
export interface LibraryTexture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: Uint8Array;
}

/** A hair style as it lies on the mean head (`HeadModel.template`): cards with a texture of strands. */
export interface LibraryHair {
  readonly name: LibraryHairName;
  /** Vertices * 3, metres, model space. Split where the texture's charts meet. */
  readonly positions: Float32Array;
  /** Vertices * 2, v down. */
  readonly uvs: Float32Array;
  /** Triangles. Seen from both sides. */
  readonly indices: Uint32Array;
  /** RGBA; alpha is coverage by strands. */
  readonly texture: LibraryTexture;
}

export const LIBRARY_HAIR = [
  'afro01', 'bob01', 'bob02', 'braid01', 'long01', 'ponytail01', 'short01', 'short02', 'short03', 'short04',
] as const; // prettier-ignore
export type LibraryHairName = (typeof LIBRARY_HAIR)[number];
