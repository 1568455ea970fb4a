import type { OpDefinition, Shape, Tensor } from '#engine/graph/tensor';
import { apply, requireFloats, shapeError } from '#engine/graph/tensor';
import { requireSizes } from '#engine/graph/shape';
import type { ConvolutionGeometry, ConvolutionOptions } from '#engine/graph/ops/convolution/geometry';
import { convolutionAttributes, forEachProduct, outputSize, resolveGeometry, windowSize } from '#engine/graph/ops/convolution/geometry'; // prettier-ignore
import { lowerInputGradient } from '#engine/graph/ops/convolution/lowerInputGradient';
import { lowerWeightGradient } from '#engine/graph/ops/convolution/lowerWeightGradient';

// A convolution relates three arrays x, weight and y; each operation below computes one from the other two,
// and the gradients of each are the other two. So the family is closed under differentiation.

/** y from x and weight. */
export const convOp: OpDefinition<ConvolutionGeometry> = {
  name: 'conv',
  infer: (inputs, geometry) => {
    requireFloats('conv', inputs);
    const [x, weight] = inputs;
    const { axes, groups } = geometry;
    if (weight.rank !== x.rank)
      throw shapeError('conv', inputs, 'takes a weight with as many axes as the picture');
    if (x.shape[1] !== weight.shape[1] * groups || weight.shape[0] % groups !== 0) {
      throw shapeError(
        'conv',
        inputs,
        `${x.shape[1]} channels in ${groups} group(s) do not meet the weight's ${weight.shape[1]}`,
      );
    }
    const spatial = axes.map((axis, at) => outputSize(x.shape[at + 2], weight.shape[at + 2], axis));
    const shape = [x.shape[0], weight.shape[0], ...spatial];
    requireSizes('conv', inputs, shape);
    return { shape, elementType: 'float32' };
  },
  evaluate: ([x, weight], node) => {
    const y = new Float64Array(node.size);
    const [left, right] = node.inputs;
    const shapes = { x: left.shape, weight: right.shape, y: node.shape };
    forEachProduct(shapes, node.attributes, (i, w, o) => (y[o] += x[i] * weight[w]));
    return y;
  },
  gradient: (g, { inputs: [x, weight], attributes }) => [
    convInput(g, weight, x.shape, attributes),
    convWeight(x, g, weight.shape, attributes),
  ],
  lower: (context, inputs, { attributes }) => context.node('Conv', inputs, convolutionAttributes(attributes)),
};

export interface GivenShape {
  readonly geometry: ConvolutionGeometry;
  /** Shape of what is computed; the other two do not determine it where a stride skips elements. */
  readonly shape: Shape;
}

/** x from y and weight: the adjoint, also called transposed convolution. */
const convInputOp: OpDefinition<GivenShape> = {
  name: 'convInput',
  infer: (inputs, { geometry, shape }) => {
    requireFloats('convInput', inputs);
    const [y, weight] = inputs;
    requireMatch('convInput', inputs, { x: shape, weight: weight.shape, y: y.shape }, geometry);
    return { shape, elementType: 'float32' };
  },
  evaluate: ([y, weight], node) => {
    const x = new Float64Array(node.size);
    const [left, right] = node.inputs;
    const shapes = { x: node.shape, weight: right.shape, y: left.shape };
    forEachProduct(shapes, node.attributes.geometry, (i, w, o) => (x[i] += y[o] * weight[w]));
    return x;
  },
  gradient: (g, { inputs: [y, weight], attributes: { geometry } }) => [
    apply(convOp, [g, weight], geometry),
    convWeight(g, y, weight.shape, geometry),
  ],
  lower: lowerInputGradient,
};

/** weight from x and y. */
const convWeightOp: OpDefinition<GivenShape> = {
  name: 'convWeight',
  infer: (inputs, { geometry, shape }) => {
    requireFloats('convWeight', inputs);
    const [x, y] = inputs;
    requireMatch('convWeight', inputs, { x: x.shape, weight: shape, y: y.shape }, geometry);
    return { shape, elementType: 'float32' };
  },
  evaluate: ([x, y], node) => {
    const weight = new Float64Array(node.size);
    const [left, right] = node.inputs;
    const shapes = { x: left.shape, weight: node.shape, y: right.shape };
    forEachProduct(shapes, node.attributes.geometry, (i, w, o) => (weight[w] += x[i] * y[o]));
    return weight;
  },
  gradient: (g, { inputs: [x, y], attributes: { geometry } }) => [
    convInput(y, g, x.shape, geometry),
    apply(convOp, [x, g], geometry),
  ],
  lower: lowerWeightGradient,
};

function requireMatch(
  op: string,
  inputs: readonly Tensor[],
  { x, weight, y }: { readonly x: Shape; readonly weight: Shape; readonly y: Shape },
  { axes, groups }: ConvolutionGeometry,
): void {
  const fits =
    x.length === y.length && weight.length === y.length && x[0] === y[0] &&
    weight[0] === y[1] && weight[1] * groups === x[1] &&
    axes.every((axis, at) => outputSize(x[at + 2], weight[at + 2], axis) === y[at + 2]); // prettier-ignore
  if (fits) return;
  throw shapeError(
    op,
    inputs,
    `no convolution takes [${x.join(', ')}] with weights [${weight.join(', ')}] to [${y.join(', ')}]`,
  );
}

function convInput(y: Tensor, weight: Tensor, shape: Shape, geometry: ConvolutionGeometry): Tensor {
  return apply(convInputOp, [y, weight], { geometry, shape });
}

function convWeight(x: Tensor, y: Tensor, shape: Shape, geometry: ConvolutionGeometry): Tensor {
  return apply(convWeightOp, [x, y], { geometry, shape });
}

/**
 * Convolution (cross-correlation, as every framework means it) over 1 to 3 spatial axes.
 *
 * @param x [batch, channels, ...spatial]
 * @param weight [outputs, channels / groups, ...kernel]
 * @returns [batch, outputs, ...]
 */
export function conv(x: Tensor, weight: Tensor, options: ConvolutionOptions = {}): Tensor {
  return apply(convOp, [x, weight], resolveGeometry('conv', [x, weight], x.rank - 2, options));
}

/**
 * Transposed convolution: the adjoint of `conv` with the same options.
 *
 * @param x [batch, channels, ...spatial]
 * @param weight [channels, outputs / groups, ...kernel]
 * @returns [batch, outputs, ...], (size - 1) * stride + window - padding (+ `outputPadding`) along each axis
 */
export function convTranspose(
  x: Tensor,
  weight: Tensor,
  { outputPadding = 0, ...options }: ConvolutionOptions & { readonly outputPadding?: number } = {},
): Tensor {
  const geometry = resolveGeometry('convTranspose', [x, weight], x.rank - 2, options);
  const spatial = geometry.axes.map(
    (axis, at) =>
      (x.shape[at + 2] - 1) * axis.stride + windowSize(weight.shape[at + 2], axis) - axis.padBefore - axis.padAfter + outputPadding,
  ); // prettier-ignore
  const shape = [x.shape[0], weight.shape[1] * geometry.groups, ...spatial];
  requireSizes('convTranspose', [x, weight], shape);
  return convInput(x, weight, shape, geometry);
}
