import type { AtlasRectangle } from './atlasLayout';
import type { LayoutPart } from './layoutPart';
import { TEETH_RANGES, type SourceMesh } from './sourceMesh';

/** Tooth widths from the mid line outwards, millimetres (Wheeler's dental anatomy, rounded). */
const WIDTHS = { upper: [8.5, 6.7, 7.6, 7, 6.8, 10, 9.5], lower: [5.3, 5.7, 6.8, 7, 7.1, 11, 10.5] } as const;
/** Crown edge, gum line and end of the gum above the middle of the arch, decimetres on the base mesh. */
const HEIGHTS = {
  upper: { edge: 6.564, gum: 6.657, end: 6.79, front: 1.475 },
  lower: { edge: 6.567, gum: 6.489, end: 6.42, front: 1.432 },
} as const;
/** How far each tooth's edge stands back from the incisors', decimetres. */
const SHORTER = [0, 0.004, 0.001, 0.005, 0.008, 0.011, 0.014];
const HALF_WIDTH = { upper: 0.27, lower: 0.252 } as const;
/** Exponent of the arch's half ellipse: below 1 it is squarer, as the row of front teeth is. */
const ARCH = 0.8;
const BACK_Z = 0.97;
/** Steps over each tooth's width: a flat edge between rounded corners. */
const COLUMNS_PER_TOOTH = 3;
const COLUMNS = 14 * COLUMNS_PER_TOOTH + 1;
/** Gum end, gum line, belly, edge outside; edge, belly, gum end inside. */
const ROWS = 7;
/** Chart height of the rows: gum has the upper quarter, crowns the middle, the back the rest. */
const ROW_V = [0, 0.22, 0.42, 0.66, 0.74, 0.86, 1];
const THICKNESS = [0, 0, 0.004, -0.002, -0.018, -0.045, -0.06];

/** An arch of fourteen teeth with its gum as one strip; hangs on the source's dental helper vertices. */
export function teethPart(mesh: SourceMesh, jaw: 'upper' | 'lower', place: AtlasRectangle): LayoutPart {
  const rest = restPositions(jaw);
  const vertexCount = COLUMNS * ROWS;
  const uv = new Float64Array(vertexCount * 2);
  const mirror = new Uint32Array(vertexCount);
  const triangles: number[] = [];
  const along = columnArc(jaw);
  for (let column = 0; column < COLUMNS; column++)
    for (let row = 0; row < ROWS; row++) {
      const v = column * ROWS + row;
      const height = jaw === 'upper' ? ROW_V[row] : 1 - ROW_V[row];
      uv.set([place.u + place.width * (0.5 + 0.5 * along[column]), place.v + place.height * height], v * 2);
      mirror[v] = (COLUMNS - 1 - column) * ROWS + row;
      if (column + 1 === COLUMNS || row + 1 === ROWS) continue;
      const [a, b, c, d] = [v, v + 1, v + ROWS, v + ROWS + 1];
      const left = column < COLUMNS / 2 - 1;
      const quad = left ? [a, b, d, a, d, c] : [a, b, c, c, b, d];
      if (jaw === 'lower')
        for (let i = 0; i < 6; i += 3) [quad[i + 1], quad[i + 2]] = [quad[i + 2], quad[i + 1]];
      triangles.push(...quad);
    }
  const name = jaw === 'upper' ? 'teethUpper' : 'teethLower';
  return {
    name,
    vertexCount,
    triangles: Uint32Array.from(triangles),
    uv,
    mirrorPart: name,
    mirror,
    weldKeys: undefined,
    place: followHelpers(mesh, rest, TEETH_RANGES[jaw]),
  };
}

/** Column positions along the arch in [-1, 1]: x grows with the column. */
function columnArc(jaw: 'upper' | 'lower'): number[] {
  const widths = WIDTHS[jaw];
  const half = [0];
  for (const width of widths)
    for (let i = 0; i < COLUMNS_PER_TOOTH; i++) half.push(half[half.length - 1] + width / COLUMNS_PER_TOOTH);
  const total = half[half.length - 1];
  return [
    ...half
      .slice(1)
      .reverse()
      .map((s) => -s / total),
    ...half.map((s) => s / total),
  ];
}

function restPositions(jaw: 'upper' | 'lower'): Float64Array {
  const { edge, gum, end, front } = HEIGHTS[jaw];
  const sign = jaw === 'upper' ? 1 : -1;
  const rest = new Float64Array(COLUMNS * ROWS * 3);
  columnArc(jaw).forEach((s, column) => {
    // Equal steps of s are nearly equal steps of arc on this half ellipse, steeper at the back.
    const angle = 1.42 * Math.sign(s) * Math.abs(s) ** 0.9;
    const fromMiddle = Math.abs(column - (COLUMNS - 1) / 2);
    const isGap = fromMiddle % COLUMNS_PER_TOOTH === 0;
    const shorter = SHORTER[Math.min(6, Math.floor(fromMiddle / COLUMNS_PER_TOOTH))];
    const notch = isGap ? 0.005 : 0;
    const heights = [
      end,
      gum - sign * (isGap ? 0.012 : 0),
      (gum + edge) / 2,
      edge + sign * (shorter + notch),
      edge + sign * (shorter + notch + 0.004),
      (gum + edge) / 2,
      end,
    ];
    for (let row = 0; row < ROWS; row++) {
      const bulge = row === 0 || row > 4 ? 0 : isGap ? -0.006 : 0.002;
      const out = THICKNESS[row] + bulge;
      rest.set(
        [
          (HALF_WIDTH[jaw] + out) * Math.sign(angle) * Math.abs(Math.sin(angle)) ** ARCH,
          heights[row],
          BACK_Z + (front - BACK_Z + out) * Math.cos(angle) ** ARCH,
        ],
        (column * ROWS + row) * 3,
      );
    }
  });
  return rest;
}

const NEAREST = 6;

/** Moves each rest vertex with the mean motion of its nearest helper vertices. */
function followHelpers(
  mesh: SourceMesh,
  rest: Float64Array,
  [first, end]: readonly [number, number],
): LayoutPart['place'] {
  const count = rest.length / 3;
  const vertices = new Uint32Array(count * NEAREST);
  const weights = new Float64Array(count * NEAREST);
  for (let v = 0; v < count; v++) {
    const near = Array.from({ length: end - first }, (_, i) => first + i)
      .map((helper) => ({
        helper,
        // Rounded so that ties fall the same way on both sides.
        distance: +Math.hypot(
          ...[0, 1, 2].map((c) => rest[v * 3 + c] - mesh.positions[helper * 3 + c]),
        ).toFixed(6),
      }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, NEAREST);
    const total = near.reduce((sum, { distance }) => sum + 1 / (distance + 0.02), 0);
    near.forEach(({ helper, distance }, k) => {
      vertices[v * NEAREST + k] = helper;
      weights[v * NEAREST + k] = 1 / (distance + 0.02) / total;
    });
  }
  return (source, out, firstOut) => {
    for (let v = 0; v < count; v++)
      for (let c = 0; c < 3; c++) {
        let moved = rest[v * 3 + c];
        for (let k = v * NEAREST; k < (v + 1) * NEAREST; k++)
          moved += weights[k] * (source[vertices[k] * 3 + c] - mesh.positions[vertices[k] * 3 + c]);
        out[(firstOut + v) * 3 + c] = moved;
      }
  };
}
