import { encodeSrgb, type ColorImage } from '#common/image/colorImage';
import type { HeadModel } from '#common/head/headModel';
import type { HeadChart } from '#common/reconstruction/texture/head/headChart';
import { interpolateAtTexel } from '#common/reconstruction/texture/head/headChart';
import { LID_RING, lidRings, MOST_RINGS } from '#common/head/lidRings';
import type { LinearColor } from '#common/reconstruction/texture/view/pictureTone';
import { modelVertexOf, type TextureInput } from '#common/reconstruction/texture/textureInput';
import { smoothStep } from '#common/math/smoothStep';
import { squared } from '#common/math/portableMath';

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
 * Lash lines by ring of the lid (`lidRings`): from the rim's outer edge (at the inner corner, where the rim faces the
 * camera, from the margin) to ring `inner` at the inner corner and `outer` from the middle outwards. On the edge, not
 * on the rim, which turns away from the camera as the lid closes: what is seen of a closed eye is the edge. The line
 * reaches both corners; a tracker reads lids without one, or with a faint one, as open.
 */
const UPPER_LASHES = { inner: 4.8, outer: 5.5, strength: 0.95 } as const;
const LOWER_LASHES = { inner: 2.2, outer: 4.1, strength: 0.35 } as const;
/** Rings over which a lash line fades. */
const LASH_FADE = 0.9;
/** The upper rim lies in the lashes' shade: share of the lashes' colour, from where along the lid on (a closing lid turns its inner end out). */
const RIM_SHADE = 0.75;
const RIM_FROM = [0.1, 0.4] as const;
/** Flesh inside the lids, which shows in the corners only: shares of the lid's colour (encoded). */
const INSIDE = [0.62, 0.46, 0.42] as const;
/** The lash line's brightness as a share of the lid's (encoded), mixed half and half with the hair's colour. */
const LASH_SHADE = 0.14;
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
export function paintLids(
  input: Pick<TextureInput, 'geometry' | 'model' | 'modelVertices'>,
  chart: HeadChart,
  hair: LinearColor,
  lids: LidTarget,
): void {
  const rings = ringsOfChart(input, chart, lids.number);
  for (const eye of [RIGHT, LEFT]) {
    const shape = lidShape(input.model, chart.size, eye);
    paintLid(chart, lids, { ...shape, rings }, hair);
  }
}

/** Ring of each skin texel, S x S; MOST_RINGS away from the eyes. */
function ringsOfChart(
  input: Pick<TextureInput, 'geometry' | 'model' | 'modelVertices'>,
  chart: HeadChart,
  number: number,
): Float32Array {
  const { geometry, model } = input;
  const ofModel = lidRings(model);
  const { firstVertex, vertexCount } = geometry.parts[number - 1];
  const values = new Float32Array(geometry.positions.length / 3).fill(MOST_RINGS);
  for (let vertex = firstVertex; vertex < firstVertex + vertexCount; vertex++) {
    values[vertex] = ofModel[modelVertexOf(input, vertex)];
  }
  const rings = new Float32Array(chart.size * chart.size).fill(MOST_RINGS);
  const at = new Float64Array(1);
  for (const texel of chart.parts[number].texels) {
    interpolateAtTexel(chart, geometry.indices, { values, stride: 1 }, texel, at);
    rings[texel] = at[0];
  }
  return rings;
}

interface LidShape {
  /** First column and, per column from there, the rows of margins and fold. */
  readonly left: number;
  readonly upper: Float32Array;
  readonly lower: Float32Array;
  readonly fold: Float32Array;
  /** Columns of the corners. */
  readonly corners: readonly [number, number];
  /** Rows of the corners' points, in the order of `corners`. */
  readonly cornerRows: readonly [number, number];
  /** Whether x grows from the inner to the outer corner. */
  readonly isLeft: boolean;
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
    cornerRows:
      upper[0][0] < upper[upper.length - 1][0]
        ? [upper[0][1], upper[upper.length - 1][1]]
        : [upper[upper.length - 1][1], upper[0][1]],
    isLeft: eye === LEFT,
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

function paintLid(
  chart: HeadChart,
  lids: LidTarget,
  shape: LidShape & { readonly rings: Float32Array },
  hair: LinearColor,
): void {
  const { size, part } = chart;
  const { target, known, number } = lids;
  const unit = size / 1024;
  const lid = lidColor(chart, lids, shape);
  const across = colorsAcross(chart, lids, shape, lid);
  const lidLuminance = luminance(lid);
  const lash = lid.map((value, c) => 0.5 * LASH_SHADE * (value + Math.min(value, encodeSrgb(hair[c]))));
  for (let column = 0; column < shape.upper.length; column++) {
    const x = shape.left + column;
    const { inEye, along, middle } = columnOf(shape, column, unit);
    const upper = shape.upper[column];
    const height = Math.max(2 * unit, upper - shape.fold[column]);
    const round = 1 - 0.09 * squared(2 * along - 1);
    const last = Math.min(size - 1, Math.ceil(Math.max(shape.lower[column], upper) + 14 * unit));
    for (let y = Math.max(0, Math.floor(upper - 1.35 * height)); y <= last; y++) {
      const texel = y * size + x;
      if (part[texel] !== number) continue;
      const ring = shape.rings[texel];
      const up = (upper - y - 0.5) / height;
      const isUpper = smoothStep(-2, 2, (middle - y - 0.5) / unit);
      const inside = 1 - smoothStep(LID_RING.margin, LID_RING.margin + 0.8, ring);
      const clean = Math.max(inside, isUpper * inEye * cleanShare(target.data, texel, up, lidLuminance));
      // The lid bulges over the eyeball: lightest in its middle, in the brow's shade at the fold.
      const shade = round * (1 - 0.1 * smoothStep(0.45, 1, up));
      const rim =
        RIM_SHADE *
        smoothStep(RIM_FROM[0], RIM_FROM[1], along) *
        (1 - smoothStep(LID_RING.edge - 0.5, LID_RING.edge, ring));
      const upperLashes = Math.max(rim, lashShare(ring, along, UPPER_LASHES));
      const lowerLashes = (1 - inside) * lashShare(ring, along, LOWER_LASHES);
      const lashes = inEye * (isUpper * upperLashes + (1 - isUpper) * lowerLashes);
      for (let c = 0; c < 3; c++) {
        const i = texel * 3 + c;
        const painted = across[column * 3 + c] * (shade + (INSIDE[c] - shade) * inside);
        const skin = target.data[i] + (painted - target.data[i]) * clean;
        target.data[i] = skin + (lash[c] - skin) * lashes;
      }
      known[texel] *= 1 - clean;
    }
  }
}

/** What all texels of a column share: how much it is in the eye, 0..1 from the inner to the outer corner, and the row of the line between the corners. */
function columnOf(
  { left, corners, cornerRows, isLeft }: LidShape,
  column: number,
  unit: number,
): { inEye: number; along: number; middle: number } {
  const x = left + column + 0.5;
  const past = Math.max(corners[0] - x, x - corners[1]) / unit;
  const share = Math.min(1, Math.max(0, (x - corners[0]) / (corners[1] - corners[0])));
  return {
    inEye: 1 - smoothStep(CORNER[0], CORNER[1], past),
    along: isLeft ? share : 1 - share,
    middle: cornerRows[0] + share * (cornerRows[1] - cornerRows[0]),
  };
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

/** Strength of a lash line on a ring, `along` from the inner to the outer corner. */
function lashShare(
  ring: number,
  along: number,
  line: { readonly inner: number; readonly outer: number; readonly strength: number },
): number {
  const end = line.inner + (line.outer - line.inner) * smoothStep(0.02, 0.3, along);
  const start = LID_RING.margin + (LID_RING.edge - LID_RING.margin) * smoothStep(0.04, 0.25, along);
  return line.strength * smoothStep(start - 0.6, start, ring) * (1 - smoothStep(end - LASH_FADE, end, ring));
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

/** Columns (S = 1024) to either side whose skin above the fold says how light falls across the lid. */
const ACROSS = 14;
/** Share of the lid's colour that follows it, within these shares of the lid's brightness. */
const FOLLOWS = 0.6;
const FOLLOW_RANGE = [0.85, 1.08] as const;

/** The lid's colour per column: light falls across it as across the skin above the fold. Encoded triples. */
function colorsAcross(
  chart: HeadChart,
  lids: LidTarget,
  shape: LidShape,
  lid: readonly [number, number, number],
): Float32Array {
  const reach = Math.round((ACROSS * chart.size) / 1024);
  const colors = new Float32Array(shape.upper.length * 3);
  for (let column = 0; column < shape.upper.length; column++) {
    const points: [number, number][] = [];
    for (let k = Math.max(0, column - reach); k <= Math.min(shape.upper.length - 1, column + reach); k += 2) {
      const height = shape.upper[k] - shape.fold[k];
      for (const up of [1.1, 1.25, 1.4]) points.push([shape.left + k + 0.5, shape.upper[k] - up * height]);
    }
    const above = medianColor(chart, lids, points, 0, 0.65);
    const ratio = luminance(above) / (luminance(lid) + 1e-6);
    const level = Math.min(FOLLOW_RANGE[1], Math.max(FOLLOW_RANGE[0], ratio)) / (ratio + 1e-6);
    for (let c = 0; c < 3; c++) colors[column * 3 + c] = lid[c] + FOLLOWS * (above[c] * level - lid[c]);
  }
  return colors;
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
