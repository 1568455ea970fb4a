import type { HeadModel } from '#common/head/headModel';
import { smoothStep } from '#common/math/smoothStep';
import type { ClothesStyle } from '#common/synthetic/heads/identityRecipe';
import type { HeadHull } from '#common/synthetic/heads/hair/headHull';
import { norm2, portableAngle, portableCosine, portableSine } from '#common/math/portableMath';

/** A band of cloth about the neck, closed all around its section. */
export interface CollarMesh {
  readonly rest: Float32Array;
  readonly uvs: Float32Array;
  readonly indices: Uint32Array;
  /** 0 at its foot, 1 at its upper edge, one a vertex. */
  readonly heights: Float32Array;
}

/** A point of the section: distance from the neck and height, metres, and how far the opening in front is wider there. */
interface SectionPoint {
  readonly out: number;
  readonly y: number;
  readonly spread: number;
  /** Lies on shoulders and chest rather than in them. */
  readonly rests: boolean;
}

interface CollarShape {
  /** Half the opening in front, radians. */
  readonly open: number;
  /** The section at an azimuth (0 front, pi back), from the inner foot up, over and down, and back inside. */
  readonly section: (azimuth: number) => readonly SectionPoint[];
  /** How uneven knitted cloth hangs, metres. */
  readonly folds: number;
}

const at = (out: number, y: number, spread = 0, rests = false): SectionPoint => ({ out, y, spread, rests });

/** Stand and leaf of a shirt's collar: the leaf is longest at its points in front, which stand apart. */
function shirtSection(spread: number): CollarShape['section'] {
  return (azimuth) => {
    const front = 1 - smoothStep(0.2, 1.3, azimuth);
    const foot = -0.147 + 0.026 * (azimuth / Math.PI);
    const top = foot + 0.027 + 0.01 * (azimuth / Math.PI);
    const leaf = 0.031 + 0.013 * front;
    return [
      at(0.003, foot - 0.008),
      at(0.004, top - 0.004),
      at(0.0055, top),
      at(0.0085, top + 0.0012),
      at(0.0115, top - 0.003, spread * 0.1),
      at(0.0145 + 0.003 * front, top - leaf * 0.5, spread * 0.5, true),
      at(0.019 + 0.007 * front, top - leaf, spread, true),
      at(0.0175 + 0.007 * front, top - leaf - 0.0012, spread, true),
      at(0.0115 + 0.003 * front, top - leaf * 0.5, spread * 0.45, true),
      at(0.0075, top - 0.006, spread * 0.1),
    ];
  };
}

/** A hood lying folded about the neck, thick behind. */
function hoodSection(azimuth: number): SectionPoint[] {
  const back = smoothStep(0.5, 2.6, azimuth);
  const [width, height] = [0.011 + 0.014 * back, 0.015 + 0.011 * back];
  const [centreOut, centreY] = [0.008 + width, -0.142 + 0.034 * (azimuth / Math.PI) + 0.006 * back];
  return Array.from({ length: 12 }, (_, k) => {
    const angle = -Math.PI * 0.75 - (2 * Math.PI * k) / 12;
    // Flat below, fuller above.
    const up = portableSine(angle);
    return at(
      centreOut + width * portableCosine(angle),
      centreY + height * (up > 0 ? up : up * 0.6),
      0,
      up < 0.3,
    );
  });
}

/** A tall knitted band turned down over itself. */
function rollSection(azimuth: number): SectionPoint[] {
  const foot = -0.132 + 0.016 * (azimuth / Math.PI);
  const top = foot + 0.042;
  return [
    at(0.0025, foot - 0.01),
    at(0.003, top - 0.004),
    at(0.0045, top),
    at(0.008, top + 0.001),
    at(0.0105, top - 0.004),
    at(0.0118, top - 0.018),
    at(0.012, top - 0.03, 0, true),
    at(0.0105, top - 0.0335, 0, true),
    at(0.0075, top - 0.034, 0, true),
    at(0.0085, foot - 0.006, 0, true),
  ];
}

const SHAPES: Partial<Record<ClothesStyle, CollarShape>> = {
  shirt: { open: 0.16, section: shirtSection(0.36), folds: 0 },
  suit: { open: 0.04, section: shirtSection(0.3), folds: 0 },
  hoodie: { open: 0, section: hoodSection, folds: 0.0022 },
  turtleneck: { open: 0, section: rollSection, folds: 0.0012 },
};

const AROUND = 56;

/** The collar of a kind of clothes about a person's neck, or nothing for clothes without. */
export function collarMesh(
  style: ClothesStyle,
  neutral: Float32Array,
  model: HeadModel,
  hull: HeadHull,
): CollarMesh | undefined {
  const shape = SHAPES[style];
  if (shape === undefined) return undefined;
  const rows = shape.section(0).length;
  const rest = sweep(shape, neckRadii(model, neutral), rows);
  layDown(rest, shape, rows, hull);
  const uvs: number[] = [];
  const heights: number[] = [];
  for (let column = 0; column <= AROUND; column++)
    for (let row = 0; row < rows; row++) {
      uvs.push(column / AROUND, row / rows);
      heights.push(Math.min(1, Math.max(0, (rest[(column * rows + row) * 3 + 1] + 0.15) / 0.05)));
    }
  const indices = bandIndices(rows);
  if (shape.open > 0) indices.push(...capIndices(0, rows, true), ...capIndices(AROUND * rows, rows, false));
  return {
    rest,
    uvs: Float32Array.from(uvs),
    indices: Uint32Array.from(indices),
    heights: Float32Array.from(heights),
  };
}

/** The section at every azimuth; a closed band's last column lies on its first. */
function sweep({ open, section, folds }: CollarShape, radii: (azimuth: number) => number, rows: number): Float32Array {
  const rest = new Float32Array((AROUND + 1) * rows * 3);
  for (let column = 0; column <= AROUND; column++) {
    const t = column / AROUND;
    for (let row = 0; row < rows; row++) {
      const plain = open + (2 * Math.PI - 2 * open) * t;
      const { out, y, spread } = section(Math.abs(plain > Math.PI ? plain - 2 * Math.PI : plain))[row];
      const edge = open + spread;
      const turn = edge + (2 * Math.PI - 2 * edge) * t;
      const fold = folds * (portableSine(turn * 7 + row * 0.6) + 0.6 * portableSine(turn * 13 + 2 - row)) * smoothStep(0.004, 0.012, out);
      const radius = radii(turn > Math.PI ? turn - 2 * Math.PI : turn) + out + fold;
      rest.set([portableSine(turn) * radius, y + fold * 0.4, NECK_Z + portableCosine(turn) * radius], (column * rows + row) * 3);
    }
  }
  return rest;
} // prettier-ignore

/** Lifts what would lie in the shoulders onto them, smoothly along the band. */
function layDown(rest: Float32Array, { section }: CollarShape, rows: number, hull: HeadHull): void {
  const points = section(0);
  for (let row = 0; row < rows; row++) {
    if (!points[row].rests) continue;
    let lifts = Float32Array.from({ length: AROUND + 1 }, (_, column) => {
      const k = (column * rows + row) * 3;
      return Math.max(0, hull.shoulderY(rest[k], rest[k + 2]) + CLOTH - rest[k + 1]);
    });
    for (let pass = 0; pass < 3; pass++) {
      const before = lifts;
      const last = AROUND;
      lifts = before.map((own, column) => {
        const sides =
          (before[column === 0 ? last - 1 : column - 1] + before[column === last ? 1 : column + 1]) / 2;
        return Math.max(own * 0.8, (own + sides) / 2);
      });
    }
    lifts.forEach((lift, column) => (rest[(column * rows + row) * 3 + 1] += Math.min(lift, 0.032)));
  }
}

/** What the clothes below are thick, metres. */
const CLOTH = 0.0085;

function bandIndices(rows: number): number[] {
  const indices: number[] = [];
  for (let column = 0; column < AROUND; column++)
    for (let row = 0; row < rows; row++) {
      const next = (row + 1) % rows;
      const [a, b] = [column * rows + row, column * rows + next];
      indices.push(a, b, b + rows, a, b + rows, a + rows);
    }
  return indices;
}

/** Closes an end: the section has an outer half and, backwards, an inner one. */
function capIndices(first: number, rows: number, isFirst: boolean): number[] {
  const indices: number[] = [];
  for (let low = 0, high = rows - 1; high - low > 1;) {
    const triangle = (high - low) % 2 === 1 ? [low, low + 1, high] : [low, high - 1, high];
    if ((high - low) % 2 === 1) low++;
    else high--;
    if (isFirst) triangle.reverse();
    indices.push(...triangle.map((row) => first + row));
  }
  return indices;
}

/** The neck's axis, metres. */
const NECK_Z = -0.025;

/** Mean distance of the neck's skin from its axis by azimuth, just below the jaw. */
function neckRadii(model: HeadModel, p: Float32Array): (azimuth: number) => number {
  const sums = new Float32Array(CELLS);
  const counts = new Float32Array(CELLS);
  for (let v = 0; v < model.vertexCount; v++) {
    const y = model.template[v * 3 + 1];
    if (model.regions.neck[v] < 0.3 || y > -0.095 || y < -0.128) continue;
    const x = p[v * 3];
    const z = p[v * 3 + 2] - NECK_Z;
    const cell = Math.floor((portableAngle(x, z) / (2 * Math.PI) + 0.5) * (CELLS - 0.001));
    sums[cell] += norm2(x, z);
    counts[cell]++;
  }
  const whole = sums.reduce((sum, value) => sum + value, 0) / counts.reduce((sum, value) => sum + value, 0);
  const cells = sums.map((sum, k) => (counts[k] > 0 ? sum / counts[k] : whole));
  return (azimuth) => {
    const at = (azimuth / (2 * Math.PI) + 0.5) * CELLS - 0.5;
    const k = Math.floor(at);
    const t = at - k;
    return cells[(k + CELLS) % CELLS] * (1 - t) + cells[(k + 1) % CELLS] * t;
  };
}

const CELLS = 20;
