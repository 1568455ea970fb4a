import type { LightRig } from '#common/synthetic/scene';

/**
 * What a surface mirrors: sky and ground with a horizon that gets softer with roughness, and the key, fill and rim lights
 * as softboxes around their directions. Linear RGB radiance.
 *
 * @param x,y,z unit direction of the reflection, world
 * @param roughness perceptual, [0, 1]
 * @param out three floats
 */
export function surroundings(
  direction: ArrayLike<number>,
  roughness: number,
  light: LightRig,
  out: Float64Array,
): void {
  const x = direction[0];
  const y = direction[1];
  const z = direction[2];
  const soft = 0.12 + 0.88 * roughness;
  let up = 0.5 + (0.5 * y) / soft;
  up = up < 0 ? 0 : up > 1 ? 1 : up;
  const blend = up * up * (3 - 2 * up);
  for (let c = 0; c < 3; c++) out[c] = light.ground[c] + (light.sky[c] - light.ground[c]) * blend;
  addSoftbox(x, y, z, light.key, 0.08 + 0.3 * roughness, out);
  addSoftbox(x, y, z, light.fill, 0.3 + 0.3 * roughness, out);
  addSoftbox(x, y, z, light.rim, 0.12 + 0.3 * roughness, out);
}

// eslint-disable-next-line max-params -- the innermost step of a hot loop
function addSoftbox(
  x: number,
  y: number,
  z: number,
  box: {
    readonly direction: readonly [number, number, number];
    readonly color: readonly [number, number, number];
  },
  width: number,
  out: Float64Array,
): void {
  const cosine = x * box.direction[0] + y * box.direction[1] + z * box.direction[2];
  // 1 - cosine grows with the square of the angle: a bell with the box's width, its sum kept as it widens.
  const t = (1 - cosine) / (width * width * 2);
  const bell = 0.35 / ((1 + t) * (1 + t) * (0.35 + 2 * width));
  out[0] += bell * box.color[0];
  out[1] += bell * box.color[1];
  out[2] += bell * box.color[2];
}
