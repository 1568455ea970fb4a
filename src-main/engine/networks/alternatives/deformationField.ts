import { z } from 'zod';
import { add, div, maximum, mul, sub } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { cos, relu, sin, sqrt, square } from '#engine/graph/ops/elementwise';
import { concat, slice } from '#engine/graph/ops/layout';
import { sum } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import { softmax } from '#engine/graph/functions/softmax';
import type { Scope } from '#engine/graph/parameters';
import { normal } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { WeightStart } from '#engine/networks/layers/dense';
import { linear } from '#engine/networks/layers/dense';

const number = z.number();

export const deformationSchema = z.strictObject({
  /** Length of the expression's code. */
  expressionSize: z.int().min(1),
  /** Octaves of the positional encoding. */
  frequencies: z.int().min(1),
  /** Width and number of the hidden layers. */
  hidden: z.int().min(1),
  layers: z.int().min(1),
  /**
   * What moves by itself: where it is (EG3D units, any of the centres) and how far it reaches. A part without centres is
   * everywhere; the first should be.
   */
  parts: z.array(z.strictObject({ centres: z.array(z.tuple([number, number, number])), radius: z.number().positive() })).min(1), // prettier-ignore
});

export type DeformationConfig = z.output<typeof deformationSchema>;

/** How sharply a part ends. */
const SHARPNESS = 6;

/** Fields start by leaving everything where it is (Nerfies, section 3.2). */
const quietStart: WeightStart = () => normal(1e-4);

/** A point as each part sees it, before expression moved it. */
export interface CanonicalPoints {
  /** One for each part, [batch, count, 3]. */
  readonly points: readonly Tensor[];
  /** How much each part counts at a point, [batch, count, parts]; sums to 1. */
  readonly shares: Tensor;
}

/**
 * GenHead's part-wise deformation field (Portrait4D; supplement B), with a rigid motion for each point as in Nerfies
 * (arXiv 2011.12948): from points of a head with an expression to those of the same head without.
 *
 *     point -> sines and cosines ‖ expression -> hidden layers -> rotation, shift -> canonical point
 *
 * Each part has a network of its own. Keys `part{k}.fc{i}.*`, `part{k}.out.*`.
 *
 * @param points [batch, count, 3], EG3D units
 * @param expression [batch, expressionSize]
 */
export function canonicalPoints(
  scope: Scope,
  points: Tensor,
  expression: Tensor,
  config: DeformationConfig,
): CanonicalPoints {
  const [batch, count] = points.shape;
  const code = reshape(expression, [batch, 1, expression.shape[1]]);
  const seen = concat([positions(points, config.frequencies), broadcastTo(code, [batch, count, expression.shape[1]])], 2); // prettier-ignore
  const moved = config.parts.map((_, index) => {
    const part = scope.child(`part${index}`);
    let x = seen;
    for (let layer = 0; layer < config.layers; layer++)
      x = relu(linear(part.child(`fc${layer}`), x, config.hidden));
    const motion = linear(part.child('out'), x, 6, { start: quietStart });
    return moveRigidly(points, slice(motion, { 2: [0, 3] }), slice(motion, { 2: [3, 6] }));
  });
  return { points: moved, shares: partShares(points, config) };
}

/** The point itself, and sines and cosines of it in octaves (NeRF, equation 4): [batch, count, 3 + 6 * octaves]. */
function positions(points: Tensor, octaves: number): Tensor {
  const waves = Array.from({ length: octaves }, (_, octave) => mul(points, Math.PI * 2 ** octave));
  return concat([points, ...waves.flatMap((wave) => [sin(wave), cos(wave)])], 2);
}

/**
 * Rotates about an axis (its length is the angle, Rodrigues' formula), then shifts.
 *
 * @param points [batch, count, 3]
 * @param rotation [batch, count, 3], radians
 * @param shift [batch, count, 3]
 */
function moveRigidly(points: Tensor, rotation: Tensor, shift: Tensor): Tensor {
  const angle = sqrt(add(sum(square(rotation), [2], { keepAxes: true }), 1e-12));
  const axis = div(rotation, angle);
  const along = mul(axis, mul(sum(mul(axis, points), [2], { keepAxes: true }), sub(1, cos(angle))));
  const turned = add(add(mul(points, cos(angle)), mul(cross(axis, points), sin(angle))), along);
  return add(turned, shift);
}

function cross(a: Tensor, b: Tensor): Tensor {
  const part = (x: Tensor, axis: number): Tensor => slice(x, { 2: [axis, axis + 1] });
  const component = (i: number, j: number): Tensor =>
    sub(mul(part(a, i), part(b, j)), mul(part(a, j), part(b, i)));
  return concat([component(1, 2), component(2, 0), component(0, 1)], 2);
}

/** Soft membership: parts win near their centres, the one without centres elsewhere. */
function partShares(points: Tensor, { parts }: DeformationConfig): Tensor {
  const [batch, count] = points.shape;
  const nearness = parts.map(({ centres, radius }) => {
    const ofCentres = centres.map((centre) => {
      const distance = sum(square(sub(points, constant(centre, [3]))), [2], { keepAxes: true });
      return mul(sub(1, mul(distance, 1 / radius ** 2)), SHARPNESS);
    });
    if (ofCentres.length === 0) return constant(new Float32Array(batch * count), [batch, count, 1]);
    return ofCentres.reduce((nearest, other) => maximum(nearest, other));
  });
  return softmax(concat(nearness, 2));
}
