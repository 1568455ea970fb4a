import type {
  OnnxAttribute,
  OnnxElementType,
  OnnxGraph,
  OnnxNode,
  OnnxTensor,
  OnnxValueInfo,
} from '#engine/graph/onnx/onnxModel';

/**
 * Collects nodes and constants of one graph in order and makes up the names: `v0`, `v1`, ... for values,
 * `c0`, `c1`, ... for constants. Equal calls therefore give equal graphs.
 */
export class OnnxGraphBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly initializers: OnnxTensor[] = [];
  private readonly inputs: OnnxValueInfo[] = [];
  private readonly outputs: OnnxValueInfo[] = [];
  private readonly smallConstants = new Map<string, string>();

  /** Declares a graph input and returns its name. */
  input(name: string, elementType: OnnxElementType, shape: readonly (number | string)[]): string {
    this.inputs.push({ name, elementType, shape });
    return name;
  }

  /** Declares a graph output called `name` that carries `value`. */
  output(
    name: string,
    value: string,
    elementType: OnnxElementType,
    shape: readonly (number | string)[],
  ): void {
    this.nodes.push({ operator: 'Identity', inputs: [value], outputs: [name] });
    this.outputs.push({ name, elementType, shape });
  }

  /** Adds a one-output node and returns the name of its value. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    const name = `v${this.nodes.length}`;
    this.nodes.push({ operator, inputs, outputs: [name], attributes });
    return name;
  }

  /** A float32 constant; `data` is kept by reference. */
  floats(data: Float32Array, shape: readonly number[]): string {
    return this.constant('float32', data, shape);
  }

  /** A float32 constant of few values; equal ones share one initializer. */
  smallFloats(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.small(`f:${shape.join()}:${values.join()}`, () =>
      this.floats(Float32Array.from(values), shape),
    );
  }

  scalar(value: number): string {
    return this.smallFloats([value], []);
  }

  /** An int64 constant: shapes, axes, indices. Equal ones share one initializer. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.small(`i:${shape.join()}:${values.join()}`, () =>
      this.constant('int64', BigInt64Array.from(values, BigInt), shape),
    );
  }

  build(name: string): OnnxGraph {
    return {
      name,
      nodes: this.nodes,
      initializers: this.initializers,
      inputs: this.inputs,
      outputs: this.outputs,
    };
  }

  private small(key: string, make: () => string): string {
    const known = this.smallConstants.get(key);
    if (known !== undefined) return known;
    const name = make();
    this.smallConstants.set(key, name);
    return name;
  }

  private constant(elementType: OnnxElementType, data: OnnxTensor['data'], shape: readonly number[]): string {
    const name = `c${this.initializers.length}`;
    this.initializers.push({ name, elementType, shape, data });
    return name;
  }
}
