import { z } from 'zod';
import type { HeadModel } from '#common/head/headModel';

const meshSchema = z.object({
  vertices: z.array(z.number()),
  uvs: z.tuple([z.array(z.number())]),
  /** Per quad: a mask, four vertices, the material, four uvs. */
  faces: z.array(z.number()),
});

/** Ints of one face: quads with a material and uvs, the only kind the source has. */
const FACE_STRIDE = 10;
/** The material that is drawn; others are helpers. */
const BODY = 0;

/** The body the library's skins and hair were made for: decimetres, x = subject's left, y up, z to the front. */
export interface SourceSurface {
  /** Every vertex, helpers included, * 3. */
  readonly positions: Float64Array;
  /** Four vertices a quad, body only. */
  readonly quads: Uint32Array;
  /** u, v (down) of the four corners: eight numbers a quad. */
  readonly quadUvs: Float32Array;
}

/** @param json a parsed three.js mesh, format 3.1; throws where it is none */
export function readSourceSurface(json: unknown): SourceSurface {
  const { vertices, uvs, faces } = meshSchema.parse(json);
  const quads: number[] = [];
  const quadUvs: number[] = [];
  for (let i = 0; i + FACE_STRIDE <= faces.length; i += FACE_STRIDE) {
    if (faces[i + 5] !== BODY) continue;
    for (let k = 0; k < 4; k++) {
      quads.push(faces[i + 1 + k]);
      const uv = faces[i + 6 + k];
      quadUvs.push(uvs[0][uv * 2], 1 - uvs[0][uv * 2 + 1]);
    }
  }
  return {
    positions: Float64Array.from(vertices),
    quads: Uint32Array.from(quads),
    quadUvs: Float32Array.from(quadUvs),
  };
}

/** Entry of `readSourceVertices` for a vertex of the head model that the source lacks. */
export const NO_SOURCE = 0xffff;

/**
 * Reads `assets/head/source-vertices-v1.bin`: of each vertex of the head model the source vertex it was cut from, or
 * NO_SOURCE. Little-endian 16-bit numbers.
 */
export function readSourceVertices(bytes: Uint8Array): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.byteLength >> 1 }, (_, v) => view.getUint16(v * 2, true));
}

/** `SyntheticLibrary.skinCorners`. Texture seams of the source need not be ours, so it goes by corners, not vertices. */
export function skinCorners(
  { parts, indices }: HeadModel,
  sourceOf: Uint16Array,
  { quads, quadUvs }: SourceSurface,
): Float32Array {
  const skin = parts.find(({ name }) => name === 'skin') ?? parts[0];
  const quadsOf = new Map<number, number[]>();
  quads.forEach((vertex, corner) => {
    const list = quadsOf.get(vertex);
    if (list === undefined) quadsOf.set(vertex, [corner >> 2]);
    else list.push(corner >> 2);
  });
  const corners = new Float32Array(skin.indexCount * 2).fill(Number.NaN);
  const cornerOf = (quad: number, vertex: number): number => {
    for (let k = 0; k < 4; k++) if (quads[quad * 4 + k] === vertex) return quad * 4 + k;
    return -1;
  };
  for (let i = 0; i < skin.indexCount; i += 3) {
    const triangle = [0, 1, 2].map((k) => sourceOf[indices[skin.firstIndex + i + k]]);
    for (const quad of quadsOf.get(triangle[0]) ?? []) {
      const found = triangle.map((vertex) => cornerOf(quad, vertex));
      if (found.includes(-1)) continue;
      found.forEach((corner, k) => corners.set(quadUvs.subarray(corner * 2, corner * 2 + 2), (i + k) * 2));
      break;
    }
  }
  return corners;
}
