import type { HeadModel } from '#common/head/headModel';
import { norm3, portableAngle } from '#common/math/portableMath';

/** Centre of the directions, metres: between the ears, inside the skull of every recipe. */
export const SKULL_CENTER = [0, 0.03, -0.005] as const;

const AZIMUTHS = 72;
const HEIGHTS = 60;

/**
 * How far the (warped) mean head reaches in each direction from the skull's centre, ears left out: a height map that hair
 * volumes are laid on.
 */
export class SkullMap {
  readonly #reach = new Float32Array(AZIMUTHS * HEIGHTS);

  /** @param positions the model's vertices on the warped mean head */
  constructor(model: HeadModel, positions: Float32Array) {
    const { ears, shoulders } = model.regions;
    const skin = model.parts[0];
    for (let k = skin.firstIndex; k < skin.firstIndex + skin.indexCount; k += 3) {
      const corners = [model.indices[k], model.indices[k + 1], model.indices[k + 2]];
      if (corners.some((v) => ears[v] > 0.02 || shoulders[v] > 0.5)) continue;
      this.#splat(corners, positions);
    }
    this.#fill();
  }

  /** Metres from the centre in a unit direction; bilinear. */
  reach(x: number, y: number, z: number): number {
    const [column, row] = cellOf(x, y, z);
    const low = Math.min(HEIGHTS - 2, Math.floor(row));
    const left = Math.floor(column);
    const fx = column - left;
    const fy = Math.min(1, row - low);
    const at = (dx: number, dy: number): number =>
      this.#reach[(low + dy) * AZIMUTHS + ((left + dx + AZIMUTHS) % AZIMUTHS)];
    const bottom = at(0, 0) + (at(1, 0) - at(0, 0)) * fx;
    const top = at(0, 1) + (at(1, 1) - at(0, 1)) * fx;
    return bottom + (top - bottom) * fy;
  }

  #splat(corners: readonly number[], positions: Float32Array): void {
    // Points of the triangle, dense enough for cells of 5 degrees on triangles of 15 mm.
    for (let i = 0; i <= 5; i++)
      for (let j = 0; i + j <= 5; j++) {
        const w = [i / 5, j / 5, 1 - (i + j) / 5];
        const p = [0, 1, 2].map(
          (c) => corners.reduce((sum, v, n) => sum + w[n] * positions[v * 3 + c], 0) - SKULL_CENTER[c],
        );
        const length = norm3(p[0], p[1], p[2]);
        const [column, row] = cellOf(p[0] / length, p[1] / length, p[2] / length);
        const cell = Math.min(HEIGHTS - 1, Math.round(row)) * AZIMUTHS + (Math.round(column) % AZIMUTHS);
        if (length > this.#reach[cell]) this.#reach[cell] = length;
      }
  }

  /** Empty cells take the mean of what is near, then all are smoothed once. */
  #fill(): void {
    for (let round = 0; round < 40; round++) {
      const before = this.#reach.slice();
      for (let cell = 0; cell < before.length; cell++) {
        const row = Math.floor(cell / AZIMUTHS);
        const column = cell % AZIMUTHS;
        const isLast = round >= 38;
        if (before[cell] > 0 && !isLast) continue;
        let sum = 0;
        let n = 0;
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++) {
            const y = row + dy;
            if (y < 0 || y >= HEIGHTS) continue;
            const value = before[y * AZIMUTHS + ((column + dx + AZIMUTHS) % AZIMUTHS)];
            if (value > 0) {
              sum += value;
              n++;
            }
          }
        if (n > 0) this.#reach[cell] = sum / n;
      }
    }
  }
}

/** Fractional column (azimuth, 0 in front, towards +x) and row (y of the unit direction from -1 to 1). */
function cellOf(x: number, y: number, z: number): [number, number] {
  const azimuth = portableAngle(x, z) / (2 * Math.PI);
  return [((azimuth + 1) % 1) * AZIMUTHS, ((Math.min(1, Math.max(-1, y)) + 1) / 2) * (HEIGHTS - 1)];
}
