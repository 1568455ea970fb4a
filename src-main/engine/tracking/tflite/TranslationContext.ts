import { AppError } from '#common/contract/errors';
import { OnnxGraphBuilder } from '#engine/graph/onnx/OnnxGraphBuilder';
import type { TfliteModel, TfliteOperator, TfliteTensor } from '#engine/tracking/tflite/readTflite';
import {
  TFLITE_FLOAT16,
  TFLITE_FLOAT32,
  constantFloats,
  constantIntegers,
} from '#engine/tracking/tflite/readTflite';

/**
 * What the operator translators share. Picture-like tensors (rank 4) live in the ONNX graph as NCHW, every
 * other rank in tflite's own order; `activation` gives the former, `activationNhwc` undoes it.
 */
export class TranslationContext {
  readonly builder = new OnnxGraphBuilder();
  readonly model: TfliteModel;
  private readonly names = new Map<number, string>();
  private readonly folded = new Map<number, Float32Array>();

  constructor(model: TfliteModel) {
    this.model = model;
  }

  tensor(index: number | undefined): TfliteTensor {
    const tensor = index === undefined ? undefined : this.model.tensors[index];
    if (tensor === undefined) {
      throw new AppError(
        'model.unsupported',
        `The tflite model names tensor ${index}, which it does not hold.`,
      );
    }
    return tensor;
  }

  /** Shape in tflite's order. */
  shape(index: number | undefined): readonly number[] {
    return this.tensor(index).shape;
  }

  /** Rank-4 shape as [batch, height, width, channels]. */
  shape4(index: number | undefined): readonly [number, number, number, number] {
    const [batch, height, width, channels, ...rest] = this.shape(index);
    if (
      batch === undefined ||
      height === undefined ||
      width === undefined ||
      channels === undefined ||
      rest.length > 0
    ) {
      throw new AppError('model.unsupported', `Tensor ${this.tensor(index).name} is not of rank 4.`);
    }
    return [batch, height, width, channels];
  }

  /** Remembers the ONNX value that stands for a tflite tensor (NCHW where the rank is 4). */
  define(index: number | undefined, name: string): void {
    if (index !== undefined) this.names.set(index, name);
  }

  /** Remembers a folded constant: the output of a dequantisation. */
  defineConstant(index: number | undefined, values: Float32Array): void {
    if (index !== undefined) this.folded.set(index, values);
  }

  isConstant(index: number | undefined): boolean {
    return index !== undefined && (this.folded.has(index) || this.tensor(index).bytes !== undefined);
  }

  /** Values of a constant operand in tflite's order. */
  floats(index: number | undefined): Float32Array {
    const known = index === undefined ? undefined : this.folded.get(index);
    return known ?? constantFloats(this.tensor(index));
  }

  integers(index: number | undefined): number[] {
    return constantIntegers(this.tensor(index));
  }

  /** ONNX value of an operand; constants become initializers, rank 4 as NCHW. */
  activation(index: number | undefined): string {
    const known = index === undefined ? undefined : this.names.get(index);
    if (known !== undefined) return known;
    if (index === undefined || !this.isConstant(index)) {
      throw new AppError('model.unsupported', `Tensor ${index} is used before any operator makes it.`);
    }
    const { shape, elementType } = this.tensor(index);
    if (elementType !== TFLITE_FLOAT32 && elementType !== TFLITE_FLOAT16) {
      throw new AppError('model.unsupported', `Tensor ${this.tensor(index).name} is no float operand.`);
    }
    const name =
      shape.length === 4
        ? this.transpose(this.builder.floats(this.floats(index), shape), [0, 3, 1, 2])
        : this.builder.floats(this.floats(index), shape);
    this.names.set(index, name);
    return name;
  }

  /** ONNX value of an operand in tflite's own order. */
  activationNhwc(index: number | undefined): string {
    const name = this.activation(index);
    const shape = this.shape(index);
    // With one pixel both orders are the same bytes, and the reshape that follows does not care.
    if (shape.length !== 4 || (shape[1] === 1 && shape[2] === 1)) return name;
    return this.transpose(name, [0, 2, 3, 1]);
  }

  transpose(name: string, permutation: readonly number[]): string {
    return this.builder.node('Transpose', [name], { perm: { ints: permutation } });
  }
}

/** Translates one operator: reads operands from the context and defines the outputs in it. */
export type OperatorTranslator = (context: TranslationContext, operator: TfliteOperator) => void;
