/** Element types this writer knows; the names are ours, the numbers in `ELEMENT_TYPE_CODES` are ONNX's. */
export type OnnxElementType =
  'float32' | 'float16' | 'float64' | 'int32' | 'int64' | 'uint8' | 'int8' | 'bool';

/** TensorProto.DataType of the ONNX specification. */
export const ELEMENT_TYPE_CODES: Readonly<Record<OnnxElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
};

/** The arrays a constant may hold; float16 and bool ride in the integer array of their width. */
export type OnnxTensorData =
  Float32Array | Float64Array | Int32Array | BigInt64Array | Uint16Array | Uint8Array | Int8Array;

/** A named constant. `data` is row-major with product(shape) elements of `elementType`. */
export interface OnnxTensor {
  readonly name: string;
  readonly elementType: OnnxElementType;
  readonly shape: readonly number[];
  readonly data: OnnxTensorData;
  /** The values lie in a file beside the model's instead of in `data`. */
  readonly external?: ExternalData;
}

/** Where a constant's bytes lie: a file in the model's folder, and the place in it in bytes. */
export interface ExternalData {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * An attribute value. A bare number would not tell `1` from `1.0`, which ONNX keeps apart, so each value
 * names its kind.
 */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly text: string }
  | { readonly tensor: OnnxTensor }
  | { readonly graph: OnnxGraph };

export interface OnnxNode {
  readonly operator: string;
  /** An empty string is an omitted optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** Operator set; undefined is the standard one. */
  readonly domain?: string;
}

/** A graph input or output. A string dimension is symbolic. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly elementType: OnnxElementType;
  readonly shape: readonly (number | string)[];
}

/** Nodes must be in an order in which every input is already made. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}
