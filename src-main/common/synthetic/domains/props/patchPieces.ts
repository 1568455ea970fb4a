import type { FaceFields } from '#common/synthetic/domains/canonical/faceFields';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import { evaluateMask } from '#common/synthetic/domains/paint/evaluateMask';
import type { PropOf } from '#common/synthetic/domains/props/propSchema';
import type { HeadModel } from '#common/head/headModel';

/** A piece of skin lifted off. */
export interface SkinPatch {
  /** The model's vertex of each of the patch's. */
  readonly vertices: Uint32Array;
  readonly indices: Uint32Array;
  readonly canonical: Float32Array;
  readonly uvs: Float32Array;
  /** Metres along the normal for each. */
  readonly lift: Float32Array;
}

/** The triangles of the skin that a patch's mask touches. The surface's own opacity cuts their border smoothly. */
export function cutPatch(prop: PropOf<'patch'>, model: HeadModel, fields: FaceFields): SkinPatch {
  const skin = model.parts[0];
  const count = skin.vertexCount;
  const canonical = model.template.subarray(skin.firstVertex * 3, (skin.firstVertex + count) * 3);
  const uvs = model.uvs.subarray(skin.firstVertex * 2, (skin.firstVertex + count) * 2);
  const share = new Float32Array(count);
  // Vertices are far apart: the mask is widened so that the border lies inside the patch.
  const footprint = new Float32Array(count).fill(0.004);
  evaluateMask(prop.where, { count, canonical, footprint, uvs, fields }, share);
  const numbers = new Map<number, number>();
  const vertices: number[] = [];
  const numberOf = (v: number): number => {
    let number = numbers.get(v);
    if (number === undefined) {
      number = vertices.length;
      numbers.set(v, number);
      vertices.push(v);
    }
    return number;
  };
  const indices: number[] = [];
  for (let k = skin.firstIndex; k < skin.firstIndex + skin.indexCount; k += 3) {
    const corners = [model.indices[k], model.indices[k + 1], model.indices[k + 2]];
    if (corners.some((v) => share[v - skin.firstVertex] > 0.02)) indices.push(...corners.map(numberOf));
  }
  return {
    vertices: Uint32Array.from(vertices),
    indices: Uint32Array.from(indices),
    canonical: Float32Array.from(vertices.flatMap((v) => [...model.template.subarray(v * 3, v * 3 + 3)])),
    uvs: Float32Array.from(vertices.flatMap((v) => [...model.uvs.subarray(v * 2, v * 2 + 2)])),
    lift: Float32Array.from(vertices, () => prop.lift * MILLIMETRE),
  };
}
