import { smoothStep } from './headJoints';
import type { HeadLayout } from './headLayout';
import type { LipSeam } from './lipSeam';
import { curveThrough, type Curve } from './openingCurves';

/** Metres from the seam: the lips themselves move fully, the field ends where chin and nose begin. */
const UPPER_FADE = [0.004, 0.017] as const;
const LOWER_FADE = [0.01, 0.026] as const;
const CORNER_FADE = 0.012;
/** Metres behind the skin's rim over which the mouth's lining stops following. */
const LINING_FADE = [0.004, 0.022] as const;
/** The lips press this far into each other, so that no slit shows through rounding. */
const OVERLAP = 0.00015;

/** +share for upper, -share for lower lip vertices; 0 away from the lips. */
function lipShares(layout: HeadLayout, template: Float64Array, seam: LipSeam): Float64Array {
  const shares = new Float64Array(layout.vertexCount);
  const skin = layout.parts[0];
  const cavity = layout.parts[1];
  const rimZ = Math.max(
    ...Array.from({ length: cavity.vertexCount }, (_, i) => template[(cavity.firstVertex + i) * 3 + 2]),
  );
  for (let v = 0; v < skin.vertexCount + cavity.vertexCount; v++) {
    const x = Math.abs(template[v * 3]);
    const z = template[v * 3 + 2];
    const isLower = seam.isLower[v] === 1;
    const distance = Math.abs(template[v * 3 + 1] - (isLower ? seam.lowerEdge : seam.upperEdge).at(x));
    const [start, end] = isLower ? LOWER_FADE : UPPER_FADE;
    let share = 1 - smoothStep(distance, start, end);
    share *= 1 - smoothStep(x, seam.corner, seam.corner + CORNER_FADE);
    if (v >= cavity.firstVertex) share *= 1 - smoothStep(rimZ - z, LINING_FADE[0], LINING_FADE[1]);
    // The face alone: the neck is as far below the seam in places, and far behind.
    if (z < rimZ - 0.05) share = 0;
    shares[v] = isLower ? -share : share;
  }
  return shares;
}

/** Displacement that brings parted lips of the neutral face together; lips that touch already stay. */
export function closeNeutralLips(layout: HeadLayout, template: Float64Array, seam: LipSeam): Float64Array {
  const field = new Float64Array(template.length);
  const shares = lipShares(layout, template, seam);
  shares.forEach((share, v) => {
    if (share === 0) return;
    const x = Math.abs(template[v * 3]);
    // The mean over 6 mm: the edges' single vertices alternate between front and back of the lip.
    let gap = OVERLAP;
    for (const step of [-0.003, -0.0015, 0, 0.0015, 0.003])
      gap += (seam.upperEdge.at(Math.abs(x + step)) - seam.lowerEdge.at(Math.abs(x + step))) / 5;
    if (gap > 0) field[v * 3 + 1] = (-share * gap) / 2;
  });
  return field;
}

/** Where the closed lips lie between their open positions: 0 at the upper, 1 at the lower lip. */
const MEETING = 0.3;

/**
 * Displacement that closes the mouth while the jaw stays open (`jawOpen` at 1 already added): each lip goes
 * to the line 30 % of the way from the upper to the lower one.
 */
export function closeOpenMouth(
  layout: HeadLayout,
  template: Float64Array,
  seam: LipSeam,
  jawOpen: Float64Array,
): Float64Array {
  const field = new Float64Array(template.length);
  const shares = lipShares(layout, template, seam);
  const upper = edgeMotion(template, seam.upperVertices, jawOpen);
  const lower = edgeMotion(template, seam.lowerVertices, jawOpen);
  shares.forEach((share, v) => {
    if (share === 0) return;
    const x = Math.abs(template[v * 3]);
    // The corner itself belongs to both lips.
    const toCorner = smoothStep(seam.corner - x, 0, 0.008);
    for (let c = 1; c < 3; c++) {
      const meeting = upper[c].at(x) + MEETING * toCorner * (lower[c].at(x) - upper[c].at(x));
      field[v * 3 + c] = Math.abs(share) * (meeting - jawOpen[v * 3 + c]);
    }
  });
  return field;
}

/**
 * What rounds the open mouth: the source's jaw bone drops the lower lip in proportion to the distance from the
 * corner, a V; real mouths open as a U of the same depth.
 */
export function roundOpening(
  layout: HeadLayout,
  template: Float64Array,
  seam: LipSeam,
  jawOpen: Float64Array,
): Float64Array {
  const field = new Float64Array(template.length);
  const upper = edgeMotion(template, seam.upperVertices, jawOpen);
  const lower = edgeMotion(template, seam.lowerVertices, jawOpen);
  lipShares(layout, template, seam).forEach((share, v) => {
    if (share >= 0) return;
    const x = Math.abs(template[v * 3]);
    const along = Math.min(1, x / seam.corner);
    for (let c = 1; c < 3; c++) {
      const deepest = lower[c].at(0) - upper[c].at(0);
      const wanted = upper[c].at(x) + deepest * (1 - along ** 5) * smoothStep(1 - along, 0, 0.15);
      const more = wanted - lower[c].at(x);
      // Only ever more open: the middle and the corner stay as they are.
      if (more * deepest > 0) field[v * 3 + c] = -share * more;
    }
  });
  return field;
}

/** How far jawOpen moves a lip's edge, per coordinate over |x|. */
function edgeMotion(template: Float64Array, vertices: readonly number[], jawOpen: Float64Array): Curve[] {
  return [0, 1, 2].map((c) =>
    curveThrough(
      vertices.map((v) => [Math.abs(template[v * 3]), jawOpen[v * 3 + c]] as const),
      0.0004,
    ),
  );
}
