import type { HeadModel } from '#common/head/headModel';
import { smoothStep } from '#common/math/smoothStep';
import { vertexNormals } from '#common/raster/shading/vertexNormals';
import type { TextureInput } from '#common/reconstruction/texture/textureInput';
import { modelVertexOf } from '#common/reconstruction/texture/textureInput';

/** Middle of the lower lip: what is well below it and faces down is the underside of the jaw. */
const LOWER_LIP = 17;

/**
 * Per geometry vertex of the head how much it belongs to the underside of the jaw, [0, 1]; the shell's are 0.
 * A portrait hardly shows it, and what the fit projects there is mostly neck.
 */
export function underJawMask(input: TextureInput): Float32Array {
  const { geometry, model } = input;
  const onModel = modelMask(model);
  const mask = new Float32Array(geometry.positions.length / 3);
  for (const part of geometry.parts) {
    if (part.name !== 'skin') continue;
    for (let vertex = part.firstVertex; vertex < part.firstVertex + part.vertexCount; vertex++) {
      mask[vertex] = onModel[modelVertexOf(input, vertex)];
    }
  }
  return mask;
}

function modelMask(model: HeadModel): Float32Array {
  const { template } = model;
  const normals = downwardNormals(model);
  let lip = 0;
  for (let corner = 0; corner < 3; corner++) {
    lip +=
      model.landmarkWeights[LOWER_LIP * 3 + corner] *
      template[model.landmarkVertices[LOWER_LIP * 3 + corner] * 3 + 1];
  }
  const mask = new Float32Array(model.vertexCount);
  for (let vertex = 0; vertex < mask.length; vertex++) {
    const below = smoothStep(0.008, 0.022, lip - template[vertex * 3 + 1]);
    mask[vertex] = below * smoothStep(0.3, 0.7, normals[vertex]);
  }
  return mask;
}

/** Minus the y of the smooth unit normal of the template at each vertex. */
function downwardNormals({ template, indices, weld }: HeadModel): Float32Array {
  const normals = vertexNormals({ positions: template, indices, weld });
  return Float32Array.from({ length: normals.length / 3 }, (_, vertex) => -normals[vertex * 3 + 1]);
}
