import { AppError } from '#common/contract/errors';
import type { OnnxAttribute } from '#engine/graph/onnx/onnxModel';

/** Sizes of the axes, outermost first; static. An empty shape is a scalar. */
export type Shape = readonly number[];

/**
 * `float32` carries gradients; `int32` is for indices, `bool` for masks. Indices travel through ONNX graphs as
 * whole float32 numbers (exact to 2^24) and become integers where a row is looked up: WebGPU runs next to nothing
 * on integers (engine-facts, operator coverage).
 */
export type ElementType = 'float32' | 'int32' | 'bool';

export interface TensorType {
  readonly shape: Shape;
  readonly elementType: ElementType;
}

/** Values of the float64 reference: row-major; bool as 0 and 1. */
export type ReferenceValues = Float64Array;

/** Where a lowering rule writes its nodes; all names are names of ONNX values. */
export interface LoweringContext {
  readonly backend: LoweringRules;
  /** Adds a node with one output; equal nodes are shared. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): string;
  /** As `node`, for operators with several outputs. */
  nodes(
    operator: string,
    inputs: readonly string[],
    outputCount: number,
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): readonly string[];
  floats(values: readonly number[] | Float32Array, shape?: Shape): string;
  /** int64 constants: shapes, axes, starts and ends. */
  integers(values: readonly number[], shape?: Shape): string;
  cast(value: string, to: 'float32' | 'int32' | 'bool'): string;
  /** The int64 value that gathers and scatters take for an index tensor. */
  indices(value: string): string;
  /** Says that a value is int64 already: TopK gives such, and WebGPU cannot cast them to anything. */
  markIndices(value: string): string;
}

/** What differs between backends, as data; see lowering/backends.data.ts for the measurements behind each. */
export interface LoweringRules {
  readonly name: 'cpu' | 'webgpu' | 'cuda';
  /** How the gradient of a gather adds rows: at once, or in pieces that threads do not share. */
  readonly scatterAdd: 'scatterNdPieces' | 'scatterNd';
  /** How a convolution's weight gradient is computed. */
  readonly weightGradient: 'shiftedRows' | 'swappedConvolution';
  /** How the input gradient of a stride-1 convolution is computed. */
  readonly inputGradient: 'flippedConvolution' | 'transposedConvolution';
  /** How sin and cos are computed. */
  readonly sine: 'operator' | 'polynomial';
  /** How softplus is computed; `parts`: max(x, 0) + log(1 + exp(-|x|)). */
  readonly softplus: 'operator' | 'parts';
  /** Where training keeps weights and moments between steps. */
  readonly stateOn: 'host' | 'device';
}

/**
 * One kind of operation. Adding one is one file in `ops/` and its test: the shape rule, a slow float64
 * reference, the gradient as expressions, and how it becomes ONNX.
 */
export interface OpDefinition<Attributes> {
  readonly name: string;
  /** Shape and type of the result; throws through `shapeError` and `typeError`. */
  infer(inputs: readonly Tensor[], attributes: Attributes): TensorType;
  /** Plain loops in float64: what finite differences and the backends are checked against. */
  evaluate(inputs: readonly ReferenceValues[], node: Tensor<Attributes>): ReferenceValues;
  /**
   * Gradients of a scalar loss for each input, given the one for the output (same shape as the output).
   * `undefined` where an input carries none. Absent: the operation is constant under differentiation.
   */
  gradient?(outputGradient: Tensor, node: Tensor<Attributes>): readonly (Tensor | undefined)[];
  /** The name of the ONNX value that carries the result. */
  lower(context: LoweringContext, inputs: readonly string[], node: Tensor<Attributes>): string;
}

/**
 * A node of an expression graph: what an operation gives for its inputs, without any values yet. Immutable;
 * shapes and types are known, so mistakes show where they are made. Values come in when a graph is lowered to
 * ONNX and run, or by the float64 reference.
 */
export class Tensor<Attributes = unknown> implements TensorType {
  readonly op: OpDefinition<Attributes>;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  readonly elementType: ElementType;
  /** State-dict-like path of the nearest parameter below, for messages: `synthesis.b64.conv0`. */
  readonly scope: string;

  constructor(
    op: OpDefinition<Attributes>,
    inputs: readonly Tensor[],
    attributes: Attributes,
    scope: string = nearestScope(inputs),
  ) {
    this.op = op;
    this.inputs = inputs;
    this.attributes = attributes;
    const { shape, elementType } = op.infer(inputs, attributes);
    this.shape = shape;
    this.elementType = elementType;
    this.scope = scope;
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }
}

/** Any tensor, whatever its op's attributes. */
export function apply<Attributes>(
  op: OpDefinition<Attributes>,
  inputs: readonly Tensor[],
  attributes: Attributes,
): Tensor {
  return new Tensor(op, inputs, attributes);
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

export function describeShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The error of an operation whose operands do not fit: names the op, the operands and the scope. */
export function shapeError(op: string, inputs: readonly TensorType[], expected: string): AppError {
  return graphError('graph.badShape', op, inputs, expected);
}

/** The error of an operation on the wrong element type. */
export function typeError(op: string, inputs: readonly TensorType[], expected: string): AppError {
  return graphError('graph.badType', op, inputs, expected);
}

function graphError(
  code: 'graph.badShape' | 'graph.badType',
  op: string,
  inputs: readonly TensorType[],
  expected: string,
): AppError {
  const operands = inputs.map(({ elementType, shape }) => `${elementType}${describeShape(shape)}`);
  const scope = nearestScope(inputs.filter((input) => input instanceof Tensor));
  const where = scope === '' ? '' : ` near ${scope}`;
  return new AppError(code, `${op}(${operands.join(', ')})${where}: ${expected}.`, {
    details: { op, shapes: inputs.map(({ shape }) => [...shape]), scope },
  });
}

function nearestScope(inputs: readonly Tensor[]): string {
  // The last operand is the weight by custom, so it names the layer best.
  for (let i = inputs.length - 1; i >= 0; i--) if (inputs[i].scope !== '') return inputs[i].scope;
  return '';
}

/** Refuses anything but float32: what differentiable operations take. */
export function requireFloats(op: string, inputs: readonly Tensor[]): void {
  if (inputs.some(({ elementType }) => elementType !== 'float32')) {
    throw typeError(op, inputs, 'takes float32 tensors; convert with toFloat');
  }
}
