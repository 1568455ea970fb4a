import type { SceneMesh, SurfaceSamples } from '#common/synthetic/scene';

/**
 * Tilts normals by the slope of a height that is known in canonical space (`fractalNoise`'s gradients), whatever the
 * pose has done to the surface since: the slope along the triangle's edges is the same in both spaces.
 *
 * @param slopes gradient of the height per metre of canonical space, three a sample
 * @param height metres of height per unit of the pattern
 * @param out unit normals, three a sample
 */
export function bumpNormals(
  samples: SurfaceSamples,
  mesh: SceneMesh,
  slopes: Float32Array,
  height: number,
  out: Float32Array,
): void {
  const { positions: p, canonical: q, indices } = mesh;
  const { normals, triangles, count } = samples;
  for (let i = 0, k = 0; i < count; i++, k += 3) {
    const at = triangles[i] * 3;
    const a = indices[at] * 3;
    const b = indices[at + 1] * 3;
    const c = indices[at + 2] * 3;
    const ux = p[b] - p[a];
    const uy = p[b + 1] - p[a + 1];
    const uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a];
    const vy = p[c + 1] - p[a + 1];
    const vz = p[c + 2] - p[a + 2];
    const gx = slopes[k];
    const gy = slopes[k + 1];
    const gz = slopes[k + 2];
    const riseU = gx * (q[b] - q[a]) + gy * (q[b + 1] - q[a + 1]) + gz * (q[b + 2] - q[a + 2]);
    const riseV = gx * (q[c] - q[a]) + gy * (q[c + 1] - q[a + 1]) + gz * (q[c + 2] - q[a + 2]);
    // The vector in the triangle's plane whose products with both edges are the rises.
    const uu = ux * ux + uy * uy + uz * uz;
    const vv = vx * vx + vy * vy + vz * vz;
    const uv = ux * vx + uy * vy + uz * vz;
    const determinant = uu * vv - uv * uv;
    const scale = determinant > 1e-20 ? height / determinant : 0;
    const alongU = (riseU * vv - riseV * uv) * scale;
    const alongV = (riseV * uu - riseU * uv) * scale;
    const x = normals[k] - alongU * ux - alongV * vx;
    const y = normals[k + 1] - alongU * uy - alongV * vy;
    const z = normals[k + 2] - alongU * uz - alongV * vz;
    const toUnit = 1 / Math.sqrt(x * x + y * y + z * z + 1e-20);
    out[k] = x * toUnit;
    out[k + 1] = y * toUnit;
    out[k + 2] = z * toUnit;
  }
}
