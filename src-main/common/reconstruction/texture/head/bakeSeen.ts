import type { ColorImage } from '#common/image/colorImage';
import { createColorImage, encodeSrgb, linearFromRgba } from '#common/image/colorImage';
import type { FloatImage } from '#common/image/rasterImage';
import { colorPyramid, sampleBicubic, sampleBilinear, samplePlane } from '#common/image/resample';
import type { HeadChart } from '#common/reconstruction/texture/head/headChart';
import { smoothStep } from '#common/math/smoothStep';
import type { SourceView } from '#common/reconstruction/texture/view/sourceView';
import type { TextureInput } from '#common/reconstruction/texture/textureInput';
import { portableLog2 } from '#common/math/portableMath';

/** What the source picture says of the head's square. */
export interface SeenTexels {
  /** Encoded; 0 where the weight is 0. */
  readonly color: ColorImage;
  /** Per texel how well it was seen, [0, 1]. */
  readonly weight: Float32Array;
  /** Per texel the cosine between normal and viewing direction; 0 where not seen. */
  readonly cosine: Float32Array;
}

export interface BakeOptions {
  /** Part number in the chart. */
  readonly part: number;
  readonly trust: FloatImage;
  /** Per vertex how little grazing views are to be believed there, [0, 1]. */
  readonly doubt?: Float32Array;
  /** The crop's halvings, linear. */
  readonly pyramid: readonly ColorImage[];
}

/** Cosines between normal and viewing direction from which a texel starts, and wholly, counts as seen. */
const FACING = [0.12, 0.45] as const;
/** How much further a doubted surface has to turn to the camera (cosine). */
const DOUBTED = 0.15;
/** Surface this far behind the nearest one still counts as it, metres: fit and shell do not meet exactly. */
const DEPTH_BIAS = 0.003;

export function createSeenTexels(size: number): SeenTexels {
  return {
    color: createColorImage(size, size),
    weight: new Float32Array(size * size),
    cosine: new Float32Array(size * size),
  };
}

/** The crop as linear light with its halvings. */
export function cropPyramid(input: TextureInput): ColorImage[] {
  return colorPyramid(linearFromRgba(input.crop), 32);
}

/** Samples the crop at every texel of one part that the source camera saw, into `seen`. */
export function bakeSeen(
  input: TextureInput,
  chart: HeadChart,
  view: SourceView,
  options: BakeOptions,
  seen: SeenTexels,
): void {
  const { indices } = input.geometry;
  const { facing, projected } = view;
  const bias = DEPTH_BIAS;
  const focal = input.camera.focal * input.crop.width;
  for (const texel of chart.parts[options.part].texels) {
    const at = chart.corner[texel];
    const a = indices[at];
    const b = indices[at + 1];
    const c = indices[at + 2];
    const wa = chart.weights[texel * 3];
    const wb = chart.weights[texel * 3 + 1];
    const wc = chart.weights[texel * 3 + 2];
    const doubt = options.doubt;
    const doubted = doubt === undefined ? 0 : wa * doubt[a] + wb * doubt[b] + wc * doubt[c];
    const cosine = wa * facing[a] + wb * facing[b] + wc * facing[c] - DOUBTED * doubted;
    if (cosine <= FACING[0]) continue;
    // Projected corners weighted by depth give the projection of the interpolated point.
    const za = wa * projected[a * 3 + 2];
    const zb = wb * projected[b * 3 + 2];
    const zc = wc * projected[c * 3 + 2];
    const depth = za + zb + zc;
    const x = (za * projected[a * 3] + zb * projected[b * 3] + zc * projected[c * 3]) / depth;
    const y = (za * projected[a * 3 + 1] + zb * projected[b * 3 + 1] + zc * projected[c * 3 + 1]) / depth;
    const slope = (Math.sqrt(1 - Math.min(1, cosine * cosine)) / cosine) * (depth / focal);
    if (!isInFront(view, x, y, depth - bias - 1.5 * slope)) continue;
    const weight = smoothStep(FACING[0], FACING[1], cosine) * samplePlane(options.trust, x, y);
    if (weight < 0.01) continue;
    seen.weight[texel] = weight;
    seen.cosine[texel] = cosine;
    sampleCrop(options.pyramid, [x, y], footprint(chart, input, view, texel), seen.color.data, texel * 3);
  }
}

function isInFront(view: SourceView, x: number, y: number, depth: number): boolean {
  const column = Math.floor(x * view.scale);
  const row = Math.floor(y * view.scale);
  if (!(column >= 0 && row >= 0 && column < view.size && row < view.size)) return false;
  return depth <= view.depth[row * view.size + column];
}

/** Crop pixels that one texel spans: square root of the ratio of the triangle's areas. */
function footprint(chart: HeadChart, input: TextureInput, view: SourceView, texel: number): number {
  const at = chart.corner[texel];
  const { indices, uvs } = input.geometry;
  const { projected: p } = view;
  const a = indices[at];
  const b = indices[at + 1];
  const c = indices[at + 2];
  const screen =
    (p[b * 3] - p[a * 3]) * (p[c * 3 + 1] - p[a * 3 + 1]) -
    (p[b * 3 + 1] - p[a * 3 + 1]) * (p[c * 3] - p[a * 3]);
  const u = 2 * chart.size;
  const v = chart.size;
  const texture =
    ((uvs[b * 2] - uvs[a * 2]) * (uvs[c * 2 + 1] - uvs[a * 2 + 1]) -
      (uvs[b * 2 + 1] - uvs[a * 2 + 1]) * (uvs[c * 2] - uvs[a * 2])) *
    u *
    v;
  return Math.sqrt(Math.abs(screen / (texture + 1e-12)));
}

/** Samples the level whose pixels are about as large as the footprint; writes three encoded floats. */
export function sampleCrop(
  pyramid: readonly ColorImage[],
  point: readonly [number, number],
  footprintPixels: number,
  out: Float32Array,
  at: number,
): void {
  const level = Math.min(
    pyramid.length - 1,
    Math.max(0, Math.round(portableLog2(Math.max(1, footprintPixels)))),
  );
  const scale = 1 / (1 << level);
  if (level === 0) sampleBicubic(pyramid[0], point[0], point[1], out, at);
  else sampleBilinear(pyramid[level], point[0] * scale, point[1] * scale, out, at);
  out[at] = encodeSrgb(out[at]);
  out[at + 1] = encodeSrgb(out[at + 1]);
  out[at + 2] = encodeSrgb(out[at + 2]);
}
