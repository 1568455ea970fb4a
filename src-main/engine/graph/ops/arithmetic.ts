import { broadcastShapes, broadcastStrides, forEachIndex, offsetOf } from '#engine/graph/shape';
import type { ElementType, OpDefinition, Shape, Tensor } from '#engine/graph/tensor';
import { apply, requireFloats, sameShape, typeError } from '#engine/graph/tensor';
import { stretchedFrom, sumTo } from '#engine/graph/ops/broadcast';
import { log, neg, sqrt, square } from '#engine/graph/ops/elementwise';
import type { Operand } from '#engine/graph/ops/sources';
import { asTensor, scalar, scalarValue } from '#engine/graph/ops/sources';

type BinaryOp = OpDefinition<null>;

interface BinaryRule {
  readonly name: string;
  readonly operator: string;
  readonly compute: (a: number, b: number) => number;
  readonly result?: ElementType;
  /** Gradients for both operands in the output's shape; they are summed to the operands' shapes afterwards. */
  readonly gradient?: (g: Tensor, a: Tensor, b: Tensor) => readonly [Tensor | undefined, Tensor | undefined];
}

function binaryOp({ name, operator, compute, result = 'float32', gradient }: BinaryRule): BinaryOp {
  return {
    name,
    infer: (inputs) => {
      requireFloats(name, inputs);
      return { shape: broadcastShapes(name, inputs), elementType: result };
    },
    evaluate: ([a, b], node) => zip(node, a, b, compute),
    ...(gradient && {
      gradient: (g: Tensor, { inputs: [a, b] }: Tensor<null>) => {
        const [forA, forB] = gradient(g, a, b);
        return [forA && sumTo(forA, a.shape), forB && sumTo(forB, b.shape)];
      },
    }),
    lower: (context, inputs) => context.node(operator, inputs),
  };
}

function zip(
  node: { readonly shape: Shape; readonly size: number; readonly inputs: readonly Tensor[] },
  a: Float64Array,
  b: Float64Array,
  compute: (a: number, b: number) => number,
): Float64Array {
  const result = new Float64Array(node.size);
  const strideA = broadcastStrides(node.inputs[0].shape, node.shape);
  const strideB = broadcastStrides(node.inputs[1].shape, node.shape);
  forEachIndex(node.shape, (flat, at) => {
    result[flat] = compute(a[offsetOf(at, strideA)], b[offsetOf(at, strideB)]);
  });
  return result;
}

const addOp = binaryOp({
  name: 'add',
  operator: 'Add',
  compute: (a, b) => a + b,
  gradient: (g) => [g, g],
});
const subOp = binaryOp({
  name: 'sub',
  operator: 'Sub',
  compute: (a, b) => a - b,
  gradient: (g) => [g, neg(g)],
});
const mulOp = binaryOp({
  name: 'mul',
  operator: 'Mul',
  compute: (a, b) => a * b,
  gradient: (g, a, b) => [mul(g, b), mul(g, a)],
});
const divOp = binaryOp({
  name: 'div',
  operator: 'Div',
  compute: (a, b) => a / b,
  gradient: (g, a, b) => [div(g, b), neg(div(mul(g, a), square(b)))],
});
// Where both are equal each takes half, as in JAX.
const share = (g: Tensor, wins: Tensor, ties: Tensor): Tensor =>
  mul(g, select(ties, scalar(0.5), select(wins, scalar(1), scalar(0))));
const maximumOp = binaryOp({
  name: 'maximum',
  operator: 'Max',
  compute: Math.max,
  gradient: (g, a, b) => [share(g, greater(a, b), equal(a, b)), share(g, greater(b, a), equal(a, b))],
});
const minimumOp = binaryOp({
  name: 'minimum',
  operator: 'Min',
  compute: Math.min,
  gradient: (g, a, b) => [share(g, greater(b, a), equal(a, b)), share(g, greater(a, b), equal(a, b))],
});
const plainPowOp = binaryOp({
  name: 'pow',
  operator: 'Pow',
  compute: (a, b) => a ** b,
  // The exponent's gradient is 0 where the base is not positive: its logarithm is no number there.
  gradient: (g, a, b) => [
    mul(g, mul(b, pow(a, sub(b, 1)))),
    mul(g, mul(pow(a, b), log(select(greater(a, 0), a, scalar(1))))),
  ],
});
const powOp: BinaryOp = {
  ...plainPowOp,
  // WebGPU's Pow fails ("raw_hash_map::at") where a whole array broadcasts, so arrays are stretched before.
  lower: (context, inputs, node) => {
    const stretched = inputs.map((name, index) => {
      const { shape, size } = node.inputs[index];
      const fits = size === 1 || sameShape(shape, node.shape);
      return fits ? name : context.node('Expand', [name, context.integers(node.shape)]);
    });
    return context.node('Pow', stretched);
  },
};
const greaterOp = binaryOp({
  name: 'greater',
  operator: 'Greater',
  compute: (a, b) => Number(a > b),
  result: 'bool',
});
const equalOp = binaryOp({
  name: 'equal',
  operator: 'Equal',
  compute: (a, b) => Number(a === b),
  result: 'bool',
});

function binary(op: BinaryOp, a: Operand, b: Operand): Tensor {
  const right = asTensor(b);
  const left = unstretched(asTensor(a), right);
  return apply(op, [left, unstretched(right, left)], null);
}

/** What an operand was stretched from, where the other one stretches it as far anyway: a copy less. */
function unstretched(operand: Tensor, other: Tensor): Tensor {
  const source = stretchedFrom(operand);
  if (source === undefined) return operand;
  const [wide, narrow] = [other.shape.length, source.shape.length];
  const isCovered = wide >= operand.rank && operand.shape.every((size, axis) => {
    const own = source.shape[axis - (operand.rank - narrow)] ?? 1;
    return own === size || other.shape[axis + wide - operand.rank] === size;
  });
  return isCovered ? source : operand;
} // prettier-ignore

/** True where `operand` is a constant `value` and leaving it out does not change the other's shape. */
function isNeutral(operand: Tensor, value: number): boolean {
  return scalarValue(operand) === value;
}

/** a + b, broadcasting. */
export function add(a: Operand, b: Operand): Tensor {
  const [left, right] = [asTensor(a), asTensor(b)];
  if (isNeutral(left, 0)) return right;
  if (isNeutral(right, 0)) return left;
  return binary(addOp, left, right);
}

/** a - b, broadcasting. */
export function sub(a: Operand, b: Operand): Tensor {
  const [left, right] = [asTensor(a), asTensor(b)];
  return isNeutral(right, 0) ? left : binary(subOp, left, right);
}

/** a * b, broadcasting. */
export function mul(a: Operand, b: Operand): Tensor {
  const [left, right] = [asTensor(a), asTensor(b)];
  if (isNeutral(left, 1)) return right;
  if (isNeutral(right, 1)) return left;
  const [x, y] = [scalarValue(left), scalarValue(right)];
  if (x !== undefined && y !== undefined) return scalar(Math.fround(x * y));
  if (x !== undefined) return scaled(right, x);
  if (y !== undefined) return scaled(left, y);
  return binary(mulOp, left, right);
}

/** x * factor; where x is such a product itself, one multiplication does both. */
function scaled(x: Tensor, factor: number): Tensor {
  if (x.op.name === mulOp.name) {
    const known = scalarValue(x.inputs[1]);
    if (known !== undefined) return mul(x.inputs[0], Math.fround(known) * factor);
  }
  return binary(mulOp, x, scalar(factor));
}

/** a / b, broadcasting. */
export function div(a: Operand, b: Operand): Tensor {
  const divisor = scalarValue(asTensor(b));
  return divisor === undefined ? binary(divOp, a, b) : mul(a, 1 / divisor);
}

/** The larger one, elementwise, broadcasting. */
export function maximum(a: Operand, b: Operand): Tensor {
  return binary(maximumOp, a, b);
}

/** The smaller one, elementwise, broadcasting. */
export function minimum(a: Operand, b: Operand): Tensor {
  return binary(minimumOp, a, b);
}

/** a to the power of b, broadcasting; a fractional power of a negative number is NaN. */
export function pow(a: Operand, b: Operand): Tensor {
  const base = asTensor(a);
  switch (scalarValue(asTensor(b))) {
    case 1:
      return base;
    case 2:
      return square(base);
    case 0.5:
      return sqrt(base);
    default:
      return binary(powOp, base, b);
  }
}

/** A mask: a > b. */
export function greater(a: Operand, b: Operand): Tensor {
  return binary(greaterOp, a, b);
}

/** A mask: a == b. */
export function equal(a: Operand, b: Operand): Tensor {
  return binary(equalOp, a, b);
}

/** Limits to [low, high]; the gradient is 0 outside. */
export function clip(x: Tensor, low: number, high: number): Tensor {
  return minimum(maximum(x, low), high);
}

const selectOp: OpDefinition<null> = {
  name: 'select',
  infer: (inputs) => {
    if (inputs[0].elementType !== 'bool' || inputs[1].elementType !== inputs[2].elementType) {
      throw typeError('select', inputs, 'takes a mask and two tensors of one type');
    }
    return { shape: broadcastShapes('select', inputs), elementType: inputs[1].elementType };
  },
  evaluate: ([mask, yes, no], node) => {
    const strides = node.inputs.map(({ shape }) => broadcastStrides(shape, node.shape));
    const result = new Float64Array(node.size);
    forEachIndex(node.shape, (flat, at) => {
      const isYes = mask[offsetOf(at, strides[0])] !== 0;
      result[flat] = isYes ? yes[offsetOf(at, strides[1])] : no[offsetOf(at, strides[2])];
    });
    return result;
  },
  gradient: (g, { inputs: [mask, yes, no] }) => [
    undefined,
    sumTo(select(mask, g, scalar(0)), yes.shape),
    sumTo(select(mask, scalar(0), g), no.shape),
  ],
  lower: (context, inputs) => context.node('Where', inputs),
};

/** `yes` where the mask holds, else `no`, broadcasting. */
export function select(mask: Tensor, yes: Operand, no: Operand): Tensor {
  return apply(selectOp, [mask, asTensor(yes), asTensor(no)], null);
}
