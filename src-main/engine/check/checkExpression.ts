import { hashText } from '#common/math/hashText';
import { createSeededRandom } from '#common/math/seededRandom';
import { backpropagate, grad } from '#engine/graph/grad';
import { add, mul } from '#engine/graph/ops/arithmetic';
import { sum } from '#engine/graph/ops/reduce';
import { input } from '#engine/graph/ops/sources';
import { evaluate } from '#engine/graph/reference/evaluate';
import type { ReferenceValues, Tensor } from '#engine/graph/tensor';

/** Runs a lowered expression somewhere: outputs by name for values by name. */
export type RunExpressions = (
  outputs: Readonly<Record<string, Tensor>>,
  feeds: ReadonlyMap<string, ReferenceValues>,
) => Promise<ReadonlyMap<string, ReferenceValues>>;

/** An expression to check: inputs with shapes, and what is built of them. */
export interface ExpressionCase {
  readonly name: string;
  /** Differentiable inputs: shape, and the range values are drawn from (-1 to 1 by default). */
  readonly inputs: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly low?: number; readonly high?: number }>
  >;
  readonly build: (inputs: Readonly<Record<string, Tensor>>) => Tensor;
  /** The gradient is a function worth differentiating again (R1 needs it). */
  readonly isTwiceDifferentiable?: boolean;
}

/** Worst relative errors of one case; undefined where there is nothing to compare. */
export interface ExpressionErrors {
  readonly name: string;
  /** Backend against the float64 reference. */
  readonly value: number;
  /** Symbolic gradient against central differences, both in float64. */
  readonly firstOrder: number;
  /** Backend's gradient against the float64 reference. */
  readonly gradient: number;
  readonly secondOrder?: number;
}

/** Step of the central differences: balances the error of the formula and of float64's 16 digits. */
const STEP = 1e-5;

/**
 * Checks one expression: its values and gradients on a backend against float64, and the gradients against finite
 * differences of the float64 reference along random directions.
 */
export async function checkExpression(
  { name, inputs: declared, build, isTwiceDifferentiable = true }: ExpressionCase,
  run: RunExpressions,
): Promise<ExpressionErrors> {
  const random = createSeededRandom(hashText(name));
  const drawn = (size: number, low = -1, high = 1): ReferenceValues =>
    Float64Array.from({ length: size }, () => Math.fround(low + (high - low) * random.uniform()));
  const inputs: Record<string, Tensor> = {};
  const feeds = new Map<string, ReferenceValues>();
  for (const [key, { shape, low, high }] of Object.entries(declared)) {
    inputs[key] = input(key, shape);
    feeds.set(key, drawn(inputs[key].size, low, high));
  }
  const wrt = Object.values(inputs);
  const output = build(inputs);
  const seed = input('seed', output.shape);
  feeds.set('seed', drawn(output.size));

  const outputs: Record<string, Tensor> = { output };
  const gradients = backpropagate([output], [seed], wrt);
  gradients.forEach((gradient, index) => (outputs[`gradient${index}`] = gradient));
  const reference = evaluate(Object.values(outputs), feeds);
  const measured = await run(outputs, feeds);
  const apart = Object.keys(outputs).map((key, at) => relativeError(measured.get(key), reference[at]));

  const directions = wrt.map(({ size }) => drawn(size));
  const line = { wrt, directions, feeds };
  const errors = {
    name,
    value: apart[0],
    firstOrder: directionalError(sum(mul(output, seed)), gradients, line),
    gradient: Math.max(0, ...apart.slice(1)),
  };
  if (!isTwiceDifferentiable) return errors;
  const energy = gradients.map((gradient) => sum(mul(gradient, gradient))).reduce((a, b) => add(a, b));
  return { ...errors, secondOrder: directionalError(energy, grad(energy, wrt), line) };
}

interface Line {
  readonly wrt: readonly Tensor[];
  readonly directions: readonly ReferenceValues[];
  readonly feeds: ReadonlyMap<string, ReferenceValues>;
}

/** Slope along the direction by central differences against the gradient's inner product with it. */
function directionalError(
  loss: Tensor,
  gradients: readonly Tensor[],
  { wrt, directions, feeds }: Line,
): number {
  const at = (step: number): number => {
    const moved = new Map(feeds);
    wrt.forEach((tensor, index) => {
      const { name } = (tensor as Tensor<{ readonly name: string }>).attributes;
      moved.set(
        name,
        feeds.get(name)!.map((value, k) => value + step * directions[index][k]),
      );
    });
    return evaluate([loss], moved)[0][0];
  };
  const slope = (at(STEP) - at(-STEP)) / (2 * STEP);
  let predicted = 0;
  let size = 0;
  evaluate(gradients, feeds).forEach((gradient, index) => {
    gradient.forEach((value, k) => {
      predicted += value * directions[index][k];
      size += Math.abs(value * directions[index][k]);
    });
  });
  // Against the sum of magnitudes: slopes that cancel to nearly nothing have no digits to compare.
  return Math.abs(slope - predicted) / Math.max(1e-6, size);
}

/** Largest difference relative to the largest magnitude. */
function relativeError(measured: ReferenceValues | undefined, reference: ReferenceValues): number {
  if (measured?.length !== reference.length) return Infinity;
  let worst = 0;
  let scale = 1e-6;
  for (let k = 0; k < reference.length; k++) {
    const difference = Math.abs(measured[k] - reference[k]);
    if (!(difference <= worst)) worst = difference;
    scale = Math.max(scale, Math.abs(reference[k]));
  }
  return worst / scale;
}
