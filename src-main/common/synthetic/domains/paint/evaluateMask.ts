import { assertNever } from '#common/contract/errors';
import type { MaskFactor } from '#common/synthetic/domains/paint/maskSchema';
import type { PaintPoints } from '#common/synthetic/domains/paint/paintPoints';
import {
  cellsFactor,
  dotsFactor,
  leadsFactor,
  noiseFactor,
  spotsFactor,
  stripesFactor,
} from '#common/synthetic/domains/paint/patternFactors';
import {
  axisFactor,
  ballFactor,
  discFactor,
  fieldFactor,
  polygonFactor,
  strokeFactor,
} from '#common/synthetic/domains/paint/shapeFactors';

let scratch = new Float32Array(0);

/**
 * Share of a mask at each point, [0, 1]: the product of its factors, 1 for a mask without any.
 *
 * @param out one float a point
 */
export function evaluateMask(mask: readonly MaskFactor[], points: PaintPoints, out: Float32Array): void {
  out.fill(1, 0, points.count);
  if (scratch.length < points.count) scratch = new Float32Array(points.count * 2);
  for (const factor of mask) {
    evaluateFactor(factor, points, scratch);
    const { strength, isInverted } = factor;
    for (let i = 0; i < points.count; i++) {
      const share = isInverted ? 1 - scratch[i] : scratch[i];
      out[i] *= 1 - strength + strength * share;
    }
  }
}

function evaluateFactor(factor: MaskFactor, points: PaintPoints, out: Float32Array): void {
  switch (factor.kind) {
    case 'field':
      return fieldFactor(factor, points, out);
    case 'disc':
      return discFactor(factor, points, out);
    case 'ball':
      return ballFactor(factor, points, out);
    case 'axis':
      return axisFactor(factor, points, out);
    case 'noise':
      return noiseFactor(factor, points, out);
    case 'leads':
      return leadsFactor(factor, points, out);
    case 'cells':
      return cellsFactor(factor, points, out);
    case 'spots':
      return spotsFactor(factor, points, out);
    case 'stroke':
      return strokeFactor(factor, points, out);
    case 'polygon':
      return polygonFactor(factor, points, out);
    case 'stripes':
      return stripesFactor(factor, points, out);
    case 'dots':
      return dotsFactor(factor, points, out);
    default:
      return assertNever(factor, 'mask factor');
  }
}
