import type { HeadPart } from '#common/head/headModel';

import { ATLAS, texelGain } from './atlasLayout';
import { eyeballPart } from './eyeballPart';
import type { LayoutPart } from './layoutPart';
import { skinParts, tonguePart, type SkinLayoutPart } from './skinPart';
import { SOURCE_VERTICES, type SourceMesh } from './sourceMesh';
import { teethPart } from './teethPart';

/** All parts joined: the model's vertex and triangle order. */
export interface HeadLayout {
  readonly vertexCount: number;
  readonly parts: readonly (HeadPart & { readonly layout: LayoutPart })[];
  readonly indices: Uint32Array;
  readonly uvs: Float32Array;
  readonly weld: Uint32Array;
  readonly mirrorVertex: Uint32Array;
  /** Source vertex behind each output vertex of skin, mouth cavity and tongue; -1 elsewhere. */
  readonly sourceOf: Int32Array;
  /** SKIN_CHARTS index of each output vertex of the skin; 255 elsewhere. */
  readonly chartOf: Uint8Array;
}

export function layoutHead(mesh: SourceMesh, ears: Uint8Array): HeadLayout {
  const importance = Float64Array.from({ length: SOURCE_VERTICES }, (_, v) =>
    texelGain(mesh.positions[v * 3], mesh.positions[v * 3 + 1], mesh.positions[v * 3 + 2]),
  );
  const { skin, mouthCavity } = skinParts(mesh, ears, importance);
  const tongue = tonguePart(mesh);
  const layouts: readonly LayoutPart[] = [
    skin,
    mouthCavity,
    eyeballPart(mesh, 'left', ATLAS.eyeLeft),
    eyeballPart(mesh, 'right', ATLAS.eyeRight),
    teethPart(mesh, 'upper', ATLAS.teethUpper),
    teethPart(mesh, 'lower', ATLAS.teethLower),
    tongue,
  ];
  const vertexCount = layouts.reduce((sum, part) => sum + part.vertexCount, 0);
  const indices: number[] = [];
  const uvs = new Float32Array(vertexCount * 2);
  const weld = Uint32Array.from({ length: vertexCount }, (_, v) => v);
  const sourceOf = new Int32Array(vertexCount).fill(-1);
  const chartOf = new Uint8Array(vertexCount).fill(255);
  const byKey = new Map<number, number>();
  const parts: (HeadPart & { layout: LayoutPart })[] = [];
  let firstVertex = 0;
  for (const layout of layouts) {
    const { name, triangles } = layout;
    parts.push({
      name,
      firstVertex,
      vertexCount: layout.vertexCount,
      firstIndex: indices.length,
      indexCount: triangles.length,
      layout,
    });
    for (const v of triangles) indices.push(firstVertex + v);
    uvs.set(layout.uv, firstVertex * 2);
    layout.weldKeys?.forEach((key, v) => {
      weld[firstVertex + v] = byKey.get(key) ?? firstVertex + v;
      if (!byKey.has(key)) byKey.set(key, firstVertex + v);
    });
    if ('sourceVertices' in layout) sourceOf.set((layout as SkinLayoutPart).sourceVertices, firstVertex);
    if (name === 'skin') chartOf.set(skin.charts, firstVertex);
    firstVertex += layout.vertexCount;
  }
  const mirrorVertex = new Uint32Array(vertexCount);
  for (const part of parts) {
    const twin = parts.find(({ name }) => name === part.layout.mirrorPart)!;
    part.layout.mirror.forEach((v, i) => (mirrorVertex[part.firstVertex + i] = twin.firstVertex + v));
  }
  return {
    vertexCount,
    parts,
    indices: Uint32Array.from(indices),
    uvs,
    weld,
    mirrorVertex,
    sourceOf,
    chartOf,
  };
}

/** All vertices for given source positions, decimetres in the source's space. */
export function placeVertices(layout: HeadLayout, source: Float64Array): Float64Array {
  const out = new Float64Array(layout.vertexCount * 3);
  for (const part of layout.parts) part.layout.place(source, out, part.firstVertex);
  return out;
}

/** Averages a field of vectors with its mirror image, in place. */
export function symmetriseField(layout: HeadLayout, field: Float64Array): void {
  for (let v = 0; v < layout.vertexCount; v++) {
    const m = layout.mirrorVertex[v];
    if (m < v) continue;
    for (let c = 0; c < 3; c++) {
      const sign = c === 0 ? -1 : 1;
      const mean = (field[v * 3 + c] + sign * field[m * 3 + c]) / 2;
      field[v * 3 + c] = mean;
      field[m * 3 + c] = sign * mean;
    }
  }
}

/** The mirror image of a field of vectors. */
export function mirrorField(layout: HeadLayout, field: Float64Array): Float64Array {
  const out = new Float64Array(field.length);
  for (let v = 0; v < layout.vertexCount; v++) {
    const m = layout.mirrorVertex[v];
    out[m * 3] = -field[v * 3];
    out[m * 3 + 1] = field[v * 3 + 1];
    out[m * 3 + 2] = field[v * 3 + 2];
  }
  return out;
}
