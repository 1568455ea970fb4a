import { AVATAR_ENTRIES } from '#common/project/avatarManifest';
import type { OpenedAvatarFile } from '#host/avatars/avatarFile';
import { writeZip } from '#host/files/zipArchive';

/** What of an avatar file may change without making the avatar anew. */
export interface ManifestChanges {
  readonly name?: string;
  /** ISO 8601, UTC. */
  readonly created?: string;
}

/** The bytes of the same avatar under other words: every entry but the manifest stays as it is. */
export async function rewriteManifest(
  { manifest, entries }: OpenedAvatarFile,
  changes: ManifestChanges,
): Promise<Uint8Array> {
  const changed = new TextEncoder().encode(JSON.stringify({ ...manifest, ...changes }, undefined, 1));
  return await writeZip([
    { name: AVATAR_ENTRIES.manifest, bytes: changed, compress: true },
    // Pictures are compressed already, as `encodeAvatarFile` knows too.
    ...[...entries].map(([name, bytes]) => ({ name, bytes, compress: !name.endsWith('.png') })),
  ]);
}
