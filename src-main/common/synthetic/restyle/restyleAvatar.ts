import type { WorkContext } from '#common/contract/progress';
import type { HeadModel } from '#common/head/headModel';
import { createRgbaImage } from '#common/image/rasterImage';
import type { Avatar } from '#common/rig/avatar';
import { applyDomain } from '#common/synthetic/domains/applyDomain';
import { domainLight } from '#common/synthetic/domains/domainLight';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import type { HeadPiece, SyntheticHead } from '#common/synthetic/heads/syntheticHead';
import { PreparedGeometry } from '#common/synthetic/render/geometry/PreparedGeometry';
import { assembleRestyled } from '#common/synthetic/restyle/assembleRestyled';
import { matchTopology } from '#common/synthetic/restyle/avatarTopology';
import { bakeAtlas, restMaterial, type BakePiece } from '#common/synthetic/restyle/bakeAtlas';
import type { ChartedPiece } from '#common/synthetic/restyle/chartLayout';
import { lookForPerson } from '#common/synthetic/restyle/lookForPerson';
import { placeCharts } from '#common/synthetic/restyle/placeCharts';
import { shellMixture } from '#common/synthetic/restyle/shellMixture';
import { wearPieces } from '#common/synthetic/restyle/wearPieces';
import type { LightRig, SceneMesh } from '#common/synthetic/scene';
import { norm3 } from '#common/math/portableMath';

/** An avatar in a look, and what of the look an avatar cannot carry. */
export interface RestyledAvatar {
  readonly avatar: Avatar;
  /** Sentences for people; empty where all is there. */
  readonly omitted: readonly string[];
}

/** A large window from above, as portraits are lit: bright enough that white paint is shown white. */
const STUDIO_LIGHT: LightRig = {
  key: { direction: unit(0.35, 0.6, 0.72), color: [1.25, 1.22, 1.18], softness: 0.9 },
  fill: { direction: unit(-0.6, 0.15, 0.75), color: [0.36, 0.37, 0.4] },
  rim: { direction: unit(-0.4, 0.5, -0.75), color: [0.35, 0.36, 0.4] },
  sky: [0.55, 0.56, 0.6],
  ground: [0.32, 0.3, 0.28],
};

/** Directions in which each vertex looks for what shades it. */
const OCCLUSION_DIRECTIONS = 128;

/**
 * A fitted avatar in a domain's procedural look: its head rebuilt in full from the fit, taken through the same recipe as
 * synthetic heads (`applyDomain`), and baked back into one unlit atlas. Hair and clothes of the portrait stay where the
 * recipe leaves hair alone; otherwise the recipe's own take their place. Channels, joints and pose mean what they meant;
 * source picture and camera are the portrait's. Pure and deterministic; 3.5 to 7.5 s.
 *
 * @throws AppError `input.badOption` for avatars whose mesh is not a fitted head's; `job.cancelled`
 */
export function restyleAvatar(
  avatar: Avatar,
  model: HeadModel,
  recipe: DomainRecipe,
  context: WorkContext = {},
): RestyledAvatar {
  const topology = matchTopology(avatar.geometry, model);
  if (isPlain(recipe)) return { avatar, omitted: [] };
  context.onProgress?.({ stage: 'restyle', fraction: 0 });
  const worn = wearPieces(avatar, model, topology, recipe);
  const look = lookForPerson(recipe, worn.colors);
  const head: SyntheticHead = { model, recipe: worn.identity, geometry: worn.geometry, pieces: worn.pieces };
  const styled = applyDomain(head, look);
  const shell = shellMixture(look, model, avatar.atlas, worn.colors);
  // The shell's hair, skin and cloth are each in their own surface.
  const pieces = styled.pieces.map((piece) =>
    piece.name === 'shell' ? { ...piece, material: shell } : piece,
  );
  const { width, height } = avatar.atlas;
  const charted = placeCharts(pieces, { width, height }, model, look);
  const atlas = { ...createRgbaImage(width, height), data: avatar.atlas.data.slice() };
  bakeAtlas(atlas, bakePieces(charted, pieces), domainLight(STUDIO_LIGHT, look), context);
  const geometry = assembleRestyled(charted, styled.geometry, model, {
    size: atlas,
    extraMorph: (piece, morph, isCorrective) =>
      piece.name === 'shell' ? worn.shellMorph(morph, isCorrective) : undefined,
  });
  return { avatar: { ...avatar, geometry, atlas }, omitted: omissions(recipe) };
}

/** Realistic: what a portrait is anyway. */
function isPlain({ surfaces, props, warps, blocks, outline }: DomainRecipe): boolean {
  return Object.keys(surfaces).length + props.length + warps.length === 0 && !blocks && !outline;
}

function bakePieces(charted: readonly ChartedPiece[], pieces: readonly HeadPiece[]): BakePiece[] {
  const meshes = charted.map(({ piece }): SceneMesh => ({
    part: piece.part,
    positions: piece.rest,
    indices: piece.indices,
    uvs: piece.uvs,
    canonical: piece.canonical,
    material: restMaterial(piece),
    layer: piece.layer,
    ...(piece.isDoubleSided !== undefined && { isDoubleSided: piece.isDoubleSided }),
    ...(piece.castsShadow !== undefined && { castsShadow: piece.castsShadow }),
  }));
  const prepared = new PreparedGeometry(OCCLUSION_DIRECTIONS).prepare(meshes);
  const skin = pieces.find(({ name }) => name === 'skin');
  return charted.map((chart, index) => ({
    charted: chart,
    prepared: prepared[index],
    material: meshes[index].material,
    ...(chart.piece.layer === 'blended' && skin && { below: restMaterial(skin) }),
  }));
}

function omissions({ background }: DomainRecipe): string[] {
  const omitted = ['Light does not move with the head: shade and highlights are painted on.'];
  if (background) omitted.push('The look’s own background; the avatar keeps the portrait’s.');
  return omitted;
}

function unit(x: number, y: number, z: number): readonly [number, number, number] {
  const length = norm3(x, y, z);
  return [x / length, y / length, z / length];
}
