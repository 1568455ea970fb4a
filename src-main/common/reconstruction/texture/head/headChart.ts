import { rasterizeScreen } from '#common/raster/rasterizeVisibility';
import type { AvatarGeometry, AvatarPartName } from '#common/rig/avatarGeometry';

/** Which triangle covers each texel of the head's square, and where in it the texel's centre lies. */
export interface HeadChart {
  /** Side S, texels. */
  readonly size: number;
  /** S * S: where the triangle starts in geometry.indices, or -1. */
  readonly corner: Int32Array;
  /** S * S: index in geometry.parts + 1, 0 where empty. */
  readonly part: Uint8Array;
  /** 3 * S * S: weights of the triangle's corners. */
  readonly weights: Float32Array;
  /** Texels of each part, by part number; entry 0 is empty. */
  readonly parts: readonly PartTexels[];
}

/** Where one part's texels are in the head's square. */
export interface PartTexels {
  readonly number: number;
  /** Bounding box in texels; empty for a part without texels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Texel indices in the square, rising. */
  readonly texels: Int32Array;
}

/** Rasterises the head parts in the texture's left square. */
export function rasterizeHeadChart(geometry: AvatarGeometry, size: number): HeadChart {
  const { points, corners, indices, partOf } = headTriangles(geometry, size);
  const drawn = rasterizeScreen({ points, indices, width: size, height: size });
  const part = new Uint8Array(size * size);
  const corner = drawn.triangles;
  for (let texel = 0; texel < corner.length; texel++) {
    const triangle = corner[texel];
    if (triangle < 0) continue;
    part[texel] = partOf[triangle];
    corner[texel] = corners[triangle];
  }
  return {
    size,
    corner,
    part,
    weights: drawn.barycentrics,
    parts: listTexels(part, size, geometry.parts.length),
  };
}

function listTexels(part: Uint8Array, size: number, partCount: number): PartTexels[] {
  const counts = new Int32Array(partCount + 1);
  for (const number of part) counts[number]++;
  counts[0] = 0;
  const lists = Array.from(counts, (count) => new Int32Array(count));
  const boxes = Array.from(counts, () => ({ left: size, right: -1, top: size, bottom: -1 }));
  const filled = new Int32Array(partCount + 1);
  for (let y = 0, texel = 0; y < size; y++) {
    for (let x = 0; x < size; x++, texel++) {
      const number = part[texel];
      if (number === 0) continue;
      lists[number][filled[number]++] = texel;
      const box = boxes[number];
      if (x < box.left) box.left = x;
      if (x > box.right) box.right = x;
      if (y < box.top) box.top = y;
      box.bottom = y;
    }
  }
  return lists.map((texels, number) => {
    const { left, right, top, bottom } = boxes[number];
    if (texels.length === 0) return { number, x: 0, y: 0, width: 0, height: 0, texels };
    return { number, x: left, y: top, width: right - left + 1, height: bottom - top + 1, texels };
  });
}

function headTriangles(geometry: AvatarGeometry, size: number) {
  const points = new Float32Array(geometry.uvs.length);
  const corners: number[] = [];
  const partOf: number[] = [];
  geometry.parts.forEach((part, number) => {
    if (part.name === 'shell') return;
    for (let vertex = part.firstVertex; vertex < part.firstVertex + part.vertexCount; vertex++) {
      // The square is the left half of a 2S x S picture.
      points[vertex * 2] = geometry.uvs[vertex * 2] * 2 * size;
      points[vertex * 2 + 1] = geometry.uvs[vertex * 2 + 1] * size;
    }
    for (let at = part.firstIndex; at < part.firstIndex + part.indexCount; at += 3) {
      corners.push(at);
      partOf.push(number + 1);
    }
  });
  const indices = new Uint32Array(corners.length * 3);
  corners.forEach((at, triangle) => indices.set(geometry.indices.subarray(at, at + 3), triangle * 3));
  return { points, corners, indices, partOf };
}

/** A vertex attribute: `stride` floats per vertex. */
export interface VertexAttribute {
  readonly values: ArrayLike<number>;
  readonly stride: number;
}

/** Interpolates a vertex attribute at a covered texel into `out`. */
export function interpolateAtTexel(
  chart: HeadChart,
  indices: Uint32Array,
  attribute: VertexAttribute,
  texel: number,
  out: Float64Array,
): void {
  const at = chart.corner[texel];
  const wa = chart.weights[texel * 3];
  const wb = chart.weights[texel * 3 + 1];
  const wc = chart.weights[texel * 3 + 2];
  const { values, stride } = attribute;
  const a = indices[at] * stride;
  const b = indices[at + 1] * stride;
  const c = indices[at + 2] * stride;
  for (let i = 0; i < stride; i++) out[i] = wa * values[a + i] + wb * values[b + i] + wc * values[c + i];
}

/** Number of a part in the chart (index in geometry.parts + 1), 0 where the mesh has none. */
export function partNumber(geometry: AvatarGeometry, name: AvatarPartName): number {
  return geometry.parts.findIndex((part) => part.name === name) + 1;
}
