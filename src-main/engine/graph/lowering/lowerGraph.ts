import { AppError } from '#common/contract/errors';
import { topologicalOrder } from '#engine/graph/grad';
import { encodeOnnxModel } from '#engine/graph/onnx/encodeOnnxModel';
import type {
  OnnxAttribute,
  OnnxElementType,
  OnnxGraph,
  OnnxNode,
  OnnxTensor,
} from '#engine/graph/onnx/onnxModel';
import { ELEMENT_TYPE_CODES } from '#engine/graph/onnx/onnxModel';
import { isInput, isParameter } from '#engine/graph/ops/sources';
import type { InputAttributes, ParameterAttributes } from '#engine/graph/ops/sources';
import type { LoweringContext, LoweringRules, Shape, Tensor } from '#engine/graph/tensor';
import { describeShape, sameShape } from '#engine/graph/tensor';

/** A value that crosses the border of a lowered graph. */
export interface GraphPort {
  readonly name: string;
  readonly shape: Shape;
  readonly elementType: 'float32' | 'int32' | 'bool';
}

/** An expression graph as ONNX. Parameters are inputs of the graph, so weights never live inside it. */
export interface LoweredGraph {
  readonly onnx: OnnxGraph;
  readonly inputs: readonly GraphPort[];
  readonly parameters: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
}

/**
 * Lowers named expressions to one ONNX graph for a backend. Equal expressions give equal graphs, and shared or
 * repeated subexpressions are computed once.
 *
 * @throws AppError graph.badGraph where inputs, parameters and outputs share a name
 */
export function lowerGraph(
  name: string,
  outputs: Readonly<Record<string, Tensor>>,
  backend: LoweringRules,
): LoweredGraph {
  const lowering = new Lowering(backend);
  const order = topologicalOrder(Object.values(outputs));
  const names = new Map<Tensor, string>();
  const inputs: GraphPort[] = [];
  const parameters: GraphPort[] = [];
  const declared = new Map<string, Tensor>();
  for (const node of order) {
    if (isInput(node) || isParameter(node)) declare(node, declared, isInput(node) ? inputs : parameters);
    names.set(
      node,
      node.op.lower(
        lowering,
        node.inputs.map((input) => names.get(input)!),
        node,
      ),
    );
  }
  const ports = Object.entries(outputs).map(([output, { shape, elementType }]) => ({
    name: output,
    shape,
    elementType,
  }));
  for (const [output, tensor] of Object.entries(outputs)) {
    refuseTakenName(output, declared);
    const value = names.get(tensor)!;
    lowering.output(output, tensor.elementType === 'int32' ? lowering.cast(value, 'int32') : value);
  }
  return {
    onnx: {
      name,
      nodes: lowering.nodeList,
      initializers: lowering.initializers,
      inputs: [...inputs, ...parameters].map(toValueInfo),
      outputs: ports.map(toValueInfo),
    },
    inputs,
    parameters,
    outputs: ports,
  };
}

/** The bytes of a model file: what a session loads, and what a stock ONNX runtime runs as well. */
export function encodeGraph(graph: LoweredGraph): Uint8Array {
  return encodeOnnxModel(graph.onnx);
}

function declare(
  node: Tensor<InputAttributes> | Tensor<ParameterAttributes>,
  declared: Map<string, Tensor>,
  ports: GraphPort[],
): void {
  const { name } = node.attributes;
  const known = declared.get(name);
  if (known === undefined) {
    declared.set(name, node);
    ports.push({ name, shape: node.shape, elementType: node.elementType });
    return;
  }
  const difference = sameShape(known.shape, node.shape)
    ? 'Use one tensor for both'
    : `Their shapes are ${describeShape(known.shape)} and ${describeShape(node.shape)}`;
  throw new AppError('graph.badGraph', `Two inputs or parameters are called "${name}". ${difference}.`);
}

/** ONNX has one space of names for what goes in and what comes out; a session would fail to load. */
function refuseTakenName(output: string, declared: ReadonlyMap<string, Tensor>): void {
  if (!declared.has(output)) return;
  throw new AppError(
    'graph.badGraph',
    `An output is called "${output}", as an input or parameter of the same graph is. Give it another name.`,
  );
}

function toValueInfo({ name, shape, elementType }: GraphPort) {
  return { name, shape, elementType: elementType as OnnxElementType };
}

/** Collects nodes; equal ones (operator, operands, attributes) are one. Names follow the order, so bytes
 * repeat; the colon keeps them apart from names of inputs and parameters. */
class Lowering implements LoweringContext {
  readonly backend: LoweringRules;
  readonly nodeList: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly #known = new Map<string, readonly string[]>();
  readonly #longValues = new Set<string>();
  #valueCount = 0;

  constructor(backend: LoweringRules) {
    this.backend = backend;
  }

  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    return this.nodes(operator, inputs, 1, attributes)[0];
  }

  nodes(
    operator: string,
    inputs: readonly string[],
    outputCount: number,
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): readonly string[] {
    const key = `${operator}|${inputs.join()}|${outputCount}|${JSON.stringify(attributes)}`;
    return this.#once(key, () => {
      const outputs = Array.from({ length: outputCount }, () => `:v${this.#valueCount++}`);
      this.nodeList.push({ operator, inputs, outputs, attributes });
      return outputs;
    });
  }

  output(name: string, value: string): void {
    this.nodeList.push({ operator: 'Identity', inputs: [value], outputs: [name] });
  }

  floats(values: readonly number[] | Float32Array, shape: Shape = [values.length]): string {
    const data = values instanceof Float32Array ? values : Float32Array.from(values);
    // Long tables are told apart by identity: spelling them out would cost more than it saves.
    if (data.length > 64) return this.#constant('float32', data, shape);
    return this.#once(`f|${shape.join()}|${data.join()}`, () => [this.#constant('float32', data, shape)])[0];
  }

  integers(values: readonly number[], shape: Shape = [values.length]): string {
    return this.#once(`i|${shape.join()}|${values.join()}`, () => [
      this.#constant('int64', BigInt64Array.from(values, BigInt), shape),
    ])[0];
  }

  cast(value: string, to: 'float32' | 'int32' | 'bool'): string {
    return this.node('Cast', [value], { to: { int: ELEMENT_TYPE_CODES[to] } });
  }

  indices(value: string): string {
    if (this.#longValues.has(value)) return value;
    return this.node('Cast', [value], { to: { int: ELEMENT_TYPE_CODES.int64 } });
  }

  markIndices(value: string): string {
    this.#longValues.add(value);
    return value;
  }

  #constant(elementType: OnnxElementType, data: OnnxTensor['data'], shape: Shape): string {
    const name = `:c${this.initializers.length}`;
    this.initializers.push({ name, elementType, shape, data });
    return name;
  }

  #once(key: string, make: () => readonly string[]): readonly string[] {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#known.set(key, made);
    return made;
  }
}
