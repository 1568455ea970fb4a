import type { HeadModel } from '#common/head/headModel';
import { faceFieldsOf, type FaceFields } from '#common/synthetic/domains/canonical/faceFields';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import { createLookMaterial, evenlyLit } from '#common/synthetic/domains/paint/lookMaterial';
import type { SurfaceLook } from '#common/synthetic/domains/paint/surfaceSchema';
import { buildProp } from '#common/synthetic/domains/props/buildProp';
import { cutPatch } from '#common/synthetic/domains/props/patchPieces';
import type { PropMesh } from '#common/synthetic/domains/props/propMesh';
import type { PropOf, PropRecipe } from '#common/synthetic/domains/props/propSchema';
import { blockPieces } from '#common/synthetic/domains/rig/blockPieces';
import { bindToVertices, ownTriangles } from '#common/synthetic/domains/rig/headSurface';
import { NearestSkin } from '#common/synthetic/domains/rig/nearestSkin';
import { outlinePieces } from '#common/synthetic/domains/rig/outlinePieces';
import { warpHead } from '#common/synthetic/domains/rig/warpHead';
import { SkullMap } from '#common/synthetic/domains/hair/skullMap';
import { varyRecipe } from '#common/synthetic/domains/varyRecipe';
import { createCanonicalWarp } from '#common/synthetic/domains/warp/canonicalWarp';
import { wholeHeadShares } from '#common/synthetic/heads/bind/carryByJoints';
import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import type { HeadPiece, PieceFollow, SyntheticHead } from '#common/synthetic/heads/syntheticHead';
import { vertexNormals, weldByPosition } from '#common/raster/shading/vertexNormals';

/**
 * A head in a domain's look: warped proportions, props, new surfaces, outlines or cubes, all bound to the same rig, so
 * that expressions and poses mean what they meant. Pure and deterministic; the given head is not changed and shares its
 * arrays with the result. 50 to 300 ms, most of it for props.
 *
 * Identities should be brought into the domain before they are built: see `adaptIdentity`.
 */
export function applyDomain(head: SyntheticHead, domain: DomainRecipe): SyntheticHead {
  const { model } = head;
  const recipe = varyRecipe(domain, head.recipe.seed);
  const fields = faceFieldsOf(model);
  const {
    head: warped,
    warpedMean,
    wornMean,
  } = warpHead(
    head,
    createCanonicalWarp(recipe.warps),
    createCanonicalWarp(recipe.warps.filter(({ kind }) => kind !== 'ears' && kind !== 'noEars')),
    recipe.individuality,
  );
  const surface = warped.geometry.positions;
  const worn = warped.pieces.filter((piece) => !recipe.hides.includes(piece.part));
  const restyled = worn.map((piece) => withSurface(piece, recipe.surfaces[piece.part], fields));
  const props = propPieces(recipe.props, { model, fields, surface, warpedMean, wornMean });
  let pieces: HeadPiece[] = [...restyled, ...props];
  if (recipe.blocks) pieces = blockPieces(pieces, recipe.blocks.size, model, surface);
  if (recipe.outline) pieces = [...pieces, ...outlinePieces(pieces, recipe.outline, model, surface)];
  return { ...warped, pieces };
}

function withSurface(piece: HeadPiece, look: SurfaceLook | undefined, fields: FaceFields): HeadPiece {
  if (look === undefined) return piece;
  const original = piece.material;
  const keepsCoverage = piece.layer === 'blended';
  return {
    ...piece,
    material: (state) => createLookMaterial(look, fields, evenlyLit(original(state)), keepsCoverage),
  };
}

interface Wearer {
  readonly model: HeadModel;
  readonly fields: FaceFields;
  /** The person's vertices at rest, warped. */
  readonly surface: Float32Array;
  readonly warpedMean: Float32Array;
  /** The mean head that hair is laid on. */
  readonly wornMean: Float32Array;
}

function propPieces(props: readonly PropRecipe[], wearer: Wearer): HeadPiece[] {
  if (props.length === 0) return [];
  const skin = new NearestSkin(wearer.model, wearer.warpedMean);
  let map: SkullMap | undefined;
  const skull = (): SkullMap => (map ??= new SkullMap(wearer.model, wearer.wornMean));
  return props.flatMap((prop) => {
    if (prop.kind === 'patch') return [patchPiece(prop, wearer)];
    return buildProp(prop, skull).map(({ name, mesh }) => propPiece(name, prop, mesh, { wearer, skin }));
  });
}

function propPiece(
  name: string,
  prop: PropRecipe,
  mesh: PropMesh,
  { wearer, skin }: { wearer: Wearer; skin: NearestSkin },
): HeadPiece {
  const { positions } = mesh;
  const carried = skin.carry(positions, wearer.surface);
  const rest = positions.map((value, k) => value + carried[k]);
  return {
    ...describe(name, prop, wearer.fields),
    indices: mesh.indices,
    uvs: mesh.uvs,
    canonical: positions,
    rest,
    follow: followOf(prop, rest, { wearer, skin, mean: positions }),
  };
}

function describe(
  name: string,
  { part, isDoubleSided, surface: look }: PropRecipe,
  fields: FaceFields,
): Pick<HeadPiece, 'name' | 'part' | 'layer' | 'isDoubleSided' | 'material'> {
  const material = createLookMaterial(look, fields, undefined, false);
  return { name, part, layer: 'solid', isDoubleSided, material: () => material };
}

function followOf(
  prop: PropRecipe,
  rest: Float32Array,
  { wearer, skin, mean }: { wearer: Wearer; skin: NearestSkin; mean: Float32Array },
): PieceFollow {
  const count = rest.length / 3;
  switch (prop.follow) {
    case 'head':
      return { kind: 'joints', shares: wholeHeadShares(count) };
    case 'shoulders':
      return {
        kind: 'joints',
        shares: Float32Array.from({ length: count * 3 }, (_, k) => (k % 3 === 0 ? 1 : 0)),
      };
    case 'skin': {
      const anchors = prop.anchor ? skin.oneAnchor(prop.anchor, count) : skin.anchors(mean);
      return { kind: 'surface', binding: bindToSurface(rest, anchors, wearer.surface) };
    }
  }
}

function patchPiece(prop: PropOf<'patch'>, { model, fields, surface }: Wearer): HeadPiece {
  const patch = cutPatch(prop, model, fields);
  const part = model.parts[0];
  const skin = surface.subarray(0, (part.firstVertex + part.vertexCount) * 3);
  const normals = vertexNormals({
    positions: skin,
    indices: model.indices.subarray(part.firstIndex, part.firstIndex + part.indexCount),
    weld: weldByPosition(skin),
  });
  const rest = new Float32Array(patch.vertices.length * 3);
  patch.vertices.forEach((v, i) => {
    for (let c = 0; c < 3; c++) rest[i * 3 + c] = surface[v * 3 + c] + normals[v * 3 + c] * patch.lift[i];
  });
  return {
    ...describe(prop.name, prop, fields),
    // Opacity cuts the border, which solid surfaces do not do.
    layer: 'blended',
    indices: patch.indices,
    uvs: patch.uvs,
    canonical: patch.canonical,
    rest,
    follow: { kind: 'surface', binding: bindToVertices(rest, patch.vertices, ownTriangles(model), surface) },
  };
}
