/** Nearest-vertex search over a fixed set of points: a uniform grid of 1 cm cells. */
export class VertexGrid {
  private readonly positions: Float32Array;
  private readonly cells = new Map<number, number[]>();
  private readonly result = { vertex: -1, distance: Infinity };
  private readonly origin: readonly number[];
  private readonly extent: readonly number[];

  /**
   * @param positions three floats a vertex, metres.
   * @param candidates vertices that can be found; at least one.
   */
  constructor(positions: Float32Array, candidates: Uint32Array) {
    this.positions = positions;
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    for (const vertex of candidates) {
      for (let axis = 0; axis < 3; axis++) {
        low[axis] = Math.min(low[axis], positions[vertex * 3 + axis]);
        high[axis] = Math.max(high[axis], positions[vertex * 3 + axis]);
      }
    }
    this.origin = low;
    this.extent = high.map((value, axis) => Math.floor((value - low[axis]) / CELL) + 1);
    for (const vertex of candidates) {
      const key = this.key(this.cellOf(positions, vertex * 3));
      const cell = this.cells.get(key);
      if (cell) cell.push(vertex);
      else this.cells.set(key, [vertex]);
    }
  }

  /** Nearest candidate to point `vertex` of `points`; the same object is returned each time. */
  nearest(points: Float32Array, vertex: number): { readonly vertex: number; readonly distance: number } {
    const offset = vertex * 3;
    const centre = this.cellOf(points, offset);
    this.result.vertex = -1;
    this.result.distance = Infinity;
    // Rings of cells around the point, starting at the first ring that touches the grid's box.
    let ring = 0;
    for (let axis = 0; axis < 3; axis++) {
      ring = Math.max(ring, -centre[axis], centre[axis] - (this.extent[axis] - 1));
    }
    for (; this.result.distance > (ring - 1) * CELL; ring++) this.searchRing(points, offset, centre, ring);
    return this.result;
  }

  private searchRing(points: Float32Array, offset: number, centre: readonly number[], ring: number): void {
    const from = centre.map((value) => Math.max(0, value - ring));
    const to = centre.map((value, axis) => Math.min(this.extent[axis] - 1, value + ring));
    for (let z = from[2]; z <= to[2]; z++) {
      const onZ = Math.abs(z - centre[2]) === ring;
      for (let y = from[1]; y <= to[1]; y++) {
        const onFace = onZ || Math.abs(y - centre[1]) === ring;
        const step = onFace || ring === 0 ? 1 : 2 * ring;
        for (let x = onFace ? from[0] : centre[0] - ring; x <= to[0]; x += step) {
          if (x >= from[0]) this.searchCell(points, offset, this.key([x, y, z]));
        }
      }
    }
  }

  private searchCell(points: Float32Array, offset: number, key: number): void {
    const cell = this.cells.get(key);
    if (!cell) return;
    for (const candidate of cell) {
      const k = candidate * 3;
      const distance = Math.hypot(
        this.positions[k] - points[offset],
        this.positions[k + 1] - points[offset + 1],
        this.positions[k + 2] - points[offset + 2],
      );
      if (distance < this.result.distance) {
        this.result.vertex = candidate;
        this.result.distance = distance;
      }
    }
  }

  private cellOf(points: Float32Array, offset: number): number[] {
    return [0, 1, 2].map((axis) => Math.floor((points[offset + axis] - this.origin[axis]) / CELL));
  }

  private key(cell: readonly number[]): number {
    return (cell[2] * this.extent[1] + cell[1]) * this.extent[0] + cell[0];
  }
}

const CELL = 0.01;
