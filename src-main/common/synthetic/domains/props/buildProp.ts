import { assertNever, invariant } from '#common/contract/errors';
import { hairLocks } from '#common/synthetic/domains/hair/hairLocks';
import { hairVolume } from '#common/synthetic/domains/hair/hairVolume';
import type { SkullMap } from '#common/synthetic/domains/hair/skullMap';
import { facingOut, mirrorMesh, type PropMesh } from '#common/synthetic/domains/props/propMesh';
import type { PropRecipe } from '#common/synthetic/domains/props/propSchema';
import { tubeMesh } from '#common/synthetic/domains/props/tubeMesh';
import { ellipsoidMesh, latheMesh } from '#common/synthetic/domains/props/turnedMesh';

/** A prop on the warped mean head. */
export interface BuiltProp {
  readonly name: string;
  readonly mesh: PropMesh;
}

/** The meshes of a prop: one, or one a side. Patches are cut from the skin elsewhere. */
export function buildProp(prop: Exclude<PropRecipe, { kind: 'patch' }>, skull: () => SkullMap): BuiltProp[] {
  const mesh = meshOf(prop, skull);
  invariant(mesh.indices.length > 0, `prop ${prop.name} has triangles`);
  if (!prop.isMirrored) return [{ name: prop.name, mesh }];
  return [
    { name: `${prop.name}Left`, mesh },
    { name: `${prop.name}Right`, mesh: mirrorMesh(mesh) },
  ];
}

function meshOf(prop: Exclude<PropRecipe, { kind: 'patch' }>, skull: () => SkullMap): PropMesh {
  switch (prop.kind) {
    case 'tube':
      return tubeMesh(prop);
    case 'ellipsoid':
      return ellipsoidMesh(prop);
    case 'lathe':
      return latheMesh(prop);
    case 'hair':
      return hairVolume(prop, skull());
    case 'locks':
      return facingOut(hairLocks(prop, skull()));
    default:
      return assertNever(prop, 'prop');
  }
}
