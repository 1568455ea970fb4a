import { createDepthMap, drawDepthMap } from '#common/synthetic/render/geometry/depthMap';
import type { DepthCaster, DepthMap } from '#common/synthetic/render/geometry/depthMap';
import type { Triple } from '#common/synthetic/scene';

/** Points are lifted off the surface by this, in cells, so that it does not shade itself. */
const LIFT_CELLS = 1.3;
/** A vertex of a thin surface looks in every so many'th direction. */
const THIN_STEP = 4;
/** Height over which a blocker fades in, cells. */
const SOFT_CELLS = 1.5;

/** A mesh that receives; `occlusion` is written. */
export interface OcclusionReceiver {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** Seen from both sides: light counts from wherever it comes. */
  readonly isThin: boolean;
  /** Share of the sky that reaches each vertex, cosine-weighted, [0, 1]. */
  readonly occlusion: Float32Array;
}

/** Directions spread evenly over the sphere (Fibonacci lattice); the turn is the golden angle by its sine and cosine. */
function sphereDirections(count: number): Triple[] {
  const cosine = -0.7373688780783197;
  const sine = 0.6754902942615238;
  let across = 1;
  let along = 0;
  return Array.from({ length: count }, (_, index): Triple => {
    const y = 1 - (2 * (index + 0.5)) / count;
    const radius = Math.sqrt(1 - y * y);
    const direction: Triple = [across * radius, y, along * radius];
    [across, along] = [across * cosine - along * sine, across * sine + along * cosine];
    return direction;
  });
}

/**
 * How much of the surroundings each vertex sees: one small depth map per direction. It does not depend on light or
 * camera, so it is computed once per pose and shared by its views.
 */
export class AmbientOcclusion {
  readonly #directions: readonly Triple[];
  readonly #map: DepthMap;
  #weights = new Float32Array(0);

  /**
   * @param directionCount of the whole sphere; a vertex sees half of them
   * @param mapSize cells along a side of each direction's map; 96 are 4 mm on a head with shoulders
   */
  constructor(directionCount: number, mapSize: number) {
    this.#map = createDepthMap(mapSize);
    this.#directions = sphereDirections(directionCount);
  }

  compute(casters: readonly DepthCaster[], receivers: readonly OcclusionReceiver[]): void {
    const total = receivers.reduce((sum, { occlusion }) => sum + occlusion.length, 0);
    if (this.#weights.length < total) this.#weights = new Float32Array(total);
    this.#weights.fill(0, 0, total);
    for (const { occlusion } of receivers) occlusion.fill(0);
    this.#directions.forEach((direction, turn) => {
      drawDepthMap(this.#map, direction, casters);
      let first = 0;
      for (const receiver of receivers) {
        gatherLight(this.#map, direction, turn, receiver, this.#weights.subarray(first));
        first += receiver.occlusion.length;
      }
    });
    let first = 0;
    for (const { occlusion } of receivers) {
      for (let vertex = 0; vertex < occlusion.length; vertex++) {
        const weight = this.#weights[first + vertex];
        occlusion[vertex] = weight > 0 ? occlusion[vertex] / weight : 1;
      }
      first += occlusion.length;
    }
  }
}

function gatherLight(
  map: DepthMap,
  direction: Triple,
  turn: number,
  receiver: OcclusionReceiver,
  weights: Float32Array,
): void {
  const { positions: p, normals: n, occlusion, isThin } = receiver;
  const [dx, dy, dz] = direction;
  const [a0, a1, a2, b0, b1, b2] = map.axes;
  const { size, heights, originX, originY, scale } = map;
  const lift = LIFT_CELLS / scale;
  const hardness = scale / SOFT_CELLS;
  // Thin surfaces see both hemispheres and are many: neighbours share the directions out among themselves.
  const step = isThin ? THIN_STEP : 1;
  for (let vertex = isThin ? turn % THIN_STEP : 0; vertex < occlusion.length; vertex += step) {
    const k = vertex * 3;
    let cosine = n[k] * dx + n[k + 1] * dy + n[k + 2] * dz;
    let side = lift;
    if (isThin && cosine < 0) {
      cosine = -cosine;
      side = -lift;
    }
    if (cosine <= 0.02) continue;
    const x = p[k] + n[k] * side;
    const y = p[k + 1] + n[k + 1] * side;
    const z = p[k + 2] + n[k + 2] * side;
    const mapX = (a0 * x + a1 * y + a2 * z - originX) * scale - 0.5;
    const mapY = (b0 * x + b1 * y + b2 * z - originY) * scale - 0.5;
    weights[vertex] += cosine;
    const column = Math.floor(mapX);
    const row = Math.floor(mapY);
    if (column < 0 || row < 0 || column >= size - 1 || row >= size - 1) {
      occlusion[vertex] += cosine;
      continue;
    }
    const height = dx * x + dy * y + dz * z;
    const fx = mapX - column;
    const fy = mapY - row;
    const cell = row * size + column;
    const light =
      (passes(height, heights[cell], hardness) * (1 - fx) +
        passes(height, heights[cell + 1], hardness) * fx) *
        (1 - fy) +
      (passes(height, heights[cell + size], hardness) * (1 - fx) +
        passes(height, heights[cell + size + 1], hardness) * fx) *
        fy;
    occlusion[vertex] += cosine * light;
  }
}

/** 1 where the blocker is not above the point, falling to 0 over the soft height. */
function passes(height: number, blocker: number, hardness: number): number {
  const t = 1 - (blocker - height) * hardness;
  return t >= 1 ? 1 : t > 0 ? t : 0;
}
