import type { HeadModel, HeadPart } from '#common/head/headModel';
import { smoothStep } from '#common/math/smoothStep';
import { portableExp, squared } from '#common/math/portableMath';

/** Seams between crowns as shares of the arch's chart, from its middle to its end; the head model's own columns. */
export const UPPER_SEAMS: readonly number[] = [0, 0.076, 0.135, 0.203, 0.266, 0.326, 0.415, 0.5];
export const LOWER_SEAMS: readonly number[] = [0, 0.05, 0.103, 0.167, 0.232, 0.299, 0.402, 0.5];

/** Where the teeth's charts lie across the atlas. */
export const TEETH_CHART = { u: 0.718, width: 0.278 };

/** Heights on the mean head in metres: where the crowns begin and end. */
const UPPER = { gum: -0.038, edge: -0.0474 };
const LOWER = { gum: -0.0545, edge: -0.0461 };

/**
 * Brings the head model's teeth to those of photographs, in place of a bar: incisors two and a half millimetres longer, as wide as
 * they are (the model's first ones are broad, the second ones narrow), edges that rise to the sides as the lower lip does
 * in a smile, notches between them; the lower row lower and further back, so that a smile hides it.
 *
 * @param neutral vertexCount * 3, metres, all parts; changed
 */
export function shapeDentition(model: HeadModel, neutral: Float32Array): void {
  for (const part of model.parts) {
    if (part.name === 'teethUpper') shapeRow(model, part, neutral, moveUpper);
    else if (part.name === 'teethLower') shapeRow(model, part, neutral, moveLower);
  }
}

/** Adds to `by` (x outward, y, z, metres on the mean head) what moves a point of the mean head. */
type Move = (x: number, y: number, seam: number, by: Float64Array) => void;

function shapeRow(model: HeadModel, part: HeadPart, neutral: Float32Array, move: Move): void {
  const size = widthOf(neutral, part) / widthOf(model.template, part);
  const by = new Float64Array(3);
  const seams = part.name === 'teethUpper' ? UPPER_SEAMS : LOWER_SEAMS;
  for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) {
    const share = Math.abs((model.uvs[v * 2] - TEETH_CHART.u) / TEETH_CHART.width - 0.5);
    const nearest = Math.min(...seams.map((seam) => Math.abs(seam - share)));
    const x = model.template[v * 3];
    move(Math.abs(x), model.template[v * 3 + 1], 1 - smoothStep(0.004, 0.012, nearest), by);
    neutral[v * 3] += by[0] * size * Math.sign(x);
    neutral[v * 3 + 1] += by[1] * size;
    neutral[v * 3 + 2] += by[2] * size;
  }
}

function moveUpper(x: number, y: number, seam: number, by: Float64Array): void {
  const crown = smoothStep(UPPER.gum, UPPER.edge, y);
  const side = x / 0.03;
  by[0] = -0.0013 * portableExp(-squared((x - 0.0107) / 0.0028));
  by[1] = crown * (-0.0026 * (1 - smoothStep(0.004, 0.022, x)) + 0.0034 * side * side + 0.0006 * seam);
  by[2] = 0;
}

function moveLower(_: number, y: number, seam: number, by: Float64Array): void {
  const crown = smoothStep(LOWER.gum, LOWER.edge, y);
  by[0] = 0;
  by[1] = -0.0016 - crown * 0.0005 * seam;
  by[2] = -0.0012;
}

function widthOf(positions: ArrayLike<number>, { firstVertex, vertexCount }: HeadPart): number {
  let [low, high] = [Infinity, -Infinity];
  for (let v = firstVertex; v < firstVertex + vertexCount; v++) {
    low = Math.min(low, positions[v * 3]);
    high = Math.max(high, positions[v * 3]);
  }
  return high - low;
}
