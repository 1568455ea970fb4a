import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { cameraPosition } from '#common/camera/projectPoints';
import { barycentricsAt, sourceTriangle } from '#common/raster/coverage/drawnMesh';
import type { DrawnMesh } from '#common/raster/coverage/drawnMesh';
import type { PreparedMesh } from '#common/synthetic/render/geometry/PreparedGeometry';
import type { FragmentList } from '#common/synthetic/render/visibility/FragmentList';
import type { SurfaceSamples } from '#common/synthetic/scene';

/** Samples shaded in one call of a material: a few times 100 kB, so that all arrays stay in the cache. */
export const BATCH_SIZE = 1024;

/** Arrays for one batch. */
export function createSurfaceSamples(capacity: number = BATCH_SIZE): SurfaceSamples {
  return {
    count: 0,
    triangles: new Int32Array(capacity),
    barycentrics: new Float32Array(capacity * 3),
    positions: new Float32Array(capacity * 3),
    normals: new Float32Array(capacity * 3),
    views: new Float32Array(capacity * 3),
    canonical: new Float32Array(capacity * 3),
    uvs: new Float32Array(capacity * 2),
    curvature: new Float32Array(capacity),
    occlusion: new Float32Array(capacity),
    keyVisibility: new Float32Array(capacity),
    footprint: new Float32Array(capacity),
  };
}

/** The camera as samples need it. */
export interface ViewPoint {
  readonly position: readonly [number, number, number];
  /** Pixel side / depth. */
  readonly pixelAngle: number;
}

export function viewPointOf(camera: PinholeCamera, size: number): ViewPoint {
  return { position: cameraPosition(camera), pixelAngle: 1 / (camera.focal * size) };
}

/** The fragments of one batch: entries `entries[first .. first + count)` of the list, all of one mesh. */
export interface FragmentBatch {
  readonly list: FragmentList;
  readonly entries: Int32Array;
  readonly first: number;
  readonly count: number;
}

const weights = new Float64Array(3);

/** Interpolates everything a material wants to know at the fragments; `keyVisibility` is left to the shadow map. */
export function gatherSamples(
  batch: FragmentBatch,
  drawn: DrawnMesh,
  prepared: PreparedMesh,
  view: ViewPoint,
  samples: SurfaceSamples,
): void {
  const { list, entries, first, count } = batch;
  const { indices, uvs } = prepared.mesh;
  samples.count = count;
  for (let sample = 0; sample < count; sample++) {
    const entry = entries[first + sample];
    const primitive = list.primitive[entry];
    barycentricsAt(drawn, primitive, list.x[entry], list.y[entry], weights);
    const triangle = sourceTriangle(drawn, primitive);
    const at = triangle * 3;
    const a = indices[at];
    const b = indices[at + 1];
    const c = indices[at + 2];
    const wa = weights[0];
    const wb = weights[1];
    const wc = weights[2];
    samples.triangles[sample] = triangle;
    samples.barycentrics[sample * 3] = wa;
    samples.barycentrics[sample * 3 + 1] = wb;
    samples.barycentrics[sample * 3 + 2] = wc;
    blend3(prepared.mesh.positions, a, b, c, samples.positions, sample);
    blend3(prepared.normals, a, b, c, samples.normals, sample);
    blend3(prepared.mesh.canonical, a, b, c, samples.canonical, sample);
    samples.uvs[sample * 2] = wa * uvs[a * 2] + wb * uvs[b * 2] + wc * uvs[c * 2];
    samples.uvs[sample * 2 + 1] = wa * uvs[a * 2 + 1] + wb * uvs[b * 2 + 1] + wc * uvs[c * 2 + 1];
    const { curvature, occlusion } = prepared;
    samples.curvature[sample] = wa * curvature[a] + wb * curvature[b] + wc * curvature[c];
    samples.occlusion[sample] = wa * occlusion[a] + wb * occlusion[b] + wc * occlusion[c];
    samples.footprint[sample] = view.pixelAngle / list.near[entry];
  }
  orientSamples(samples, view, prepared.isThin);
}

// eslint-disable-next-line max-params -- the innermost step of a hot loop
function blend3(
  values: Float32Array,
  a: number,
  b: number,
  c: number,
  out: Float32Array,
  sample: number,
): void {
  const wa = weights[0];
  const wb = weights[1];
  const wc = weights[2];
  out[sample * 3] = wa * values[a * 3] + wb * values[b * 3] + wc * values[c * 3];
  out[sample * 3 + 1] = wa * values[a * 3 + 1] + wb * values[b * 3 + 1] + wc * values[c * 3 + 1];
  out[sample * 3 + 2] = wa * values[a * 3 + 2] + wb * values[b * 3 + 2] + wc * values[c * 3 + 2];
}

/** Unit normals (turned to the viewer on thin surfaces), directions to the camera, and footprints on slanted surfaces. */
function orientSamples(samples: SurfaceSamples, view: ViewPoint, isThin: boolean): void {
  const { positions, normals, views, footprint, count } = samples;
  const [cameraX, cameraY, cameraZ] = view.position;
  for (let sample = 0, k = 0; sample < count; sample++, k += 3) {
    const vx = cameraX - positions[k];
    const vy = cameraY - positions[k + 1];
    const vz = cameraZ - positions[k + 2];
    const toCamera = 1 / Math.sqrt(vx * vx + vy * vy + vz * vz);
    views[k] = vx * toCamera;
    views[k + 1] = vy * toCamera;
    views[k + 2] = vz * toCamera;
    const nx = normals[k];
    const ny = normals[k + 1];
    const nz = normals[k + 2];
    const facing = (nx * vx + ny * vy + nz * vz) * toCamera;
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
    const scale = (isThin && facing < 0 ? -1 : 1) / (length > 1e-12 ? length : 1);
    normals[k] = nx * scale;
    normals[k + 1] = ny * scale;
    normals[k + 2] = nz * scale;
    // A pixel sees 1 / cosine of its side along the slope; its area's root is between the two.
    const slope = Math.abs(facing * scale);
    footprint[sample] /= Math.sqrt(slope > 0.15 ? slope : 0.15);
  }
}
