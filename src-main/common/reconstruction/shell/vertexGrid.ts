/** Edge of a cell, metres: a few dozen candidates on a head of six thousand vertices. */
const CELL = 0.02;

/** Nearest-vertex search over a fixed set of points: a uniform grid of 2 cm cells in flat arrays. */
export class VertexGrid {
  private readonly positions: Float32Array;
  /** Candidates sorted by cell; cell c holds [starts[c], starts[c + 1]). */
  private readonly sorted: Uint32Array;
  private readonly starts: Uint32Array;
  private readonly origin = [Infinity, Infinity, Infinity];
  private readonly extent: readonly number[];
  private readonly result = { vertex: -1, distance: Infinity };

  /**
   * @param positions three floats a vertex, metres.
   * @param candidates vertices that can be found; at least one.
   */
  constructor(positions: Float32Array, candidates: Uint32Array) {
    this.positions = positions;
    const high = [-Infinity, -Infinity, -Infinity];
    for (const vertex of candidates) {
      for (let axis = 0; axis < 3; axis++) {
        this.origin[axis] = Math.min(this.origin[axis], positions[vertex * 3 + axis]);
        high[axis] = Math.max(high[axis], positions[vertex * 3 + axis]);
      }
    }
    this.extent = high.map((value, axis) => Math.floor((value - this.origin[axis]) / CELL) + 1);
    const cells = Uint32Array.from(candidates, (vertex) => this.cellIndex(vertex));
    this.starts = new Uint32Array(this.extent[0] * this.extent[1] * this.extent[2] + 1);
    for (const cell of cells) this.starts[cell + 1]++;
    for (let cell = 1; cell < this.starts.length; cell++) this.starts[cell] += this.starts[cell - 1];
    const next = this.starts.slice();
    this.sorted = new Uint32Array(candidates.length);
    candidates.forEach((vertex, i) => (this.sorted[next[cells[i]]++] = vertex));
  }

  /**
   * Nearest candidate to point `vertex` of `points`, -1 when none is within `reach` metres. The same object
   * is returned each time.
   */
  nearest(
    points: Float32Array,
    vertex: number,
    reach = Infinity,
  ): { readonly vertex: number; readonly distance: number } {
    const [x, y, z] = [points[vertex * 3], points[vertex * 3 + 1], points[vertex * 3 + 2]];
    const centre = [this.cellOn(0, x), this.cellOn(1, y), this.cellOn(2, z)];
    this.result.vertex = -1;
    this.result.distance = reach;
    // Rings of cells around the point, from the first that touches the grid's box.
    let ring = 0;
    for (let axis = 0; axis < 3; axis++) {
      ring = Math.max(ring, -centre[axis], centre[axis] - (this.extent[axis] - 1));
    }
    for (; this.result.distance > (ring - 1) * CELL; ring++) {
      if (ring > this.extent[0] + this.extent[1] + this.extent[2] + 4096) break;
      this.searchRing(x, y, z, centre, ring);
    }
    return this.result;
  }

  private searchRing(x: number, y: number, z: number, centre: readonly number[], ring: number): void {
    const [width, height, depth] = this.extent;
    const firstZ = Math.max(0, centre[2] - ring);
    const lastZ = Math.min(depth - 1, centre[2] + ring);
    const firstY = Math.max(0, centre[1] - ring);
    const lastY = Math.min(height - 1, centre[1] + ring);
    for (let k = firstZ; k <= lastZ; k++) {
      for (let j = firstY; j <= lastY; j++) {
        const onFace = Math.abs(k - centre[2]) === ring || Math.abs(j - centre[1]) === ring;
        const step = onFace || ring === 0 ? 1 : 2 * ring;
        for (let i = centre[0] - ring; i <= centre[0] + ring; i += step) {
          if (i >= 0 && i < width) this.searchCell(x, y, z, (k * height + j) * width + i);
        }
      }
    }
  }

  private searchCell(x: number, y: number, z: number, cell: number): void {
    const { positions, result } = this;
    for (let i = this.starts[cell]; i < this.starts[cell + 1]; i++) {
      const k = this.sorted[i] * 3;
      const dx = positions[k] - x;
      const dy = positions[k + 1] - y;
      const dz = positions[k + 2] - z;
      const square = dx * dx + dy * dy + dz * dz;
      if (square >= result.distance * result.distance) continue;
      result.distance = Math.sqrt(square);
      result.vertex = this.sorted[i];
    }
  }

  private cellOn(axis: number, value: number): number {
    return Math.floor((value - this.origin[axis]) / CELL);
  }

  private cellIndex(vertex: number): number {
    const at = (axis: number): number => this.cellOn(axis, this.positions[vertex * 3 + axis]);
    return (at(2) * this.extent[1] + at(1)) * this.extent[0] + at(0);
  }
}
