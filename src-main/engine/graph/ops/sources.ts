import { AppError } from '#common/contract/errors';
import type { Initializer } from '#engine/graph/parameters';
import { requireSizes } from '#engine/graph/shape';
import type { ElementType, OpDefinition, Shape, Tensor } from '#engine/graph/tensor';
import { apply, describeShape, sizeOf } from '#engine/graph/tensor';

/** A value that a run is given: its name must be unique in a graph. */
export interface InputAttributes {
  readonly kind: 'input';
  readonly name: string;
  readonly type: { readonly shape: Shape; readonly elementType: ElementType };
}

/** A trainable or stored array; `name` is its state-dict key. */
export interface ParameterAttributes {
  readonly kind: 'parameter';
  readonly name: string;
  readonly type: { readonly shape: Shape; readonly elementType: ElementType };
  readonly initializer: Initializer;
  /** A buffer is stored with the network but not trained: noise, filters, averages. */
  readonly isBuffer?: boolean;
}

export interface ConstantAttributes {
  readonly values: Float32Array | Int32Array;
  readonly shape: Shape;
}

function declared<Attributes extends InputAttributes | ParameterAttributes>(
  name: string,
): OpDefinition<Attributes> {
  return {
    name,
    infer: (_, attributes) => {
      requireSizes(`${name} ${attributes.name}`, [], attributes.type.shape);
      return attributes.type;
    },
    evaluate: (_, node) => {
      throw new AppError('graph.badGraph', `The ${name} "${node.attributes.name}" was given no value.`);
    },
    lower: (context, _, { attributes: { name, type } }) =>
      type.elementType === 'int32' ? context.cast(name, 'float32') : name,
  };
}

export const inputOp = declared<InputAttributes>('input');
export const parameterOp = declared<ParameterAttributes>('parameter');

/** A value given at run time: pictures, labels, noise, learning rates. */
export function input(name: string, shape: Shape, elementType: ElementType = 'float32'): Tensor {
  return apply(inputOp, [], { kind: 'input', name, type: { shape: [...shape], elementType } });
}

const constantOp: OpDefinition<ConstantAttributes> = {
  name: 'constant',
  infer: (_, { values, shape }) => {
    if (sizeOf(shape) !== values.length) {
      throw new AppError(
        'graph.badShape',
        `constant: ${values.length} values do not fill the shape ${describeShape(shape)}.`,
      );
    }
    return { shape, elementType: values instanceof Float32Array ? 'float32' : 'int32' };
  },
  evaluate: (_, { attributes }) => Float64Array.from(attributes.values),
  lower: (context, _, { attributes: { values, shape } }) => context.floats(Float32Array.from(values), shape),
};

/** Fixed values; `Int32Array` gives an index tensor. The array is kept by reference and must not change. */
export function constant(
  values: Float32Array | Int32Array | readonly number[],
  shape: Shape = [values.length],
): Tensor {
  const kept =
    values instanceof Float32Array || values instanceof Int32Array ? values : Float32Array.from(values);
  return apply(constantOp, [], { values: kept, shape: [...shape] });
}

/** A float32 tensor without axes; it broadcasts to everything. */
export function scalar(value: number): Tensor {
  return constant([value], []);
}

/** The number a tensor holds where it is a constant without axes; lets rules drop `x * 1` and `x + 0`. */
export function scalarValue(tensor: Tensor): number | undefined {
  if ((tensor.op as unknown) !== constantOp || tensor.rank > 0) return undefined;
  return (tensor as Tensor<ConstantAttributes>).attributes.values[0];
}

/** Operands may be plain numbers. */
export type Operand = Tensor | number;

export function asTensor(operand: Operand): Tensor {
  return typeof operand === 'number' ? scalar(operand) : operand;
}

export function isInput(tensor: Tensor): tensor is Tensor<InputAttributes> {
  return (tensor.op as unknown) === inputOp;
}

export function isParameter(tensor: Tensor): tensor is Tensor<ParameterAttributes> {
  return (tensor.op as unknown) === parameterOp;
}
