import type { HeadModel } from '#common/head/headModel';
import { smoothStep } from '#common/math/smoothStep';
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
  const { template, weld } = model;
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
    mask[vertex] = below * smoothStep(0.3, 0.7, normals[weld[vertex]]);
  }
  return mask;
}

/** Minus the y of the smooth unit normal of the template, for the first vertex of each weld group. */
function downwardNormals(model: HeadModel): Float32Array {
  const { template: p, indices, weld, vertexCount } = model;
  const sums = new Float32Array(vertexCount * 3);
  for (let at = 0; at < indices.length; at += 3) {
    const a = indices[at] * 3;
    const b = indices[at + 1] * 3;
    const c = indices[at + 2] * 3;
    const ux = p[b] - p[a];
    const uy = p[b + 1] - p[a + 1];
    const uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a];
    const vy = p[c + 1] - p[a + 1];
    const vz = p[c + 2] - p[a + 2];
    for (let corner = 0; corner < 3; corner++) {
      const to = weld[indices[at + corner]] * 3;
      sums[to] += uy * vz - uz * vy;
      sums[to + 1] += uz * vx - ux * vz;
      sums[to + 2] += ux * vy - uy * vx;
    }
  }
  const down = new Float32Array(vertexCount);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const at = vertex * 3;
    down[vertex] = -sums[at + 1] / (Math.hypot(sums[at], sums[at + 1], sums[at + 2]) + 1e-20);
  }
  return down;
}
