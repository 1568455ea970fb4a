import type { WeldedMesh } from '#common/rig/transfer/weldedMesh';
import { norm3 } from '#common/math/portableMath';

/** A triangle flatter than this (twice its area, square metres) says nothing about deformation. */
const FLAT = 1e-10;
/** No face part grows or shrinks more than this against the template, stylised ones included. */
const LARGEST_STRETCH = 4;

/**
 * How the template's surface was turned and stretched into the person's, per vertex: row-major 3x3 matrices with
 * (person delta) = J * (template delta). Per triangle the deformation gradient of Sumner and Popovic 2004 (two edges
 * and a normal scaled by the root of the area), averaged by template area over the vertex's triangles and smoothed
 * `smoothings` times over the one-ring, because one triangle's shear is noise for a motion of centimetres.
 *
 * @param template and person: vertexCount * 3, same topology. Seam copies keep zeros; read the representative.
 */
export function deformationFrames(
  mesh: WeldedMesh,
  template: Float32Array,
  person: Float32Array,
  smoothings = 5,
): Float32Array {
  const frames = new Float32Array(mesh.vertexCount * 9);
  const weights = new Float32Array(mesh.vertexCount);
  const from = new Float64Array(9);
  const to = new Float64Array(9);
  const gradient = new Float64Array(9);
  for (let i = 0; i < mesh.triangles.length; i += 3) {
    const area = edgeFrame(template, mesh.triangles, i, from);
    const personArea = edgeFrame(person, mesh.triangles, i, to);
    if (area < FLAT || personArea < FLAT || !divideFrames(to, from, gradient)) continue;
    for (let k = 0; k < 3; k++) {
      const v = mesh.triangles[i + k];
      weights[v] += area;
      for (let c = 0; c < 9; c++) frames[v * 9 + c] += area * gradient[c];
    }
  }
  // Weighted frames are smoothed together with their weights, so that gaps take over their neighbours' frames.
  for (let pass = 0; pass < smoothings; pass++) smoothFrames(mesh, frames, weights);
  normaliseFrames(mesh, frames, weights);
  return frames;
}

/** Columns e1, e2 and n / sqrt|n|; returns twice the area. */
function edgeFrame(p: Float32Array, triangles: Uint32Array, i: number, out: Float64Array): number {
  const a = triangles[i] * 3;
  const b = triangles[i + 1] * 3;
  const c = triangles[i + 2] * 3;
  const [ux, uy, uz] = [p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]];
  const [vx, vy, vz] = [p[c] - p[a], p[c + 1] - p[a + 1], p[c + 2] - p[a + 2]];
  const nx = uy * vz - uz * vy;
  const ny = uz * vx - ux * vz;
  const nz = ux * vy - uy * vx;
  const area = norm3(nx, ny, nz);
  const s = area > 0 ? 1 / Math.sqrt(area) : 0;
  out[0] = ux;
  out[1] = vx;
  out[2] = nx * s;
  out[3] = uy;
  out[4] = vy;
  out[5] = ny * s;
  out[6] = uz;
  out[7] = vz;
  out[8] = nz * s;
  return area;
}

/** out = to * from^-1; false where it is wild or undefined. */
function divideFrames(to: Float64Array, from: Float64Array, out: Float64Array): boolean {
  const [a, b, c, d, e, f, g, h, i] = from;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!(Math.abs(determinant) > 0)) return false;
  const s = 1 / determinant;
  const inverse = [
    (e * i - f * h) * s, (c * h - b * i) * s, (b * f - c * e) * s,
    (f * g - d * i) * s, (a * i - c * g) * s, (c * d - a * f) * s,
    (d * h - e * g) * s, (b * g - a * h) * s, (a * e - b * d) * s,
  ]; // prettier-ignore
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      const value =
        to[row * 3] * inverse[column] +
        to[row * 3 + 1] * inverse[3 + column] +
        to[row * 3 + 2] * inverse[6 + column];
      if (!(Math.abs(value) < LARGEST_STRETCH)) return false;
      out[row * 3 + column] = value;
    }
  }
  return true;
}

function smoothFrames(mesh: WeldedMesh, frames: Float32Array, weights: Float32Array): void {
  const before = frames.slice();
  const weightsBefore = weights.slice();
  for (const v of mesh.representatives) {
    const start = mesh.neighbourStart[v];
    const end = mesh.neighbourStart[v + 1];
    if (start === end) continue;
    const share = 1 / (end - start);
    let weight = weightsBefore[v];
    for (let k = start; k < end; k++) weight += weightsBefore[mesh.neighbours[k]] * share;
    weights[v] = weight / 2;
    for (let c = 0; c < 9; c++) {
      let sum = before[v * 9 + c];
      for (let k = start; k < end; k++) sum += before[mesh.neighbours[k] * 9 + c] * share;
      frames[v * 9 + c] = sum / 2;
    }
  }
}

function normaliseFrames(mesh: WeldedMesh, frames: Float32Array, weights: Float32Array): void {
  for (const v of mesh.representatives) {
    const weight = weights[v];
    for (let c = 0; c < 9; c++) {
      frames[v * 9 + c] = weight > 0 ? frames[v * 9 + c] / weight : c % 4 === 0 ? 1 : 0;
    }
  }
}
