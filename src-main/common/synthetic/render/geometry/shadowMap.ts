import { createDepthMap, drawDepthMap } from '#common/synthetic/render/geometry/depthMap';
import type { DepthCaster, DepthMap } from '#common/synthetic/render/geometry/depthMap';
import { lightWidth } from '#common/synthetic/render/lighting/shadingTerms';
import type { Triple } from '#common/synthetic/scene';

const SEARCH_TAPS = 8;
const FILTER_TAPS = 12;
/** Hair and cards vary from one to the next more than a penumbra does. */
const THIN_TAP_COUNT = 4;

/** Points of a disc in a sunflower spiral, x and y, so that few taps cover it evenly. */
function discTaps(count: number): Float64Array {
  const taps = new Float64Array(count * 2);
  let x = 1;
  let y = 0;
  for (let tap = 0; tap < count; tap++) {
    const radius = Math.sqrt((tap + 0.5) / count);
    taps[tap * 2] = x * radius;
    taps[tap * 2 + 1] = y * radius;
    [x, y] = [
      -0.7373688780783197 * x - 0.6754902942615238 * y,
      0.6754902942615238 * x - 0.7373688780783197 * y,
    ];
  }
  return taps;
}

/**
 * The key light's shadow: one depth map, and percentage-closer soft shadows (Fernando 2005): the penumbra grows with the
 * distance of what casts, so a nose's shadow is sharp at the nose and soft on the cheek.
 */
export class ShadowMap {
  readonly #map: DepthMap;
  #softness = 0;

  constructor(size: number) {
    this.#map = createDepthMap(size);
  }

  /** @param softness of the light, [0, 1]; see `lightWidth` */
  draw(towardsLight: Triple, softness: number, casters: readonly DepthCaster[]): void {
    this.#softness = lightWidth(softness);
    drawDepthMap(this.#map, towardsLight, casters);
  }

  /**
   * Share of the light that reaches a batch of points.
   *
   * @param isThin hair and cloth seen from both sides: no terminator of their own
   */
  visibility(
    batch: { readonly count: number; readonly positions: Float32Array; readonly normals: Float32Array },
    isThin: boolean,
    out: Float32Array,
  ): void {
    const { axes, scale, originX, originY } = this.#map;
    const [a0, a1, a2, b0, b1, b2, dx, dy, dz] = axes;
    const cell = 1 / scale;
    const taps = isThin ? THIN_TAPS : SOLID_TAPS;
    for (let sample = 0, k = 0; sample < batch.count; sample++, k += 3) {
      const nx = batch.normals[k];
      const ny = batch.normals[k + 1];
      const nz = batch.normals[k + 2];
      const cosine = nx * dx + ny * dy + nz * dz;
      // Near the terminator the surface must not shade itself: the diffuse term darkens it smoothly already.
      const slant = cosine > 0 ? 1 - cosine : 1;
      const lift = isThin ? 2 * cell : 1.5 * cell + 0.0025 * slant;
      const x = batch.positions[k] + nx * lift;
      const y = batch.positions[k + 1] + ny * lift;
      const z = batch.positions[k + 2] + nz * lift;
      point[0] = (a0 * x + a1 * y + a2 * z - originX) * scale - 0.5;
      point[1] = (b0 * x + b1 * y + b2 * z - originY) * scale - 0.5;
      point[2] = dx * x + dy * y + dz * z + (isThin ? 0.006 : 0.001 + 0.003 * slant * slant);
      out[sample] = lightAt(this.#map, this.#softness, taps);
    }
  }
}

/** The point at hand: cell coordinates (centres whole) and height with its bias. */
const point = new Float64Array(3);

/** Places on a disc that are looked up: for blockers, and then for light. */
interface Taps {
  readonly search: Float64Array;
  readonly filter: Float64Array;
}
const SOLID_TAPS: Taps = { search: discTaps(SEARCH_TAPS), filter: discTaps(FILTER_TAPS) };
const THIN_TAPS: Taps = { search: discTaps(THIN_TAP_COUNT), filter: discTaps(THIN_TAP_COUNT) };

function lightAt(map: DepthMap, softness: number, { search, filter }: Taps): number {
  const { size, heights, scale } = map;
  const x = point[0] + 0.5;
  const y = point[1] + 0.5;
  const height = point[2];
  const searchRadius = 1.5 + softness * 0.03 * scale;
  let blockers = 0;
  let above = 0;
  for (let tap = 0; tap < search.length; tap += 2) {
    const column = Math.floor(x + search[tap] * searchRadius);
    const row = Math.floor(y + search[tap + 1] * searchRadius);
    if (column < 0 || row < 0 || column >= size || row >= size) continue;
    const blocker = heights[row * size + column];
    if (blocker > height) {
      blockers++;
      above += blocker - height;
    }
  }
  if (blockers === 0) return 1;
  const radius = Math.min(searchRadius, 0.8 + (above / blockers) * softness * scale);
  if (blockers * 2 === search.length && radius >= searchRadius * 0.5) return 0;
  return filteredLight(map, radius, filter);
}

function filteredLight(map: DepthMap, radius: number, filter: Float64Array): number {
  const { size, heights, scale } = map;
  const height = point[2];
  let light = 0;
  for (let tap = 0; tap < filter.length; tap += 2) {
    const x = point[0] + filter[tap] * radius;
    const y = point[1] + filter[tap + 1] * radius;
    const column = Math.floor(x);
    const row = Math.floor(y);
    if (column < 0 || row < 0 || column >= size - 1 || row >= size - 1) {
      light++;
      continue;
    }
    const fx = x - column;
    const fy = y - row;
    const cell = row * size + column;
    light +=
      (passes(height, heights[cell], scale) * (1 - fx) + passes(height, heights[cell + 1], scale) * fx) *
        (1 - fy) +
      (passes(height, heights[cell + size], scale) * (1 - fx) +
        passes(height, heights[cell + size + 1], scale) * fx) *
        fy;
  }
  return (light * 2) / filter.length;
}

function passes(height: number, blocker: number, hardness: number): number {
  const t = 1 - (blocker - height) * hardness;
  return t >= 1 ? 1 : t > 0 ? t : 0;
}
