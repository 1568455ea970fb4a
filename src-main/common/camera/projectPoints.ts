import type { PinholeCamera } from '#common/camera/pinholeCamera';

/**
 * Projects world points (metres, three floats each) into a picture.
 *
 * @param width picture width in pixels; intrinsics are normalised by it, so it scales y too
 * @param out receives pixel x, pixel y (centres at .5) and camera depth in metres per point; points at or
 *   behind the camera plane get NaN pixels and their (non-positive) depth
 */
export function projectPoints(
  camera: PinholeCamera,
  positions: ArrayLike<number>,
  width: number,
  out: Float64Array = new Float64Array(positions.length),
): Float64Array {
  const [r0, r1, r2, r3, r4, r5, r6, r7, r8] = camera.rotation;
  const [t0, t1, t2] = camera.translation;
  const scale = camera.focal * width;
  const centreX = camera.principalX * width;
  const centreY = camera.principalY * width;
  for (let offset = 0; offset + 2 < positions.length; offset += 3) {
    const x = positions[offset];
    const y = positions[offset + 1];
    const z = positions[offset + 2];
    const depth = r6 * x + r7 * y + r8 * z + t2;
    const factor = depth > 0 ? scale / depth : NaN;
    out[offset] = (r0 * x + r1 * y + r2 * z + t0) * factor + centreX;
    out[offset + 1] = (r3 * x + r4 * y + r5 * z + t1) * factor + centreY;
    out[offset + 2] = depth;
  }
  return out;
}

/** One point: [pixel x, pixel y, depth]; see `projectPoints`. Allocates, so not for hot loops. */
export function projectPoint(
  camera: PinholeCamera,
  point: readonly [number, number, number],
  width: number,
): [number, number, number] {
  const [x, y, depth] = projectPoints(camera, point, width);
  return [x, y, depth];
}

/** The camera's centre in world metres: -R^T t. */
export function cameraPosition(camera: PinholeCamera): [number, number, number] {
  const r = camera.rotation;
  const t = camera.translation;
  return [0, 1, 2].map((column) => -(r[column] * t[0] + r[3 + column] * t[1] + r[6 + column] * t[2])) as [
    number,
    number,
    number,
  ];
}
