import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import { norm3 } from '#common/math/portableMath';

/** A piece's vertices as they go into the avatar, with their places in the atlas. */
export interface ChartedPiece {
  readonly piece: HeadPiece;
  /** The piece's vertex of each new one. */
  readonly source: Uint32Array;
  /** New vertices. */
  readonly indices: Uint32Array;
  /** Two a new vertex, texels of the atlas. */
  readonly texels: Float32Array;
  /** Nothing is drawn for it: all of its vertices lie on one texel of this linear colour. */
  readonly plainColor?: readonly [number, number, number];
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Free texels around every chart, so that smaller mip levels do not mix neighbours. */
const MARGIN = 3;
const SMALLEST_CHART = 16;
/** Texels along the side of a chart that holds one triangle or one quad. */
const CELL = 8;
const QUAD_CELL = 4;

/** Vertices that triangles name, in the order in which they do. */
function usedVertices(piece: HeadPiece): { source: Uint32Array; indices: Uint32Array } {
  const numbers = new Int32Array(piece.rest.length / 3).fill(-1);
  const source: number[] = [];
  const indices = piece.indices.map((vertex) => {
    if (numbers[vertex] < 0) numbers[vertex] = source.push(vertex) - 1;
    return numbers[vertex];
  });
  return { source: Uint32Array.from(source), indices };
}

/** The piece's own chart fitted to a rectangle of the atlas. */
export function chartByUvs(piece: HeadPiece, box: Rectangle, isWholeSquare: boolean): ChartedPiece {
  const { source, indices } = usedVertices(piece);
  const [u0, v0, u1, v1] = isWholeSquare ? [0, 0, 1, 1] : uvBounds(piece, source);
  const margin = isWholeSquare ? 0 : MARGIN;
  const texels = new Float32Array(source.length * 2);
  source.forEach((vertex, i) => {
    const u = (piece.uvs[vertex * 2] - u0) / (u1 - u0 || 1);
    const v = (piece.uvs[vertex * 2 + 1] - v0) / (v1 - v0 || 1);
    texels[i * 2] = box.x + margin + u * (box.width - 2 * margin);
    texels[i * 2 + 1] = box.y + margin + v * (box.height - 2 * margin);
  });
  return { piece, source, indices, texels };
}

function uvBounds({ uvs }: HeadPiece, source: Uint32Array): [number, number, number, number] {
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const vertex of source) {
    bounds[0] = Math.min(bounds[0], uvs[vertex * 2]);
    bounds[1] = Math.min(bounds[1], uvs[vertex * 2 + 1]);
    bounds[2] = Math.max(bounds[2], uvs[vertex * 2]);
    bounds[3] = Math.max(bounds[3], uvs[vertex * 2 + 1]);
  }
  return bounds;
}

/** Pairs of triangles, each pair in a cell of its own: for surfaces without a chart. Cells fill whole rows of `box`. */
export function chartByCells(piece: HeadPiece, box: Rectangle, isQuads: boolean): ChartedPiece {
  const cell = isQuads ? QUAD_CELL : CELL;
  const columns = Math.max(1, Math.floor(box.width / cell));
  const { indices: corners } = piece;
  const source: number[] = [];
  const texels: number[] = [];
  const indices: number[] = [];
  const perCell = isQuads ? 6 : 3;
  for (let k = 0; k < corners.length; k += perCell) {
    const number = k / perCell;
    const x = box.x + (number % columns) * cell;
    const y = box.y + Math.floor(number / columns) * cell;
    for (let c = 0; c < perCell; c++) {
      indices.push(source.push(corners[k + c]) - 1);
      if (isQuads) texels.push(x + cell / 2, y + cell / 2);
      else texels.push(x + (c === 1 ? cell - 1.2 : 1.2), y + (c === 2 ? cell - 1.2 : 1.2));
    }
  }
  return {
    piece,
    source: Uint32Array.from(source),
    indices: Uint32Array.from(indices),
    texels: Float32Array.from(texels),
  };
}

/** Rows of texels that `chartByCells` takes in a box of this width. */
export function cellRows({ indices }: HeadPiece, width: number, isQuads: boolean): number {
  const cell = isQuads ? QUAD_CELL : CELL;
  const cells = indices.length / (isQuads ? 6 : 3);
  return Math.ceil(cells / Math.max(1, Math.floor(width / cell))) * cell;
}

/** All vertices on one texel. */
export function chartPlain(
  piece: HeadPiece,
  [x, y]: readonly [number, number],
  plainColor: readonly [number, number, number],
): ChartedPiece {
  const { source, indices } = usedVertices(piece);
  const texels = new Float32Array(source.length * 2);
  for (let i = 0; i < source.length; i++) texels.set([x, y], i * 2);
  return { piece, source, indices, texels, plainColor };
}

/** Whether the piece's own chart can be drawn on: not most of it is folded to a line, as undersides of hair are. */
export function hasChart({ uvs, indices, rest }: HeadPiece): boolean {
  let charted = 0;
  let area = 0;
  for (let k = 0; k < indices.length; k += 3) {
    const [a, b, c] = [indices[k], indices[k + 1], indices[k + 2]];
    const size = triangleArea(rest, a, b, c);
    area += size;
    const flat =
      (uvs[b * 2] - uvs[a * 2]) * (uvs[c * 2 + 1] - uvs[a * 2 + 1]) -
      (uvs[c * 2] - uvs[a * 2]) * (uvs[b * 2 + 1] - uvs[a * 2 + 1]);
    if (Math.abs(flat) > 1e-9) charted += size;
  }
  return charted > 0.5 * area;
}

export function surfaceArea({ rest, indices }: HeadPiece): number {
  let area = 0;
  for (let k = 0; k < indices.length; k += 3)
    area += triangleArea(rest, indices[k], indices[k + 1], indices[k + 2]);
  return area;
}

function triangleArea(p: Float32Array, a: number, b: number, c: number): number {
  const e = [0, 1, 2].map((k) => p[b * 3 + k] - p[a * 3 + k]);
  const f = [0, 1, 2].map((k) => p[c * 3 + k] - p[a * 3 + k]);
  return norm3(e[1] * f[2] - e[2] * f[1], e[2] * f[0] - e[0] * f[2], e[0] * f[1] - e[1] * f[0]) / 2;
}

/**
 * Squares for surfaces in a box, sides as the roots of their areas, as large as shelves of them fit; undefined where
 * even the smallest do not.
 */
export function packSquares(areas: readonly number[], box: Rectangle): Rectangle[] | undefined {
  let scale = Math.sqrt((box.width * box.height) / (areas.reduce((sum, area) => sum + area, 0) + 1e-12));
  for (let attempt = 0; attempt < 60; attempt++, scale *= 0.93) {
    const packed = shelves(
      areas.map((area) => Math.max(SMALLEST_CHART, Math.floor(scale * Math.sqrt(area)))),
      box,
    );
    if (packed) return packed;
  }
  return undefined;
}

function shelves(sides: readonly number[], box: Rectangle): Rectangle[] | undefined {
  const order = sides.map((_, index) => index).sort((a, b) => sides[b] - sides[a] || a - b);
  const out: Rectangle[] = [];
  let [x, y, shelf] = [0, 0, 0];
  for (const index of order) {
    const side = sides[index];
    if (side > box.width) return undefined;
    if (x + side > box.width) {
      y += shelf;
      x = 0;
      shelf = 0;
    }
    shelf = Math.max(shelf, side);
    if (y + side > box.height) return undefined;
    out[index] = { x: box.x + x, y: box.y + y, width: side, height: side };
    x += side;
  }
  return out;
}
