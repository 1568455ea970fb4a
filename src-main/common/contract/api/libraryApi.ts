import { z } from 'zod';
import type { InspectAvatarResult, LookFacts, ProceduralLook } from '#common/contract/avatarResults';
import type { StartedJob } from '#common/contract/jobs';

declare const avatarIdBrand: unique symbol;

/** Names one avatar of the library: a random id, part of its URL, never a path. */
export type AvatarId = string & { readonly [avatarIdBrand]: true };

export const avatarIdSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, 'is no avatar id')
  .transform((value) => value as AvatarId);

/** One avatar of the gallery. */
export interface LibraryAvatar {
  readonly avatarId: AvatarId;
  readonly name: string;
  /** ISO 8601. */
  readonly created: string;
  readonly bytes: number;
  /** Base URL of its files: append an entry name of AVATAR_ENTRIES, e.g. `thumbnail.png`. */
  readonly url: string;
  /** Present where the file cannot be used: why, in one sentence. */
  readonly problem?: string;
}

/** A look to choose. */
export interface LookListing extends LookFacts {
  /** URL of a small picture. */
  readonly thumbnail: string;
}

export interface RestyleAvatarResult {
  /** The new avatar of the library. */
  readonly avatarId: AvatarId;
  readonly name: string;
  readonly look: ProceduralLook;
}

/** After so many days in the trash an avatar is removed for good. */
export const TRASH_DAYS = 30;

export interface LibraryApi {
  /** Newest first. */
  'library.list': { params: Record<never, never>; result: { readonly avatars: readonly LibraryAvatar[] } };
  'library.rename': {
    params: { avatarId: AvatarId; name: string };
    result: { readonly avatar: LibraryAvatar };
  };
  'library.duplicate': { params: { avatarId: AvatarId }; result: { readonly avatar: LibraryAvatar } };
  /** Moves the avatar to the library's trash; `library.restore` brings it back for `TRASH_DAYS`. Projects keep their own copy. */
  'library.trash': { params: { avatarId: AvatarId }; result: Record<never, never> };
  'library.restore': { params: { avatarId: AvatarId }; result: { readonly avatar: LibraryAvatar } };
  /** Takes a copy of an avatar file into the library. */
  'library.import': { params: { file: FileReference }; result: { readonly avatar: LibraryAvatar } };
  'library.inspect': { params: { avatarId: AvatarId }; result: InspectAvatarResult };
  /** The procedural looks, by name. */
  'library.looks': { params: Record<never, never>; result: { readonly looks: readonly LookListing[] } };
  /** Makes a second avatar, "<name> · <look>"; the first stays as it is. */
  'library.restyle': {
    params: { avatarId: AvatarId; domain: string };
    result: StartedJob<'restyleAvatar'>;
  };
}

const fileReferenceSchema = z.union([
  z.strictObject({ path: z.string().min(1, 'must name a file') }),
  z.strictObject({ uploadId: z.string().regex(/^[a-z0-9-]{1,64}$/, 'is no upload') }),
]);

/** A file of the host's machine, or bytes the page has sent to `/uploads`. */
export type FileReference = z.output<typeof fileReferenceSchema>;
export { fileReferenceSchema };

export const avatarNameSchema = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[^/\\:*?"<>|\p{Cc}]+$/u, 'must work as a file name');

export const LIBRARY_PARAMS = {
  'library.list': z.strictObject({}),
  'library.rename': z.strictObject({ avatarId: avatarIdSchema, name: avatarNameSchema }),
  'library.duplicate': z.strictObject({ avatarId: avatarIdSchema }),
  'library.trash': z.strictObject({ avatarId: avatarIdSchema }),
  'library.restore': z.strictObject({ avatarId: avatarIdSchema }),
  'library.import': z.strictObject({ file: fileReferenceSchema }),
  'library.inspect': z.strictObject({ avatarId: avatarIdSchema }),
  'library.looks': z.strictObject({}),
  'library.restyle': z.strictObject({
    avatarId: avatarIdSchema,
    domain: z.string().min(1, 'must name a look'),
  }),
} as const satisfies { readonly [Method in keyof LibraryApi]: z.ZodType };
