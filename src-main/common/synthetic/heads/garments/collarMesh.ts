import type { HeadModel } from '#common/head/headModel';
import type { ClothesStyle } from '#common/synthetic/heads/identityRecipe';
import type { HeadHull } from '#common/synthetic/heads/hair/headHull';

/** A band of cloth about the neck. */
export interface CollarMesh {
  readonly rest: Float32Array;
  readonly uvs: Float32Array;
  readonly indices: Uint32Array;
  /** 0 at its foot, 1 at its upper edge, one a vertex. */
  readonly heights: Float32Array;
}

interface CollarShape {
  /** Rise of the inner and reach of the outer fold, metres, by azimuth (0 front, pi back). */
  readonly rise: (azimuth: number) => number;
  readonly fold: (azimuth: number) => number;
  /** Room between neck and cloth, metres. */
  readonly room: number;
  /** Half the opening in front, radians. */
  readonly open: number;
  readonly foot: (azimuth: number) => number;
}

const SHAPES: Partial<Record<ClothesStyle, CollarShape>> = {
  shirt: { rise: (a) => 0.026 + 0.008 * (a / Math.PI), fold: (a) => 0.034 - 0.006 * (a / Math.PI), room: 0.006, open: 0.2, foot: (a) => -0.15 + 0.022 * (a / Math.PI) },
  suit: { rise: (a) => 0.028 + 0.008 * (a / Math.PI), fold: (a) => 0.034 - 0.006 * (a / Math.PI), room: 0.005, open: 0.12, foot: (a) => -0.15 + 0.022 * (a / Math.PI) },
  hoodie: { rise: (a) => 0.012 + 0.03 * Math.min(1, a / 1.2), fold: (a) => 0.03 + 0.045 * Math.max(0, (a - 1) / 2.1), room: 0.014, open: 0.08, foot: (a) => -0.155 + 0.035 * (a / Math.PI) },
  turtleneck: { rise: () => 0.042, fold: () => 0.03, room: 0.0045, open: 0, foot: (a) => -0.138 + 0.02 * (a / Math.PI) },
}; // prettier-ignore

const AROUND = 48;
const ROWS = 8;

/** The collar of a kind of clothes about a person's neck, or nothing for clothes without. */
export function collarMesh(
  style: ClothesStyle,
  neutral: Float32Array,
  model: HeadModel,
  hull: HeadHull,
): CollarMesh | undefined {
  const shape = SHAPES[style];
  if (shape === undefined) return undefined;
  const radii = neckRadii(model, neutral);
  const positions: number[] = [];
  const uvs: number[] = [];
  const heights: number[] = [];
  const indices: number[] = [];
  for (let column = 0; column <= AROUND; column++) {
    const turn = shape.open + ((2 * Math.PI - 2 * shape.open) * column) / AROUND;
    const azimuth = turn > Math.PI ? turn - 2 * Math.PI : turn;
    const a = Math.abs(azimuth);
    const neck = radii(azimuth);
    for (let row = 0; row <= ROWS; row++) {
      // Up on the inside, over the edge, down on the outside.
      const s = row / ROWS;
      const isInner = s <= 0.5;
      const share = isInner ? s * 2 : 2 - s * 2;
      const top = shape.foot(a) + shape.rise(a);
      const y = isInner ? shape.foot(a) + shape.rise(a) * share : top - shape.fold(a) * (1 - share);
      const lean = isInner
        ? 0.0015
        : 0.0025 +
          0.007 * Math.sin(Math.PI * Math.min(1, (s - 0.5) * 2.2)) +
          0.35 * Math.max(0, s - 0.5) * shape.fold(a);
      const radius = neck + shape.room + lean;
      const [x, z] = [Math.sin(azimuth) * radius, NECK_Z + Math.cos(azimuth) * radius];
      const ground = hull.shoulderY(x, z);
      positions.push(x, isInner ? y : Math.max(y, Math.min(ground, shape.foot(a)) + 0.004), z);
      uvs.push(column / AROUND, s);
      heights.push(share);
      if (column === 0 || row === 0) continue;
      const v = positions.length / 3 - 1;
      indices.push(v - ROWS - 2, v - 1, v, v - ROWS - 2, v, v - ROWS - 1);
    }
  }
  return {
    rest: Float32Array.from(positions),
    uvs: Float32Array.from(uvs),
    indices: Uint32Array.from(indices),
    heights: Float32Array.from(heights),
  };
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
    const cell = Math.floor((Math.atan2(x, z) / (2 * Math.PI) + 0.5) * (CELLS - 0.001));
    sums[cell] += Math.hypot(x, z);
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
