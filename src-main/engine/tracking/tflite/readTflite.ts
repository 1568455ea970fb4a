import { AppError } from '#common/contract/errors';
import { FlatTable } from '#engine/tracking/tflite/FlatTable';

/** TensorType of the tflite schema, as far as MediaPipe's models use it. */
export const TFLITE_FLOAT32 = 0;
export const TFLITE_FLOAT16 = 1;
export const TFLITE_INT32 = 2;

/** One tensor; activations have no data. `shape` is tflite's own order (NHWC for pictures). */
export interface TfliteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly elementType: number;
  /** Little-endian bytes inside the file, undefined for an activation. */
  readonly bytes: Uint8Array | undefined;
}

export interface TfliteOperator {
  /** Builtin code of the schema; 32 is a custom operator, then `customName` is set. */
  readonly code: number;
  readonly customName: string;
  readonly version: number;
  /** Tensor numbers; -1 is an omitted optional input. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | undefined;
  readonly customOptions: Uint8Array | undefined;
}

/** The one subgraph of a tflite model. */
export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Builtin code that marks a custom operator. */
export const TFLITE_CUSTOM = 32;

/**
 * Reads the first subgraph of a tflite file (schema version 3, identifier TFL3). Field numbers are those of
 * the public schema.fbs. Nothing is copied: tensors are views of `bytes`.
 * @throws AppError model.unsupported on anything else.
 */
export function readTflite(bytes: Uint8Array): TfliteModel {
  if (bytes.length < 8 || String.fromCharCode(...bytes.subarray(4, 8)) !== 'TFL3') {
    throw new AppError('model.unsupported', 'Not a tflite model: the identifier TFL3 is missing at byte 4.');
  }
  const root = FlatTable.root(bytes);
  const operatorCodes = root.tables(1).map((table) => ({
    // Old writers fill the byte, new ones the int; the larger is the code (schema.fbs, OperatorCode).
    code: Math.max(table.int8(0), table.int32(3)),
    customName: table.text(1),
    version: table.int32(2, 1),
  }));
  const buffers = root.tables(4).map((table) => table.bytes(0));
  const subgraph = root.tables(2)[0];
  if (subgraph === undefined) {
    throw new AppError('model.unsupported', 'The tflite model holds no subgraph.');
  }
  return {
    tensors: subgraph.tables(0).map((table) => ({
      shape: table.int32s(0),
      elementType: table.int8(1),
      bytes: buffers[table.int32(2)],
      name: table.text(3),
    })),
    inputs: subgraph.int32s(1),
    outputs: subgraph.int32s(2),
    operators: subgraph.tables(3).map((table) => {
      const operatorCode = operatorCodes[table.int32(0)];
      if (operatorCode === undefined) {
        throw new AppError('model.unsupported', 'A tflite operator names an operator code that is missing.');
      }
      return {
        ...operatorCode,
        inputs: table.int32s(1),
        outputs: table.int32s(2),
        options: table.table(4),
        customOptions: table.bytes(5),
      };
    }),
  };
}

/** Values of a constant tensor as float32; halves are widened exactly. */
export function constantFloats(tensor: TfliteTensor): Float32Array {
  if (tensor.bytes !== undefined) {
    const { buffer, byteOffset, byteLength } = tensor.bytes;
    const copy = buffer.slice(byteOffset, byteOffset + byteLength);
    if (tensor.elementType === TFLITE_FLOAT32) return new Float32Array(copy);
    if (tensor.elementType === TFLITE_FLOAT16) return widenHalves(new Uint16Array(copy));
  }
  throw new AppError('model.unsupported', `Tensor ${tensor.name} is no constant of floats.`);
}

/** Values of a constant int32 tensor. */
export function constantIntegers(tensor: TfliteTensor): number[] {
  if (tensor.bytes === undefined || tensor.elementType !== TFLITE_INT32) {
    throw new AppError('model.unsupported', `Tensor ${tensor.name} is no constant of int32.`);
  }
  const { buffer, byteOffset, byteLength } = tensor.bytes;
  return Array.from(new Int32Array(buffer.slice(byteOffset, byteOffset + byteLength)));
}

let halfTable: Float32Array | undefined;

/** IEEE 754 binary16 bits -> float32, exactly. By table: a model holds a million of them. */
export function widenHalves(bits: Uint16Array): Float32Array {
  const table = (halfTable ??= Float32Array.from({ length: 0x10000 }, (_, half) => halfToFloat(half)));
  const wide = new Float32Array(bits.length);
  for (let index = 0; index < bits.length; index++) wide[index] = table[bits[index]];
  return wide;
}

function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
