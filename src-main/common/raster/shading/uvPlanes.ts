import type { DrawnMesh } from '#common/raster/coverage/drawnMesh';

/** Numbers per primitive: u * w, v * w and w, each as d/dx, d/dy, value at the origin; see `planesOf`. */
const PLANE_STRIDE = 9;

/**
 * Texture coordinates of primitives as functions of the screen, built when a primitive is first shaded in a
 * frame: what is hidden costs nothing. u = U(x, y) / W(x, y) with U, V, W affine in 1/256 pixel.
 */
export interface UvPlanes {
  coefficients: Float64Array;
  /** The frame in which a primitive's coefficients were last built. */
  frames: Int32Array;
  frame: number;
}

export function createUvPlanes(): UvPlanes {
  return { coefficients: new Float64Array(0), frames: new Int32Array(0), frame: 0 };
}

/** Starts a frame: forgets all planes and makes room for the mesh's primitives. */
export function resetUvPlanes(planes: UvPlanes, primitiveCount: number): void {
  planes.frame++;
  if (planes.frames.length >= primitiveCount) return;
  planes.frames = new Int32Array(primitiveCount);
  planes.coefficients = new Float64Array(primitiveCount * PLANE_STRIDE);
}

/** Offset of a primitive's nine coefficients, built when they are not yet. */
export function planesOf(planes: UvPlanes, drawn: DrawnMesh, uvs: Float32Array, id: number): number {
  const at = id * PLANE_STRIDE;
  if (planes.frames[id] !== planes.frame) {
    planes.frames[id] = planes.frame;
    buildPlanes(planes.coefficients, at, drawn, uvs, id);
  }
  return at;
}

function buildPlanes(out: Float64Array, at: number, drawn: DrawnMesh, uvs: Float32Array, id: number): void {
  const { screen, triangleCount } = drawn;
  const isPiece = id >= triangleCount;
  const indices = isPiece ? drawn.clippedIndices : drawn.indices;
  const first = (isPiece ? id - triangleCount : id) * 3;
  const { x, y, nearness, perspective } = screen;
  const a = indices[first];
  const b = indices[first + 1];
  const c = indices[first + 2];
  const area = (x[b] - x[a]) * (y[c] - y[a]) - (y[b] - y[a]) * (x[c] - x[a]);
  const scaleA = (perspective ? nearness[a] : 1) / area;
  const scaleB = (perspective ? nearness[b] : 1) / area;
  const scaleC = (perspective ? nearness[c] : 1) / area;
  // Screen-linear weight of each corner: edge function of the opposite side over the area.
  const ax = (y[b] - y[c]) * scaleA;
  const ay = (x[c] - x[b]) * scaleA;
  const bx = (y[c] - y[a]) * scaleB;
  const by = (x[a] - x[c]) * scaleB;
  const cx = (y[a] - y[b]) * scaleC;
  const cy = (x[b] - x[a]) * scaleC;
  const w = scaleA * area;
  for (let attribute = 0; attribute < 3; attribute++) {
    const valueA = attribute === 2 ? 1 : uvOf(drawn, uvs, a, attribute);
    const valueB = attribute === 2 ? 1 : uvOf(drawn, uvs, b, attribute);
    const valueC = attribute === 2 ? 1 : uvOf(drawn, uvs, c, attribute);
    const stepX = ax * valueA + bx * valueB + cx * valueC;
    const stepY = ay * valueA + by * valueB + cy * valueC;
    out[at + attribute * 3] = stepX;
    out[at + attribute * 3 + 1] = stepY;
    out[at + attribute * 3 + 2] = w * valueA - stepX * x[a] - stepY * y[a];
  }
}

/** Texture coordinate of a screen vertex; those that clipping added blend their mesh triangle's. */
function uvOf(drawn: DrawnMesh, uvs: Float32Array, vertex: number, axis: number): number {
  if (vertex < drawn.vertexCount) return uvs[vertex * 2 + axis];
  const { barycentrics, vertexSources } = drawn.clipped;
  const added = vertex - drawn.vertexCount;
  let value = 0;
  for (let corner = 0; corner < 3; corner++) {
    const meshVertex = drawn.indices[vertexSources[added] * 3 + corner];
    value += barycentrics[added * 3 + corner] * uvs[meshVertex * 2 + axis];
  }
  return value;
}
