import type { PinholeCamera } from '#common/camera/pinholeCamera';

/** Metres along the viewing axis between which things are drawn; the near one is the rasteriser's. */
export const NEAR_METRES = 0.02;
export const FAR_METRES = 12;

/**
 * World to clip space of a pinhole camera, exact also off centre, so that WebGL puts every point where
 * `projectPoints` puts it:
 *
 *   pixel (x right, y down, [0, width] x [0, height])  ->  ndc (2 x / width - 1, 1 - 2 y / height)
 *   clip w = depth along the viewing axis, metres
 *
 * @param aspect picture height / width; intrinsics are in picture widths
 * @returns 16 numbers, column-major as WebGL wants them
 */
export function clipMatrix(camera: PinholeCamera, aspect: number): Float32Array {
  const { focal, principalX, principalY, rotation: r, translation: t } = camera;
  const scaleX = 2 * focal;
  const scaleY = (-2 * focal) / aspect;
  const shiftX = 2 * principalX - 1;
  const shiftY = 1 - (2 * principalY) / aspect;
  const depthScale = (FAR_METRES + NEAR_METRES) / (FAR_METRES - NEAR_METRES);
  const depthShift = (-2 * FAR_METRES * NEAR_METRES) / (FAR_METRES - NEAR_METRES);
  const out = new Float32Array(16);
  for (let column = 0; column < 4; column++) {
    const [x, y, z] = column < 3 ? [r[column], r[3 + column], r[6 + column]] : [t[0], t[1], t[2]];
    out[column * 4] = scaleX * x + shiftX * z;
    out[column * 4 + 1] = scaleY * y + shiftY * z;
    out[column * 4 + 2] = depthScale * z + (column === 3 ? depthShift : 0);
    out[column * 4 + 3] = z;
  }
  return out;
}

/**
 * Rows are the viewer's axes in world coordinates, x right, y up, z towards the camera, as the headless
 * renderer's normal map has them.
 *
 * @returns 9 numbers, column-major
 */
export function viewerAxes(camera: PinholeCamera): Float32Array {
  const r = camera.rotation;
  return Float32Array.of(r[0], -r[3], -r[6], r[1], -r[4], -r[7], r[2], -r[5], -r[8]);
}
