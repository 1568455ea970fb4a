/**
 * A flat triangulation of the inside of a level set: marching squares with the polygons kept. Vertices are
 * grid nodes (interior) or crossings on grid edges (outline). Front and back of the shell are both made
 * from it and share the outline, which closes the surface.
 */
export interface ContourMesh {
  /** Node coordinates, two floats a vertex: column, row. */
  readonly points: Float32Array;
  /** Grid node of an interior vertex, -1 on the outline. */
  readonly node: Int32Array;
  /** For an outline vertex the inside node of its edge; for an interior vertex its own node. */
  readonly nearestNode: Int32Array;
  /** Triangles, clockwise on a screen with y down. */
  readonly triangles: Uint32Array;
}

/** Crossings nearer to a node than this make slivers. */
const SLIVER = 0.08;

export function contourMesh(level: Float32Array, size: number): ContourMesh {
  const builder = new ContourBuilder(level, size);
  for (let row = -1; row < size; row++) {
    for (let column = -1; column < size; column++) builder.addCell(column, row);
  }
  return builder.finish();
}

class ContourBuilder {
  private readonly points: number[] = [];
  private readonly node: number[] = [];
  private readonly nearest: number[] = [];
  private readonly triangles: number[] = [];
  private readonly vertexOf = new Map<string, number>();
  private readonly level: Float32Array;
  private readonly size: number;

  constructor(level: Float32Array, size: number) {
    this.level = level;
    this.size = size;
  }

  /** Cells one step outside the grid close the outline where the domain meets the window's border. */
  addCell(column: number, row: number): void {
    const corners = [
      [column, row],
      [column + 1, row],
      [column + 1, row + 1],
      [column, row + 1],
    ] as const;
    const polygon: number[] = [];
    for (let i = 0; i < 4; i++) {
      const a = corners[i];
      const b = corners[(i + 1) % 4];
      const levelA = this.at(a[0], a[1]);
      const levelB = this.at(b[0], b[1]);
      if (levelA > 0) polygon.push(this.nodeVertex(a[0], a[1]));
      if (levelA > 0 !== levelB > 0) polygon.push(this.edgeVertex(a, b, levelA, levelB));
    }
    for (let i = 2; i < polygon.length; i++) this.triangles.push(polygon[0], polygon[i - 1], polygon[i]);
  }

  finish(): ContourMesh {
    return {
      points: Float32Array.from(this.points),
      node: Int32Array.from(this.node),
      nearestNode: Int32Array.from(this.nearest),
      triangles: Uint32Array.from(this.triangles),
    };
  }

  private at(column: number, row: number): number {
    if (column < 0 || row < 0 || column >= this.size || row >= this.size) return -0.5;
    return this.level[row * this.size + column];
  }

  private nodeVertex(column: number, row: number): number {
    const node = row * this.size + column;
    return this.vertex(`n${node}`, column, row, node, node);
  }

  private edgeVertex(
    a: readonly [number, number],
    b: readonly [number, number],
    levelA: number,
    levelB: number,
  ): number {
    const swap = a[0] > b[0] || a[1] > b[1];
    const [p, q, levelP, levelQ] = swap ? [b, a, levelB, levelA] : [a, b, levelA, levelB];
    const t = Math.min(1 - SLIVER, Math.max(SLIVER, levelP / (levelP - levelQ)));
    const inner = levelP > 0 ? p : q;
    const key = `${p[0]},${p[1]}${p[0] === q[0] ? 'v' : 'h'}`;
    return this.vertex(
      key,
      p[0] + (q[0] - p[0]) * t,
      p[1] + (q[1] - p[1]) * t,
      -1,
      inner[1] * this.size + inner[0],
    );
  }

  private vertex(key: string, x: number, y: number, node: number, nearest: number): number {
    const known = this.vertexOf.get(key);
    if (known !== undefined) return known;
    const index = this.node.length;
    this.vertexOf.set(key, index);
    this.points.push(x, y);
    this.node.push(node);
    this.nearest.push(nearest);
    return index;
  }
}
