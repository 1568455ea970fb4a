import { encodeSrgb, type ColorImage } from '#common/image/colorImage';
import type { HeadModel } from '#common/head/headModel';
import type { HeadChart } from '#common/reconstruction/texture/head/headChart';
import type { LinearColor } from '#common/reconstruction/texture/view/pictureTone';
import { insideDistance } from '#common/reconstruction/texture/view/landmarkPolygons';
import { smoothStep } from '#common/math/smoothStep';

/** One eye's lids by MediaPipe point number. */
interface LidLandmarks {
  /** Upper and lower lid margin, corner to corner. */
  readonly upper: readonly number[];
  readonly lower: readonly number[];
  /** The fold above the upper lid. */
  readonly fold: readonly number[];
  /** Skin below the eye. */
  readonly cheek: readonly number[];
}

const RIGHT: LidLandmarks = {
  upper: [33, 246, 161, 160, 159, 158, 157, 173, 133],
  lower: [33, 7, 163, 144, 145, 153, 154, 155, 133],
  fold: [247, 30, 29, 27, 28, 56, 190],
  cheek: [117, 118, 119, 101, 50],
};
const LEFT: LidLandmarks = {
  upper: [263, 466, 388, 387, 386, 385, 384, 398, 362],
  lower: [263, 249, 390, 373, 374, 380, 381, 382, 362],
  fold: [467, 260, 259, 257, 258, 286, 414],
  cheek: [346, 347, 348, 330, 280],
};

/** Shares of the way from the margin to the fold over which the clean lid gives way to the seen skin. */
const CLEAN = [0.6, 1.05] as const;
/** The same where the seen texel is much darker than the lid: brow hair and the fold's shadow reach down. */
const CLEAN_DARK = [0.95, 1.3] as const;
/** Encoded luminance by which such a texel is darker than the lid. */
const DARKER = [0.08, 0.2] as const;
/** Lid skin is no darker and no lighter than these shares of the cheek below (encoded). */
const LID_RANGE = [0.8, 1] as const;
/**
 * Lash lines: texels (S = 1024, about .25 mm each) outside the margin's points from which they begin to fade and where they
 * end, and their strength. The points lie on the rim's inner edge, so that its outer edge is some texels outside them.
 */
const UPPER_LASHES = { from: 9, to: 16, strength: 0.85 } as const;
const LOWER_LASHES = { from: 3, to: 8, strength: 0.25 } as const;
/** The lash line's brightness as a share of the lid's (encoded), mixed half and half with the hair's colour. */
const LASH_SHADE = 0.22;
/** Texels (S = 1024) past the corners' points where the lids begin to end, and where they have ended. */
const CORNER = [8, 20] as const;

/** What the completed skin is repainted in. */
export interface LidTarget {
  /** S x S, encoded; all skin texels filled. */
  readonly target: ColorImage;
  /** Per texel how well it is known, [0, 1]: repainted texels become unknown, so that they get grain. */
  readonly known: Float32Array;
  /** Number of the skin part. */
  readonly number: number;
}

/**
 * Paints the upper lids clean from margin to fold, and the lash lines. A portrait shows open eyes: what it has of the
 * lid is a strip of a pixel or two with the fold's shadow, lashes and brow hair in it, which a closing lid would
 * stretch over the whole eye.
 * @param hair colour of the hair, linear light: the lashes' hue.
 */
export function paintLids(model: HeadModel, chart: HeadChart, hair: LinearColor, lids: LidTarget): void {
  for (const eye of [RIGHT, LEFT]) {
    const shape = lidShape(model, chart.size, eye);
    paintLid(chart, lids, shape, hair);
  }
}

interface LidShape {
  /** First column and, per column from there, the rows of margins and fold. */
  readonly left: number;
  readonly upper: Float32Array;
  readonly lower: Float32Array;
  readonly fold: Float32Array;
  /** Columns of the corners. */
  readonly corners: readonly [number, number];
  /** The opening: closed outline along both margins, x and y in turn. */
  readonly outline: Float64Array;
  /** Texel positions of the cheek's points. */
  readonly cheek: readonly (readonly [number, number])[];
}

function lidShape(model: HeadModel, size: number, eye: LidLandmarks): LidShape {
  const place = (landmark: number) => chartPoint(model, size, landmark);
  const [upper, lower, fold] = [eye.upper, eye.lower, eye.fold].map((list) => list.map(place));
  const xs = upper.concat(lower).map(([x]) => x);
  const corners: [number, number] = [Math.min(...xs), Math.max(...xs)];
  const pad = (CORNER[1] * size) / 1024;
  const left = Math.max(0, Math.floor(corners[0] - pad));
  const width = Math.ceil(corners[1] + pad) - left;
  return {
    left,
    upper: rowsOf(upper, left, width),
    lower: rowsOf(lower, left, width),
    fold: rowsOf(fold, left, width),
    corners,
    outline: Float64Array.from(lower.concat(upper.slice(1, -1).reverse()).flat()),
    cheek: eye.cheek.map(place),
  };
}

/** Where a landmark lies in the chart, texels. */
function chartPoint(model: HeadModel, size: number, landmark: number): [number, number] {
  let [x, y] = [0, 0];
  for (let corner = landmark * 3; corner < landmark * 3 + 3; corner++) {
    const vertex = model.landmarkVertices[corner];
    x += model.landmarkWeights[corner] * model.uvs[vertex * 2] * size;
    y += model.landmarkWeights[corner] * model.uvs[vertex * 2 + 1] * size;
  }
  return [x, y];
}

/** A line through the points, read at the middle of each column; level beyond its ends. */
function rowsOf(points: readonly (readonly [number, number])[], left: number, width: number): Float32Array {
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  const rows = new Float32Array(width);
  for (let column = 0; column < width; column++) {
    const x = left + column + 0.5;
    const next = sorted.findIndex((point) => point[0] > x);
    if (next <= 0) {
      rows[column] = sorted[next === 0 ? 0 : sorted.length - 1][1];
      continue;
    }
    const [a, b] = [sorted[next - 1], sorted[next]];
    rows[column] = a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0]);
  }
  return rows;
}

function paintLid(chart: HeadChart, lids: LidTarget, shape: LidShape, hair: LinearColor): void {
  const { size, part } = chart;
  const { target, known, number } = lids;
  const unit = size / 1024;
  const lid = lidColor(chart, lids, shape);
  const lidLuminance = luminance(lid);
  const lash = lid.map((value, c) => 0.5 * LASH_SHADE * (value + Math.min(value, encodeSrgb(hair[c]))));
  for (let column = 0; column < shape.upper.length; column++) {
    const x = shape.left + column;
    const upper = shape.upper[column];
    const height = Math.max(2 * unit, upper - shape.fold[column]);
    const past = Math.max(shape.corners[0] - x - 0.5, x + 0.5 - shape.corners[1]) / unit;
    const inEye = 1 - smoothStep(CORNER[0], CORNER[1], past);
    const along = (x + 0.5 - shape.corners[0]) / (shape.corners[1] - shape.corners[0]);
    const round = 1 - 0.09 * (2 * along - 1) ** 2;
    const last = Math.min(size - 1, Math.ceil(Math.max(shape.lower[column], upper) + 8 * unit));
    for (let y = Math.max(0, Math.floor(upper - 1.35 * height)); y <= last; y++) {
      const texel = y * size + x;
      if (part[texel] !== number) continue;
      const up = (upper - y - 0.5) / height;
      const outside = -insideDistance(shape.outline, x + 0.5, y + 0.5) / unit;
      // Between the margins lies the lids' inner side; below the lower one the picture is better.
      const isUpper = y + 0.5 < 0.5 * (upper + shape.lower[column]);
      const clean = isUpper
        ? inEye * cleanShare(target.data, texel, up, lidLuminance)
        : 1 - smoothStep(-1, 2, outside);
      // The lid bulges over the eyeball: lightest in its middle, in the brow's shade at the fold.
      const shade = round * (1 - 0.1 * smoothStep(0.45, 1, up));
      const lashes = inEye * lashShare(outside, isUpper ? UPPER_LASHES : LOWER_LASHES);
      for (let c = 0; c < 3; c++) {
        const i = texel * 3 + c;
        const skin = target.data[i] + (lid[c] * shade - target.data[i]) * clean;
        target.data[i] = skin + (lash[c] - skin) * lashes;
      }
      known[texel] *= 1 - clean;
    }
  }
}

/** How far a texel `up` the lid (0 at the margin, 1 at the fold) is repainted. */
function cleanShare(data: Float32Array, texel: number, up: number, lidLuminance: number): number {
  const dark = smoothStep(
    DARKER[0],
    DARKER[1],
    lidLuminance - luminance(data.subarray(texel * 3, texel * 3 + 3)),
  );
  const plain = 1 - smoothStep(CLEAN[0], CLEAN[1], up);
  const darkened = 1 - smoothStep(CLEAN_DARK[0], CLEAN_DARK[1], up);
  return Math.max(plain, dark * darkened);
}

/** Strength of a lash line that many texels outside the margin. */
function lashShare(
  outside: number,
  line: { readonly from: number; readonly to: number; readonly strength: number },
): number {
  return line.strength * smoothStep(-2, 1, outside) * (1 - smoothStep(line.from, line.to, outside));
}

/** The lid's own colour where it agrees with the cheek below, else the cheek's, a little darker. Encoded. */
function lidColor(chart: HeadChart, lids: LidTarget, shape: LidShape): [number, number, number] {
  const cheek = medianColor(chart, lids, shape.cheek, (6 * chart.size) / 1024);
  const strip: [number, number][] = [];
  for (let column = 0; column < shape.upper.length; column++) {
    const height = shape.upper[column] - shape.fold[column];
    for (const up of [0.5, 0.7, 0.9, 1.1]) {
      const row = shape.upper[column] - up * height;
      strip.push([shape.left + column + 0.5, row]);
    }
  }
  const own = medianColor(chart, lids, strip, 0, 0.75);
  const level = Math.min(LID_RANGE[1], Math.max(LID_RANGE[0], luminance(own) / (luminance(cheek) + 1e-6)));
  const scale = (level * luminance(cheek)) / (luminance(own) + 1e-6);
  // Two thirds of the own hue: lids are seldom quite the cheek's colour.
  return [0, 1, 2].map((c) => (2 * own[c] * scale + cheek[c] * level) / 3) as [number, number, number];
}

/** Mean colour of the skin around the given points whose luminance is within a tenth of the `at` quantile. */
function medianColor(
  chart: HeadChart,
  lids: LidTarget,
  points: readonly (readonly [number, number])[],
  reach: number,
  at = 0.5,
): [number, number, number] {
  const { size, part } = chart;
  const { data } = lids.target;
  const texels: number[] = [];
  for (const [px, py] of points) {
    for (let y = Math.floor(py - reach); y <= py + reach; y++) {
      for (let x = Math.floor(px - reach); x <= px + reach; x++) {
        if (x < 0 || y < 0 || x >= size || y >= size) continue;
        if (part[y * size + x] === lids.number) texels.push(y * size + x);
      }
    }
  }
  if (texels.length === 0) return [0.5, 0.4, 0.35];
  const keyed = texels.map((texel) => ({ texel, key: luminance(data.subarray(texel * 3, texel * 3 + 3)) }));
  keyed.sort((a, b) => a.key - b.key);
  const low = Math.floor((at - 0.1) * keyed.length);
  const kept = keyed.slice(low, Math.max(low + 1, Math.floor((at + 0.1) * keyed.length)));
  return [0, 1, 2].map(
    (c) => kept.reduce((sum, { texel }) => sum + data[texel * 3 + c], 0) / kept.length,
  ) as [number, number, number];
}

function luminance(color: ArrayLike<number>): number {
  return 0.3 * color[0] + 0.6 * color[1] + 0.1 * color[2];
}
