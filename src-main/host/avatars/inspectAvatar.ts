import type { InspectAvatarResult } from '#common/contract/avatarResults';
import { openAvatarFile } from '#host/avatars/avatarFile';

/** What an avatar file says of itself, after every checksum was compared. Errors as `openAvatarFile`. */
export async function inspectAvatar(path: string): Promise<InspectAvatarResult> {
  const { manifest, storedFormatVersion, entries, bytes } = await openAvatarFile(path);
  const { geometry } = manifest;
  return {
    name: manifest.name,
    formatVersion: manifest.formatVersion,
    storedFormatVersion,
    appVersion: manifest.appVersion,
    created: manifest.created,
    bytes,
    entries: [...entries].map(([name, entry]) => ({ name, bytes: entry.length })),
    geometry: {
      vertices: geometry.vertexCount,
      triangles: geometry.indexCount / 3,
      morphs: geometry.morphs.length,
      correctives: geometry.correctives.length,
      parts: geometry.parts.map((part) => ({
        name: part.name,
        vertices: part.vertexCount,
        triangles: part.indexCount / 3,
      })),
      joints: geometry.joints.map((joint) => joint.name),
    },
    atlas: manifest.atlas,
    crop: manifest.crop,
    fitResidual: manifest.fit.residual,
    headModelVersion: manifest.fit.headModelVersion,
    sourceSha256: manifest.source.sha256,
    rightsNote: manifest.rights.note,
  };
}
