import { evaluateHead, jointPositions } from '#common/head/evaluateHead';
import type { HeadModel } from '#common/head/headModel';
import { transferRig } from '#common/rig/transferRig';
import { browPiece } from '#common/synthetic/heads/brows/browPiece';
import { bodyPieces } from '#common/synthetic/heads/bodyPieces';
import { lashPiece } from '#common/synthetic/heads/eyes/lashPiece';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { SKIN_SIZE } from '#common/synthetic/heads/skin/paintSkin';
import type { SyntheticHead } from '#common/synthetic/heads/syntheticHead';

export interface BuildOptions {
  /** Side of the skin's texture, a power of two; 512 is enough for pictures of 128 pixels. */
  readonly skinSize?: number;
}

/** Builds a person from a recipe: same recipe, same head. See README for what it costs. */
export function buildSyntheticHead(
  model: HeadModel,
  recipe: IdentityRecipe,
  { skinSize = SKIN_SIZE }: BuildOptions = {},
): SyntheticHead {
  const neutral = evaluateHead(model, recipe.shape);
  const positions = jointPositions(model, recipe.shape);
  const joints = model.joints.map((joint, j) => ({
    ...joint,
    position: [positions[j * 3], positions[j * 3 + 1], positions[j * 3 + 2]] as const,
  }));
  const geometry = transferRig(model, { neutral, joints });
  const pieces = [
    ...bodyPieces(model, geometry, recipe, skinSize),
    browPiece(model, geometry.positions, recipe),
    lashPiece(model, geometry.positions, recipe),
  ];
  return { model, recipe, geometry, pieces };
}
