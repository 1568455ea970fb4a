import type { HeadModel } from '#common/head/headModel';
import type { TextureInput } from '#common/reconstruction/texture/textureInput';
import { modelVertexOf } from '#common/reconstruction/texture/textureInput';

/** Farther than this from its mirror image a vertex has no partner, metres. */
const REACH = 0.004;
const CELL = 0.004;

/**
 * The vertex (first of its weld group) at the mirror image of each template vertex across x = 0, or -1 where
 * the template is not symmetric.
 */
export function mirrorVertices(model: HeadModel): Int32Array {
  const { template, weld, vertexCount } = model;
  const cells = new Map<number, number[]>();
  const key = (x: number, y: number, z: number) => (x + 512) * 1048576 + (y + 512) * 1024 + (z + 512);
  const cellOf = (value: number) => Math.floor(value / CELL);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    if (weld[vertex] !== vertex) continue;
    const at = vertex * 3;
    const cell = key(cellOf(template[at]), cellOf(template[at + 1]), cellOf(template[at + 2]));
    const list = cells.get(cell);
    if (list === undefined) cells.set(cell, [vertex]);
    else list.push(vertex);
  }
  const result = new Int32Array(vertexCount).fill(-1);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    if (weld[vertex] !== vertex) {
      result[vertex] = result[weld[vertex]];
      continue;
    }
    const at = vertex * 3;
    const point = [-template[at], template[at + 1], template[at + 2]] as const;
    let best = REACH * REACH;
    for (let neighbour = 0; neighbour < 27; neighbour++) {
      const list = cells.get(
        key(
          cellOf(point[0]) + (neighbour % 3) - 1,
          cellOf(point[1]) + (Math.floor(neighbour / 3) % 3) - 1,
          cellOf(point[2]) + Math.floor(neighbour / 9) - 1,
        ),
      );
      for (const candidate of list ?? []) {
        const distance = squaredDistance(template, candidate * 3, point);
        if (distance >= best) continue;
        best = distance;
        result[vertex] = candidate;
      }
    }
  }
  return result;
}

function squaredDistance(values: Float32Array, at: number, point: readonly [number, number, number]): number {
  const dx = values[at] - point[0];
  const dy = values[at + 1] - point[1];
  const dz = values[at + 2] - point[2];
  return dx * dx + dy * dy + dz * dz;
}

/**
 * Where the mirror image of each triangle's corners lies in the head's chart: six floats (u, v per corner, model
 * chart coordinates in [0, 1]) per index triple of the geometry, NaN where a corner has no partner or the
 * mirrored triangle would span a uv seam.
 * @param part index in geometry.parts.
 */
export function mirrorTriangles(input: TextureInput, part: number): Float32Array {
  const { geometry, model } = input;
  const partners = mirrorVertices(model);
  const copies = weldCopies(model);
  const { firstIndex, indexCount } = geometry.parts[part];
  const result = new Float32Array(indexCount * 2);
  for (let offset = 0; offset < indexCount; offset += 3) {
    const own = [0, 1, 2].map((corner) =>
      modelVertexOf(input, geometry.indices[firstIndex + offset + corner]),
    );
    const uvs = closestCopies(model, own, partners, copies);
    for (let i = 0; i < 6; i++) result[offset * 2 + i] = uvs === undefined ? NaN : uvs[i];
  }
  return result;
}

function weldCopies(model: HeadModel): Map<number, number[]> {
  const copies = new Map<number, number[]>();
  for (let vertex = 0; vertex < model.vertexCount; vertex++) {
    const list = copies.get(model.weld[vertex]);
    if (list === undefined) copies.set(model.weld[vertex], [vertex]);
    else list.push(vertex);
  }
  return copies;
}

/** Of the seam copies of the three mirrored corners, the three nearest together in the chart. */
function closestCopies(
  model: HeadModel,
  own: readonly number[],
  partners: Int32Array,
  copies: ReadonlyMap<number, number[]>,
): number[] | undefined {
  const options = own.map((vertex) => copies.get(partners[vertex]) ?? []);
  const { uvs } = model;
  const apart = (i: number, j: number) =>
    Math.hypot(uvs[i * 2] - uvs[j * 2], uvs[i * 2 + 1] - uvs[j * 2 + 1]);
  const around = (i: number, j: number, k: number) => apart(i, j) + apart(j, k) + apart(k, i);
  let best: readonly [number, number, number] | undefined;
  let bestLength = 3 * around(own[0], own[1], own[2]) + 1e-4;
  for (const a of options[0]) {
    for (const b of options[1]) {
      for (const c of options[2]) {
        const length = around(a, b, c);
        if (length >= bestLength) continue;
        bestLength = length;
        best = [a, b, c];
      }
    }
  }
  return best?.flatMap((vertex) => [uvs[vertex * 2], uvs[vertex * 2 + 1]]);
}
