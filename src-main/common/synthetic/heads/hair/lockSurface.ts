import type { LockMaterialOptions } from '#common/synthetic/heads/hair/lockMaterial';
import { lockMaterial } from '#common/synthetic/heads/hair/lockMaterial';
import type { LockMesh } from '#common/synthetic/heads/hair/lockMesh';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';

/** What hair and beard have in common once their locks are grown: everything but where they are and what they follow. */
export function lockSurface(
  mesh: LockMesh,
  look: Pick<LockMaterialOptions, 'color' | 'shine' | 'isSolid' | 'texelSide'>,
): Pick<HeadPiece, 'layer' | 'isDoubleSided' | 'indices' | 'uvs' | 'material'> {
  return {
    layer: look.isSolid ? 'solid' : 'blended',
    isDoubleSided: true,
    indices: Uint32Array.from(mesh.indices),
    uvs: Float32Array.from(mesh.uvs),
    material: lockMaterial({
      ...look,
      tangents: Float32Array.from(mesh.tangents),
      normals: Float32Array.from(mesh.normals),
      tints: Float32Array.from(mesh.tints),
      covers: Float32Array.from(mesh.covers),
    }),
  };
}
