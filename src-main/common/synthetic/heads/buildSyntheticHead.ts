import { evaluateHead, jointPositions } from '#common/head/evaluateHead';
import type { HeadModel } from '#common/head/headModel';
import { transferRig } from '#common/rig/transferRig';
import { browPiece } from '#common/synthetic/heads/brows/browPiece';
import { bodyPieces } from '#common/synthetic/heads/bodyPieces';
import { lashPiece } from '#common/synthetic/heads/eyes/lashPiece';
import { shapeLids } from '#common/synthetic/heads/eyes/shapeLids';
import { glassesPieces } from '#common/synthetic/heads/accessories/glassesPieces';
import { hatPieces } from '#common/synthetic/heads/accessories/hatPieces';
import { beardPieces } from '#common/synthetic/heads/beard/beardPieces';
import { clothesPieces } from '#common/synthetic/heads/garments/clothesPieces';
import { hairPieces } from '#common/synthetic/heads/hair/hairPieces';
import { headHull } from '#common/synthetic/heads/hair/headHull';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { shapeDentition } from '#common/synthetic/heads/mouth/dentition';
import { addSmileFlesh } from '#common/synthetic/heads/mouth/smileFlesh';
import { thinLips } from '#common/synthetic/heads/mouth/thinLips';
import { SKIN_SIZE } from '#common/synthetic/heads/skin/paintSkin';
import type { SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import type { SyntheticHead } from '#common/synthetic/heads/syntheticHead';

export interface BuildOptions {
  /** Side of the skin's texture, a power of two; 512 is enough for pictures of 128 pixels. */
  readonly skinSize?: number;
  /** Photographed skins and modelled hair to mix the person from; without it all is our own. */
  readonly library?: SyntheticLibrary | undefined;
}

/** Builds a person from a recipe: same recipe, same head. See README for what it costs. */
export function buildSyntheticHead(
  model: HeadModel,
  recipe: IdentityRecipe,
  { skinSize = SKIN_SIZE, library }: BuildOptions = {},
): SyntheticHead {
  const neutral = evaluateHead(model, recipe.shape);
  shapeDentition(model, neutral);
  const positions = jointPositions(model, recipe.shape);
  shapeLids(model, neutral, positions, recipe.eyes);
  const joints = model.joints.map((joint, j) => ({
    ...joint,
    position: [positions[j * 3], positions[j * 3 + 1], positions[j * 3 + 2]] as const,
  }));
  const geometry = addSmileFlesh(model, transferRig(model, { neutral, joints }));
  thinLips(model, geometry.positions);
  const ground = { model, neutral: geometry.positions, hull: headHull(model, geometry.positions) };
  const pieces = [
    ...bodyPieces(model, geometry, recipe, { skinSize, library }),
    browPiece(model, geometry.positions, recipe),
    lashPiece(model, geometry.positions, recipe),
    ...hairPieces(ground, recipe, library),
    ...beardPieces(ground, recipe),
    ...clothesPieces(ground, recipe),
    ...glassesPieces(ground, recipe),
    ...hatPieces(ground, recipe),
  ];
  return { model, recipe, geometry, pieces };
}
