import { landmarkPositions } from '#common/head/evaluateHead';
import type { HeadModel } from '#common/head/headModel';
import { smoothStep } from '#common/math/smoothStep';
import { facePolylines, heightAt } from '#common/synthetic/heads/skin/facePolylines';

/**
 * What is taken of each lip's height. On photographs with closed lips the upper one is 0.089 eye distances high and the lower
 * 0.152, on people drawn from `shapePrior` 0.118 and 0.184 (the tracker reads synthetic lips 0.01 thinner than they are).
 */
const UPPER_CUT = 0.18;
const LOWER_CUT = 0.14;

/** How far above and below the lips skin follows their borders, metres on the mean head. */
const PHILTRUM = 0.0125;
const CHIN_FOLD = 0.012;

/** Landmarks of the borders' and of the gap's middles. */
const [TOP, INNER_TOP, INNER_BOTTOM, BOTTOM] = [0, 13, 14, 17];

/**
 * Brings the borders of a person's lips nearer to where the lips meet, each by a share of its own height, so that full
 * lips stay fuller than thin ones. The line between the lips, the corners and the chin stay.
 *
 * @param positions vertexCount * 3, neutral, metres; skin is changed
 */
export function thinLips(model: HeadModel, positions: Float32Array): void {
  const skin = model.parts.find(({ name }) => name === 'skin');
  if (skin === undefined) return;
  const lines = facePolylines(model);
  const own = landmarkPositions(model, positions);
  const upperLip = own[TOP * 3 + 1] - own[INNER_TOP * 3 + 1];
  const lowerLip = own[INNER_BOTTOM * 3 + 1] - own[BOTTOM * 3 + 1];
  const mean = { upper: lines.lipTop[0][1] - lines.lipInnerTop[0][1], lower: lines.lipInnerBottom[0][1] - lines.lipBottom[0][1] }; // prettier-ignore
  const corner = lines.lipTop[lines.lipTop.length - 1];
  for (let v = skin.firstVertex; v < skin.firstVertex + skin.vertexCount; v++) {
    const x = Math.abs(model.template[v * 3]);
    const y = model.template[v * 3 + 1];
    // Lips' insides lie behind their corners' front.
    if (x > corner[0] + 0.004 || model.template[v * 3 + 2] < corner[2] - 0.006) continue;
    const [top, bottom] = [heightAt(lines.lipTop, x), heightAt(lines.lipBottom, x)];
    const [above, below] = [heightAt(lines.lipInnerTop, x), heightAt(lines.lipInnerBottom, x)];
    const up = follow(y, above, top, top + PHILTRUM) * ((top - above) / mean.upper);
    const down = follow(-y, -below, -bottom, -bottom + CHIN_FOLD) * ((below - bottom) / mean.lower);
    positions[v * 3 + 1] += down * LOWER_CUT * lowerLip - up * UPPER_CUT * upperLip;
    positions[v * 3 + 2] -= 0.12 * (down * lowerLip + up * upperLip);
  }
}

/** 0 at the lip's inner edge, 1 at its border, 0 again where skin stays. */
function follow(y: number, inner: number, border: number, end: number): number {
  if (y <= inner) return 0;
  if (y <= border) return (y - inner) / Math.max(1e-4, border - inner);
  return 1 - smoothStep(border - 0.25 * (end - border), end, y);
}
