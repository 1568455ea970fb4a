import type { HeadModel, HeadPart, HeadPartName } from '#common/head/headModel';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import { eyeMaterial } from '#common/synthetic/heads/eyes/eyeMaterial';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import {
  mouthCavityMaterial,
  teethMaterial,
  tongueMaterial,
} from '#common/synthetic/heads/mouth/mouthMaterials';
import { paintSkin } from '#common/synthetic/heads/skin/paintSkin';
import { skinMaterial } from '#common/synthetic/heads/skin/skinMaterial';
import type { HeadPiece, PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import type { SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import type { ScenePart } from '#common/synthetic/scene';

const SCENE_PART_OF: Readonly<Record<HeadPartName, ScenePart>> = {
  skin: 'skin', mouthCavity: 'mouthCavity', eyeLeft: 'eye', eyeRight: 'eye', teethUpper: 'teeth', teethLower: 'teeth',
  tongue: 'tongue',
}; // prettier-ignore

export interface SkinOptions {
  /** Side of the skin's texture. */
  readonly skinSize: number;
  readonly library: SyntheticLibrary | undefined;
}

/** The parts of the head model itself. */
export function bodyPieces(
  model: HeadModel,
  geometry: AvatarGeometry,
  recipe: IdentityRecipe,
  skin: SkinOptions,
): HeadPiece[] {
  return model.parts.map((part) => ({
    name: part.name,
    part: SCENE_PART_OF[part.name],
    layer: 'solid',
    indices: model.indices
      .slice(part.firstIndex, part.firstIndex + part.indexCount)
      .map((vertex) => vertex - part.firstVertex),
    uvs: model.uvs.slice(part.firstVertex * 2, (part.firstVertex + part.vertexCount) * 2),
    canonical: model.template.slice(part.firstVertex * 3, (part.firstVertex + part.vertexCount) * 3),
    rest: geometry.positions.slice(part.firstVertex * 3, (part.firstVertex + part.vertexCount) * 3),
    follow: { kind: 'model', firstVertex: part.firstVertex },
    material: materialOf(part, model, recipe, skin),
  }));
}

function materialOf(
  part: HeadPart,
  model: HeadModel,
  recipe: IdentityRecipe,
  { skinSize, library }: SkinOptions,
): PieceMaterial {
  switch (part.name) {
    case 'skin':
      return skinMaterial(model, recipe, paintSkin(model, recipe, skinSize, library));
    case 'eyeLeft':
    case 'eyeRight':
      return eyeMaterial(model, part, recipe);
    case 'teethUpper':
    case 'teethLower':
      return teethMaterial(recipe, part.name === 'teethUpper');
    case 'tongue':
      return tongueMaterial();
    case 'mouthCavity':
      return mouthCavityMaterial();
  }
}
