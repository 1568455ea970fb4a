import { earRegionTriangles } from '#common/synthetic/restyle/earTriangles';
import type { HeadModel, HeadPartName } from '#common/head/headModel';
import type { Avatar } from '#common/rig/avatar';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import type { AvatarTopology } from '#common/synthetic/restyle/avatarTopology';
import { measureColors, type PersonColors } from '#common/synthetic/restyle/personColors';
import { personHead } from '#common/synthetic/restyle/personHead';
import { photoMaterial, photoSkin } from '#common/synthetic/restyle/photoMaterials';
import { clothesOf, shellCanonical, shellPiece, wearerIdentity } from '#common/synthetic/restyle/wornPieces';
import type { ScenePart } from '#common/synthetic/scene';

/** A fitted person as a head that a recipe can be applied to. */
export interface WornHead {
  readonly geometry: AvatarGeometry;
  readonly pieces: readonly HeadPiece[];
  readonly identity: IdentityRecipe;
  readonly colors: PersonColors;
  /** A channel's displacements of the shell, three floats a vertex of it. */
  readonly shellMorph: (morph: number, isCorrective: boolean) => Float32Array | undefined;
}

const SCENE_PART_OF: Readonly<Record<HeadPartName, ScenePart>> = {
  skin: 'skin', mouthCavity: 'mouthCavity', eyeLeft: 'eye', eyeRight: 'eye', teethUpper: 'teeth', teethLower: 'teeth',
  tongue: 'tongue',
}; // prettier-ignore

/**
 * The person's head with what it wears. Where the recipe leaves hair alone, the portrait's shell is worn and the head is
 * the face alone; otherwise the whole head is there, with cloth over its shoulders.
 */
export function wearPieces(
  avatar: Avatar,
  model: HeadModel,
  topology: AvatarTopology,
  recipe: DomainRecipe,
): WornHead {
  const plain = personHead(avatar, model, topology, {});
  const hasModes = Object.values(recipe.identity.modes).some((amount) => amount !== 0);
  const geometry = hasModes ? personHead(avatar, model, topology, recipe.identity.modes) : plain;
  const { shell } = topology;
  const canonical = shell
    ? shellCanonical(avatar.geometry, shell, model, plain.positions)
    : new Float32Array(0);
  const colors = measureColors(avatar, model, topology, canonical);
  const identity = wearerIdentity(recipe, model, colors);
  const keepsShell = shell !== undefined && !recipe.hides.includes('hair');
  const body = bodyOf(avatar, model, geometry, { topology, recipe, colors, isWhole: !keepsShell });
  const pieces = keepsShell
    ? [...body, shellPiece(avatar, shell, canonical, recipe.surfaces.hair === undefined)]
    : [...body, ...clothesOf(model, geometry, identity)];
  return { geometry, pieces, identity, colors, shellMorph: shellMorphs(avatar.geometry, topology) };
}

interface Wearing {
  readonly topology: AvatarTopology;
  readonly recipe: DomainRecipe;
  readonly colors: PersonColors;
  readonly isWhole: boolean;
}

function bodyOf(
  { atlas }: Avatar,
  model: HeadModel,
  { positions }: AvatarGeometry,
  { topology, recipe, colors, isWhole }: Wearing,
): HeadPiece[] {
  const hasEars = recipe.warps.some(({ kind }) => kind === 'ears');
  return model.parts.map((part, index) => {
    const scenePart = SCENE_PART_OF[part.name];
    const isShown = recipe.surfaces[scenePart] === undefined;
    const isSkin = part.name === 'skin';
    const material =
      isSkin && isWhole
        ? photoSkin(atlas, model, topology.avatarVertex, colors.skin, isShown)
        : photoMaterial(atlas, (u) => u * 0.5, isShown);
    const kept = topology.keptTriangles[index];
    const triangles = isWhole
      ? model.indices.subarray(part.firstIndex, part.firstIndex + part.indexCount)
      : isSkin && hasEars
        ? Uint32Array.from([...kept, ...earRegionTriangles(model, topology)])
        : kept;
    return {
      name: part.name,
      part: scenePart,
      layer: 'solid',
      indices: triangles.map((vertex) => vertex - part.firstVertex),
      uvs: model.uvs.slice(part.firstVertex * 2, (part.firstVertex + part.vertexCount) * 2),
      canonical: model.template.slice(part.firstVertex * 3, (part.firstVertex + part.vertexCount) * 3),
      rest: positions.slice(part.firstVertex * 3, (part.firstVertex + part.vertexCount) * 3),
      follow: { kind: 'model', firstVertex: part.firstVertex },
      material: () => material,
    };
  });
}

function shellMorphs(geometry: AvatarGeometry, { shell }: AvatarTopology): WornHead['shellMorph'] {
  return (morph, isCorrective) => {
    if (!shell) return undefined;
    const { vertices, deltas } = (isCorrective ? geometry.correctives : geometry.morphs)[morph];
    const out = new Float32Array(shell.vertexCount * 3);
    vertices.forEach((vertex, i) => {
      const own = vertex - shell.firstVertex;
      if (own >= 0 && own < shell.vertexCount) out.set(deltas.subarray(i * 3, i * 3 + 3), own * 3);
    });
    return out;
  };
}
