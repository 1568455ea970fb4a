import { AppError } from '#common/contract/errors';
import type { OnnxAttribute } from '#engine/graph/onnx/onnxModel';
import type { FlatTable } from '#engine/tracking/tflite/FlatTable';
import type { TfliteOperator } from '#engine/tracking/tflite/readTflite';
import type { TranslationContext } from '#engine/tracking/tflite/TranslationContext';

/** Padding of the schema: 0 SAME, 1 VALID. */
const PADDING_SAME = 0;

/** Pads of one axis under tflite's SAME rule: output = ceil(input / stride), the odd pixel goes behind. */
export function samePadding(
  input: number,
  kernel: number,
  stride: number,
  dilation: number,
): [number, number] {
  const reach = (kernel - 1) * dilation + 1;
  const total = Math.max((Math.ceil(input / stride) - 1) * stride + reach - input, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

/** Adds the activation that tflite fuses into an operator (0 none, 1 ReLU, 3 ReLU6). */
export function fusedActivation(context: TranslationContext, value: string, code: number): string {
  const { builder } = context;
  if (code === 0) return value;
  if (code === 1) return builder.node('Relu', [value]);
  if (code === 3) return builder.node('Clip', [value, builder.scalar(0), builder.scalar(6)]);
  throw new AppError('model.unsupported', `Fused activation ${code} of a tflite operator is not known.`);
}

interface Window {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly isSame: boolean;
}

function padsFor(window: Window, height: number, width: number): number[] {
  if (!window.isSame) return [0, 0, 0, 0];
  const [top, bottom] = samePadding(height, window.kernel[0], window.stride[0], window.dilation[0]);
  const [left, right] = samePadding(width, window.kernel[1], window.stride[1], window.dilation[1]);
  return [top, left, bottom, right];
}

function windowAttributes(window: Window, pads: readonly number[]): Record<string, OnnxAttribute> {
  return {
    kernel_shape: { ints: window.kernel },
    strides: { ints: window.stride },
    pads: { ints: pads },
  };
}

function requireOptions(operator: TfliteOperator): FlatTable {
  if (operator.options === undefined) {
    throw new AppError('model.unsupported', `A tflite operator of code ${operator.code} lacks its options.`);
  }
  return operator.options;
}

/** CONV_2D: weights [out, h, w, in] -> ONNX [out, in, h, w]. */
export function translateConvolution(context: TranslationContext, operator: TfliteOperator): void {
  const options = requireOptions(operator);
  const [out, kernelHeight, kernelWidth, channels] = context.shape4(operator.inputs[1]);
  const source = context.floats(operator.inputs[1]);
  const weights = new Float32Array(source.length);
  const area = kernelHeight * kernelWidth;
  for (let o = 0; o < out; o++) {
    for (let p = 0; p < area; p++) {
      for (let c = 0; c < channels; c++) {
        weights[(o * channels + c) * area + p] = source[(o * area + p) * channels + c] ?? 0;
      }
    }
  }
  convolve(context, operator, {
    weights: context.builder.floats(weights, [out, channels, kernelHeight, kernelWidth]),
    group: 1,
    activation: options.int8(3),
    window: {
      kernel: [kernelHeight, kernelWidth],
      stride: [options.int32(2), options.int32(1)],
      dilation: [options.int32(5, 1), options.int32(4, 1)],
      isSame: options.int8(0) === PADDING_SAME,
    },
  });
}

/** DEPTHWISE_CONV_2D: weights [1, h, w, channels * multiplier] -> ONNX [channels * multiplier, 1, h, w]. */
export function translateDepthwiseConvolution(context: TranslationContext, operator: TfliteOperator): void {
  const options = requireOptions(operator);
  const [, kernelHeight, kernelWidth, out] = context.shape4(operator.inputs[1]);
  const channels = context.shape4(operator.inputs[0])[3];
  const source = context.floats(operator.inputs[1]);
  const weights = new Float32Array(source.length);
  const area = kernelHeight * kernelWidth;
  for (let p = 0; p < area; p++) {
    for (let o = 0; o < out; o++) weights[o * area + p] = source[p * out + o] ?? 0;
  }
  convolve(context, operator, {
    weights: context.builder.floats(weights, [out, 1, kernelHeight, kernelWidth]),
    group: channels,
    activation: options.int8(4),
    window: {
      kernel: [kernelHeight, kernelWidth],
      stride: [options.int32(2), options.int32(1)],
      dilation: [options.int32(6, 1), options.int32(5, 1)],
      isSame: options.int8(0) === PADDING_SAME,
    },
  });
}

interface ConvolutionParts {
  readonly weights: string;
  readonly group: number;
  readonly activation: number;
  readonly window: Window;
}

function convolve(context: TranslationContext, operator: TfliteOperator, parts: ConvolutionParts): void {
  const [, height, width] = context.shape4(operator.inputs[0]);
  const bias = operator.inputs[2];
  const inputs = [context.activation(operator.inputs[0]), parts.weights];
  if (bias !== undefined && bias >= 0) {
    inputs.push(context.builder.floats(context.floats(bias), context.shape(bias)));
  }
  const value = context.builder.node('Conv', inputs, {
    ...windowAttributes(parts.window, padsFor(parts.window, height, width)),
    dilations: { ints: parts.window.dilation },
    group: { int: parts.group },
  });
  context.define(operator.outputs[0], fusedActivation(context, value, parts.activation));
}

/**
 * MediaPipe's Convolution2DTransposeBias: weights [out, h, w, in], options three int32 (padding as
 * TfLitePadding: 1 SAME, 2 VALID; stride width; stride height). Only strides that equal the kernel occur,
 * where neither padding rule crops anything.
 */
export function translateTransposedConvolution(context: TranslationContext, operator: TfliteOperator): void {
  const [out, kernelHeight, kernelWidth, channels] = context.shape4(operator.inputs[1]);
  const raw = operator.customOptions;
  if (raw === undefined || raw.length < 12) {
    throw new AppError('model.unsupported', 'Convolution2DTransposeBias lacks its options.');
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const stride = [view.getInt32(8, true), view.getInt32(4, true)] as const;
  if (stride[0] !== kernelHeight || stride[1] !== kernelWidth) {
    throw new AppError(
      'model.unsupported',
      `Convolution2DTransposeBias with kernel ${kernelHeight}x${kernelWidth} and stride ${stride.join('x')}: they should be equal.`,
    );
  }
  const source = context.floats(operator.inputs[1]);
  const weights = new Float32Array(source.length);
  const area = kernelHeight * kernelWidth;
  for (let o = 0; o < out; o++) {
    for (let p = 0; p < area; p++) {
      for (let c = 0; c < channels; c++) {
        weights[(c * out + o) * area + p] = source[(o * area + p) * channels + c] ?? 0;
      }
    }
  }
  const { builder } = context;
  const value = builder.node(
    'ConvTranspose',
    [
      context.activation(operator.inputs[0]),
      builder.floats(weights, [channels, out, kernelHeight, kernelWidth]),
      builder.floats(context.floats(operator.inputs[2]), [out]),
    ],
    { kernel_shape: { ints: [kernelHeight, kernelWidth] }, strides: { ints: stride } },
  );
  context.define(operator.outputs[0], value);
}

/** MAX_POOL_2D and AVERAGE_POOL_2D; tflite's average leaves padding out of the count, as ONNX does by default. */
export function translatePooling(context: TranslationContext, operator: TfliteOperator): void {
  const options = requireOptions(operator);
  const isMaximum = operator.code === 17;
  const [, height, width] = context.shape4(operator.inputs[0]);
  const window: Window = {
    kernel: [options.int32(4), options.int32(3)],
    stride: [options.int32(2), options.int32(1)],
    dilation: [1, 1],
    isSame: options.int8(0) === PADDING_SAME,
  };
  const input = [context.activation(operator.inputs[0])];
  const isGlobal = window.kernel[0] === height && window.kernel[1] === width;
  const value = isGlobal
    ? context.builder.node(isMaximum ? 'GlobalMaxPool' : 'GlobalAveragePool', input)
    : context.builder.node(
        isMaximum ? 'MaxPool' : 'AveragePool',
        input,
        windowAttributes(window, padsFor(window, height, width)),
      );
  context.define(operator.outputs[0], fusedActivation(context, value, options.int8(5)));
}
