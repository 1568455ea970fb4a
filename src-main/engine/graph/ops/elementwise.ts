import type { OnnxAttribute } from '#engine/graph/onnx/onnxModel';
import type { OpDefinition, Tensor } from '#engine/graph/tensor';
import { apply, requireFloats, shapeError } from '#engine/graph/tensor';
import { div, mul, sub } from '#engine/graph/ops/arithmetic';
import { lowerSine } from '#engine/graph/ops/lowerSine';

type UnaryOp = OpDefinition<null>;

interface UnaryRule {
  readonly name: string;
  readonly operator: string;
  readonly compute: (x: number) => number;
  /** `y` is the operation's own result. Absent where the derivative is zero almost everywhere. */
  readonly gradient?: (g: Tensor, x: Tensor, y: Tensor) => Tensor;
}

function unaryOp({ name, operator, compute, gradient }: UnaryRule): UnaryOp {
  return {
    name,
    infer: ([x]) => {
      requireFloats(name, [x]);
      return { shape: x.shape, elementType: 'float32' };
    },
    evaluate: ([x]) => x.map(compute),
    ...(gradient && {
      gradient: (g: Tensor, node: Tensor<null>) => [gradient(g, node.inputs[0], node)],
    }),
    lower: (context, inputs) => context.node(operator, inputs),
  };
}

const negOp = unaryOp({ name: 'neg', operator: 'Neg', compute: (x) => -x, gradient: (g) => neg(g) });
const expOp = unaryOp({ name: 'exp', operator: 'Exp', compute: Math.exp, gradient: (g, _, y) => mul(g, y) });
const logOp = unaryOp({ name: 'log', operator: 'Log', compute: Math.log, gradient: (g, x) => div(g, x) });
const sqrtOp = unaryOp({
  name: 'sqrt',
  operator: 'Sqrt',
  compute: Math.sqrt,
  gradient: (g, _, y) => mul(0.5, div(g, y)),
});
const absOp = unaryOp({
  name: 'abs',
  operator: 'Abs',
  compute: Math.abs,
  gradient: (g, x) => mul(g, sign(x)),
});
const signOp: UnaryOp = {
  ...unaryOp({ name: 'sign', operator: 'Sign', compute: Math.sign }),
  // WebGPU has no Sign; two comparisons do it everywhere.
  lower: (context, [x]) => {
    const zero = context.floats([0], []);
    const below = context.node('Where', [context.node('Less', [x, zero]), context.floats([-1], []), zero]);
    return context.node('Where', [context.node('Greater', [x, zero]), context.floats([1], []), below]);
  },
};
const floorOp = unaryOp({ name: 'floor', operator: 'Floor', compute: Math.floor });
const tanhOp = unaryOp({
  name: 'tanh',
  operator: 'Tanh',
  compute: Math.tanh,
  gradient: (g, _, y) => mul(g, sub(1, square(y))),
});
const sigmoidOp = unaryOp({
  name: 'sigmoid',
  operator: 'Sigmoid',
  compute: (x) => 1 / (1 + Math.exp(-x)),
  gradient: (g, _, y) => mul(g, mul(y, sub(1, y))),
});
const softplusOp: UnaryOp = {
  ...unaryOp({
    name: 'softplus',
    operator: 'Softplus',
    // log(1 + exp(x)) without overflow.
    compute: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    gradient: (g, x) => mul(g, sigmoid(x)),
  }),
  lower: (context, [x]) => {
    if (context.backend.softplus === 'operator') return context.node('Softplus', [x]);
    const shrunk = context.node('Exp', [context.node('Neg', [context.node('Abs', [x])])]);
    const rest = context.node('Log', [context.node('Add', [shrunk, context.floats([1], [])])]);
    return context.node('Add', [context.node('Relu', [x]), rest]);
  },
};
const erfOp = unaryOp({
  name: 'erf',
  operator: 'Erf',
  compute: erfReference,
  gradient: (g, x) => mul(g, mul(2 / Math.sqrt(Math.PI), exp(neg(square(x))))),
});
const sinOp: UnaryOp = {
  ...unaryOp({ name: 'sin', operator: 'Sin', compute: Math.sin, gradient: (g, x) => mul(g, cos(x)) }),
  lower: (context, [x]) => lowerSine(context, x, 'sin'),
};
const cosOp: UnaryOp = {
  ...unaryOp({ name: 'cos', operator: 'Cos', compute: Math.cos, gradient: (g, x) => neg(mul(g, sin(x))) }),
  lower: (context, [x]) => lowerSine(context, x, 'cos'),
};

const unary = (op: UnaryOp, x: Tensor): Tensor => apply(op, [x], null);

/** -x. */
export const neg = (x: Tensor): Tensor => unary(negOp, x);
export const exp = (x: Tensor): Tensor => unary(expOp, x);
/** Natural logarithm. */
export const log = (x: Tensor): Tensor => unary(logOp, x);
export const sqrt = (x: Tensor): Tensor => unary(sqrtOp, x);
export const abs = (x: Tensor): Tensor => unary(absOp, x);
/** -1, 0 or 1; constant under differentiation. */
export const sign = (x: Tensor): Tensor => unary(signOp, x);
/** Largest whole number not above x; constant under differentiation. */
export const floor = (x: Tensor): Tensor => unary(floorOp, x);
export const tanh = (x: Tensor): Tensor => unary(tanhOp, x);
/** 1 / (1 + exp(-x)). */
export const sigmoid = (x: Tensor): Tensor => unary(sigmoidOp, x);
/** log(1 + exp(x)). */
export const softplus = (x: Tensor): Tensor => unary(softplusOp, x);
/** The error function. */
export const erf = (x: Tensor): Tensor => unary(erfOp, x);
export const sin = (x: Tensor): Tensor => unary(sinOp, x);
export const cos = (x: Tensor): Tensor => unary(cosOp, x);
export const square = (x: Tensor): Tensor => mul(x, x);
/** 1 / sqrt(x). */
export const rsqrt = (x: Tensor): Tensor => div(1, sqrt(x));

interface LeakyAttributes {
  readonly slope: number;
  readonly gain: number;
}

const leakyReluOp: OpDefinition<LeakyAttributes> = {
  name: 'leakyRelu',
  infer: ([x]) => {
    requireFloats('leakyRelu', [x]);
    return { shape: x.shape, elementType: 'float32' };
  },
  evaluate: ([x], { attributes: { slope, gain } }) => x.map((value) => gain * (value > 0 ? value : slope * value)),
  gradient: (g, { inputs: [x], attributes }) => [mul(g, apply(leakySlopeOp, [x], attributes))],
  lower: (context, inputs, { attributes: { slope, gain } }) => {
    const alpha: OnnxAttribute = { float: slope };
    const plain = slope === 0 ? context.node('Relu', inputs) : context.node('LeakyRelu', inputs, { alpha });
    return gain === 1 ? plain : context.node('Mul', [plain, context.floats([gain], [])]);
  },
}; // prettier-ignore

/** Steep enough to be a step for every number above 1e-20, and no number below 1e18 overflows. */
const STEEP = 1e20;

/** The derivative of `leakyRelu`; constant under differentiation, so its own derivative is 0 as it should. */
const leakySlopeOp: OpDefinition<LeakyAttributes> = {
  name: 'leakySlope',
  infer: ([x]) => x,
  evaluate: ([x], { attributes: { slope, gain } }) => x.map((value) => (value > 0 ? gain : gain * slope)),
  // A product and a Clip take a third of the time of a comparison and a Where on the CPU.
  lower: (context, [x], { attributes: { slope, gain } }) => {
    const steep = context.node('Mul', [x, context.floats([STEEP], [])]);
    return context.node('Clip', [steep, context.floats([slope * gain], []), context.floats([gain], [])]);
  },
};

/**
 * gain * (x where positive, `slope` * x elsewhere).
 *
 * @throws AppError graph.badShape where the slope is above 1 or the gain not positive
 */
export function leakyRelu(x: Tensor, slope = 0.2, gain = 1): Tensor {
  if (!(slope <= 1 && gain > 0)) throw shapeError('leakyRelu', [x], `takes a slope up to 1 and a positive gain, not ${slope} and ${gain}`); // prettier-ignore
  return apply(leakyReluOp, [x], { slope, gain });
}

export function relu(x: Tensor): Tensor {
  return leakyRelu(x, 0);
}

/** Taylor series near 0, continued fraction outside: about 1e-15, far beyond what float32 is compared to. */
function erfReference(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = a;
    let total = a;
    for (let n = 1; n < 200 && Math.abs(term) > 1e-18; n++) {
      term *= (-a * a) / n;
      total += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * total) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 120; n > 0; n--) fraction = n / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / ((a + fraction) * Math.sqrt(Math.PI)));
}
