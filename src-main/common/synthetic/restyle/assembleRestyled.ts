import type { HeadModel } from '#common/head/headModel';
import type { AvatarGeometry, AvatarPart, AvatarPartName, SparseDelta } from '#common/rig/avatarGeometry';
import type { ChartedPiece } from '#common/synthetic/restyle/chartLayout';
import { morphOfPiece, skinOfPiece } from '#common/synthetic/restyle/followMorphs';

/** Displacements of vertices that no piece of the head knows: the shell's own. */
export type ExtraMorph = (
  piece: ChartedPiece['piece'],
  morph: number,
  isCorrective: boolean,
) => Float32Array | undefined;

/**
 * Charted pieces as one avatar: vertices one piece after the other, skin weights and all morphs carried along. Surfaces
 * seen from both sides are there twice, because of all parts only the shell is drawn double-sided.
 *
 * @param rig the head in the model's topology, as the pieces are bound to it
 * @param size of the atlas, texels
 */
export function assembleRestyled(
  charted: readonly ChartedPiece[],
  rig: AvatarGeometry,
  model: HeadModel,
  { size, extraMorph }: { size: { readonly width: number; readonly height: number }; extraMorph: ExtraMorph },
): AvatarGeometry {
  const placed = placePieces(charted, model);
  const count = placed.vertexCount;
  const positions = new Float32Array(count * 3);
  const uvs = new Float32Array(count * 2);
  const skinJoints = new Uint8Array(count * 4);
  const skinWeights = new Float32Array(count * 4);
  charted.forEach(({ piece, source, texels }, index) => {
    const first = placed.firstVertices[index];
    const skin = skinOfPiece(piece, model);
    source.forEach((vertex, i) => {
      const v = first + i;
      positions.set(piece.rest.subarray(vertex * 3, vertex * 3 + 3), v * 3);
      uvs[v * 2] = texels[i * 2] / size.width;
      uvs[v * 2 + 1] = texels[i * 2 + 1] / size.height;
      skinJoints.set(skin.joints.subarray(vertex * 4, vertex * 4 + 4), v * 4);
      skinWeights.set(skin.weights.subarray(vertex * 4, vertex * 4 + 4), v * 4);
    });
  });
  const carry = (morph: SparseDelta, number: number, isCorrective: boolean): SparseDelta =>
    joinMorphs(
      charted.map(({ piece, source }) => ({
        deltas: extraMorph(piece, number, isCorrective) ?? morphOfPiece(piece, rig, morph),
        source,
      })),
      placed.firstVertices,
    );
  return {
    positions,
    uvs,
    indices: placed.indices,
    parts: placed.parts,
    joints: rig.joints,
    skinJoints,
    skinWeights,
    morphs: rig.morphs.map((morph, k) => ({ name: morph.name, ...carry(morph, k, false) })),
    correctives: rig.correctives.map((corrective, k) => ({
      name: corrective.name,
      drivers: corrective.drivers,
      ...carry(corrective, k, true),
    })),
  };
}

interface PlacedPieces {
  readonly vertexCount: number;
  readonly firstVertices: readonly number[];
  readonly indices: Uint32Array;
  readonly parts: readonly AvatarPart[];
}

/** The head's own parts and the shell keep their names, everything put on is one part. */
function partNameOf({ piece }: ChartedPiece, model: HeadModel): AvatarPartName {
  if (piece.name === 'shell') return 'shell';
  return model.parts.find(({ name }) => name === piece.name)?.name ?? 'prop';
}

function placePieces(charted: readonly ChartedPiece[], model: HeadModel): PlacedPieces {
  const indices: number[] = [];
  const parts: AvatarPart[] = [];
  const firstVertices: number[] = [];
  let vertexCount = 0;
  for (const piece of charted) {
    const name = partNameOf(piece, model);
    const firstIndex = indices.length;
    firstVertices.push(vertexCount);
    for (const vertex of piece.indices) indices.push(vertexCount + vertex);
    if (piece.piece.isDoubleSided === true && name !== 'shell') {
      for (let k = 0; k < piece.indices.length; k += 3)
        for (const c of [0, 2, 1]) indices.push(vertexCount + piece.indices[k + c]);
    }
    const last = parts.at(-1);
    if (last?.name === 'prop' && name === 'prop') {
      parts[parts.length - 1] = {
        ...last,
        indexCount: last.indexCount + indices.length - firstIndex,
        vertexCount: last.vertexCount + piece.source.length,
      };
    } else {
      parts.push({
        name,
        firstIndex,
        indexCount: indices.length - firstIndex,
        firstVertex: vertexCount,
        vertexCount: piece.source.length,
      });
    }
    vertexCount += piece.source.length;
  }
  return { vertexCount, firstVertices, indices: Uint32Array.from(indices), parts };
}

function joinMorphs(
  pieces: readonly { readonly deltas: Float32Array | undefined; readonly source: Uint32Array }[],
  firstVertices: readonly number[],
): SparseDelta {
  const vertices: number[] = [];
  const deltas: number[] = [];
  pieces.forEach(({ deltas: own, source }, index) => {
    if (!own) return;
    source.forEach((vertex, i) => {
      const k = vertex * 3;
      if (own[k] === 0 && own[k + 1] === 0 && own[k + 2] === 0) return;
      vertices.push(firstVertices[index] + i);
      deltas.push(own[k], own[k + 1], own[k + 2]);
    });
  });
  return { vertices: Uint32Array.from(vertices), deltas: Float32Array.from(deltas) };
}
