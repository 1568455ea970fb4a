import { requireSizes } from '#engine/graph/shape';
import type { OpDefinition, Shape, Tensor } from '#engine/graph/tensor';
import { apply, describeShape, sameShape, shapeError, sizeOf } from '#engine/graph/tensor';

const reshapeOp: OpDefinition<{ readonly shape: Shape }> = {
  name: 'reshape',
  infer: ([x], { shape }) => {
    if (sizeOf(shape) !== x.size) {
      throw shapeError('reshape', [x], `${x.size} elements do not fill ${describeShape(shape)}`);
    }
    return { shape, elementType: x.elementType };
  },
  evaluate: ([x]) => x,
  gradient: (g, { inputs: [x] }) => [reshape(g, x.shape)],
  lower: (context, [x], { shape }) => context.node('Reshape', [x, context.integers(shape)]),
};

/** The same elements in another shape; one size may be -1 and is computed. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const open = shape.indexOf(-1);
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const full = open < 0 ? [...shape] : shape.map((size) => (size === -1 ? x.size / known : size));
  requireSizes('reshape', [x], full);
  if (sameShape(full, x.shape)) return x;
  // A chain of reshapes is its last one.
  const source = (x.op as unknown) === reshapeOp ? x.inputs[0] : x;
  return sameShape(full, source.shape) ? source : apply(reshapeOp, [source], { shape: full });
}
