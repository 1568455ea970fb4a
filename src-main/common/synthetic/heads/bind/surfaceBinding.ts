/**
 * Vertices fixed to a surface: each is a point of a triangle plus an offset in that triangle's frame (first edge,
 * in-plane normal to it, normal). The frame turns with the triangle but does not stretch.
 */
export interface SurfaceBinding {
  /** Three vertices of the surface for each bound vertex. */
  readonly corners: Uint32Array;
  /** Barycentric weights of `corners`; outside of [0, 1] is allowed. */
  readonly weights: Float32Array;
  /** Metres, along the frame's three axes. */
  readonly offsets: Float32Array;
}

/** Where each point of a new mesh holds on to the surface. */
export interface Anchors {
  readonly corners: Uint32Array;
  readonly weights: Float32Array;
}

/** Binds points (pointCount * 3) at given anchors to a surface in the pose in which they were made. */
export function bindToSurface(points: Float32Array, anchors: Anchors, surface: Float32Array): SurfaceBinding {
  const count = points.length / 3;
  const offsets = new Float32Array(points.length);
  const base = new Float64Array(3);
  const frame = new Float64Array(9);
  for (let v = 0; v < count; v++) {
    anchorPoint(anchors, v, surface, base);
    triangleFrame(anchors.corners, v * 3, surface, frame);
    const x = points[v * 3] - base[0];
    const y = points[v * 3 + 1] - base[1];
    const z = points[v * 3 + 2] - base[2];
    for (let axis = 0; axis < 3; axis++)
      offsets[v * 3 + axis] = frame[axis * 3] * x + frame[axis * 3 + 1] * y + frame[axis * 3 + 2] * z;
  }
  return { ...anchors, offsets };
}

/** Positions of bound vertices on the surface as it is now, vertexCount * 3. */
export function followSurface(
  binding: SurfaceBinding,
  surface: Float32Array,
  out: Float32Array = new Float32Array(binding.offsets.length),
): Float32Array {
  const { offsets } = binding;
  const base = BASE;
  const frame = FRAME;
  for (let v = 0; v < offsets.length / 3; v++) {
    const k = v * 3;
    anchorPoint(binding, v, surface, base);
    if (offsets[k] === 0 && offsets[k + 1] === 0 && offsets[k + 2] === 0) {
      out.set(base, k);
      continue;
    }
    triangleFrame(binding.corners, k, surface, frame);
    for (let c = 0; c < 3; c++)
      out[k + c] =
        base[c] + offsets[k] * frame[c] + offsets[k + 1] * frame[3 + c] + offsets[k + 2] * frame[6 + c];
  }
  return out;
}

const BASE = new Float64Array(3);
const FRAME = new Float64Array(9);

/** The point of the surface that a vertex is anchored to. */
export function anchorPoint(
  anchors: Anchors,
  vertex: number,
  surface: Float32Array,
  out: Float64Array,
): void {
  const { corners, weights } = anchors;
  const k = vertex * 3;
  const [a, b, c] = [corners[k] * 3, corners[k + 1] * 3, corners[k + 2] * 3];
  for (let axis = 0; axis < 3; axis++)
    out[axis] =
      weights[k] * surface[a + axis] +
      weights[k + 1] * surface[b + axis] +
      weights[k + 2] * surface[c + axis];
}

/** Rows: unit first edge, second in the plane, normal (counter-clockwise). A degenerate triangle gives the axes. */
export function triangleFrame(
  corners: Uint32Array,
  at: number,
  surface: Float32Array,
  out: Float64Array,
): void {
  const a = corners[at] * 3;
  const b = corners[at + 1] * 3;
  const c = corners[at + 2] * 3;
  let ex = surface[b] - surface[a];
  let ey = surface[b + 1] - surface[a + 1];
  let ez = surface[b + 2] - surface[a + 2];
  const fx = surface[c] - surface[a];
  const fy = surface[c + 1] - surface[a + 1];
  const fz = surface[c + 2] - surface[a + 2];
  let nx = ey * fz - ez * fy;
  let ny = ez * fx - ex * fz;
  let nz = ex * fy - ey * fx;
  const n = Math.sqrt(nx * nx + ny * ny + nz * nz);
  const e = Math.sqrt(ex * ex + ey * ey + ez * ez);
  if (!(n > 1e-14)) {
    out.set(AXES);
    return;
  }
  nx /= n;
  ny /= n;
  nz /= n;
  ex /= e;
  ey /= e;
  ez /= e;
  out[0] = ex;
  out[1] = ey;
  out[2] = ez;
  out[3] = ny * ez - nz * ey;
  out[4] = nz * ex - nx * ez;
  out[5] = nx * ey - ny * ex;
  out[6] = nx;
  out[7] = ny;
  out[8] = nz;
}

const AXES = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
