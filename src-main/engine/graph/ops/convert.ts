import type { ElementType, OpDefinition, Tensor } from '#engine/graph/tensor';
import { apply } from '#engine/graph/tensor';

const convertOp: OpDefinition<{ readonly to: ElementType }> = {
  name: 'convert',
  infer: ([x], { to }) => ({ shape: x.shape, elementType: to }),
  evaluate: ([x], { attributes: { to } }) =>
    to === 'float32' ? x : x.map(to === 'int32' ? Math.trunc : (value) => Number(value !== 0)),
  lower: (context, [x], { inputs, attributes: { to } }) => {
    const from = inputs[0].elementType;
    if (to === 'bool') return context.cast(x, 'bool');
    // Indices are carried as float32; what uses them cuts off the fraction.
    return from === 'bool' ? context.cast(x, 'float32') : x;
  },
};

/** Masks and indices as float32; constant under differentiation. */
export function toFloat(x: Tensor): Tensor {
  return x.elementType === 'float32' ? x : apply(convertOp, [x], { to: 'float32' });
}

/** Whole numbers towards zero, for indices. Index arithmetic is done in float32 (exact to 2^24) and converted last. */
export function toIndex(x: Tensor): Tensor {
  return x.elementType === 'int32' ? x : apply(convertOp, [x], { to: 'int32' });
}

const stopOp: OpDefinition<null> = {
  name: 'stopGradient',
  infer: ([x]) => x,
  evaluate: ([x]) => x,
  // It exists for differentiation only; nothing of it is left in the ONNX graph.
  lower: (_, [x]) => x,
};

/** The same values, constant under differentiation. */
export function stopGradient(x: Tensor): Tensor {
  return apply(stopOp, [x], null);
}

const identityOp: OpDefinition<null> = {
  name: 'identity',
  infer: ([x]) => x,
  evaluate: ([x]) => x,
  gradient: (g) => [g],
  lower: (context, inputs) => context.node('Identity', inputs),
};

/** A copy: how values move between a device and the host. */
export function identity(x: Tensor): Tensor {
  return apply(identityOp, [x], null);
}
