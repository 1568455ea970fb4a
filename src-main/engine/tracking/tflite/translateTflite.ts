import { AppError } from '#common/contract/errors';
import { encodeOnnxModel } from '#engine/graph/onnx/encodeOnnxModel';
import {
  translateConvolution,
  translateDepthwiseConvolution,
  translatePooling,
  translateTransposedConvolution,
} from '#engine/tracking/tflite/convolutionOperators';
import {
  translateLandmarksToMatrix,
  translateTransformLandmarks,
  translateTransformTensor,
} from '#engine/tracking/tflite/landmarkOperators';
import {
  binary,
  translateConcatenation,
  translateDequantize,
  translatePad,
  translatePrelu,
  translateReshape,
  translateResizeBilinear,
  translateStridedSlice,
  unary,
} from '#engine/tracking/tflite/plainOperators';
import { TFLITE_CUSTOM, readTflite } from '#engine/tracking/tflite/readTflite';
import type { OperatorTranslator } from '#engine/tracking/tflite/TranslationContext';
import { TranslationContext } from '#engine/tracking/tflite/TranslationContext';

const BUILTIN: ReadonlyMap<number, OperatorTranslator> = new Map<number, OperatorTranslator>([
  [0, binary('Add')],
  [1, translatePooling],
  [2, translateConcatenation],
  [3, translateConvolution],
  [4, translateDepthwiseConvolution],
  [6, translateDequantize],
  [14, unary('Sigmoid')],
  [17, translatePooling],
  [18, binary('Mul')],
  [19, unary('Relu')],
  [22, translateReshape],
  [23, translateResizeBilinear],
  [34, translatePad],
  [45, translateStridedSlice],
  [54, translatePrelu],
  [117, unary('HardSwish')],
]);

const CUSTOM: ReadonlyMap<string, OperatorTranslator> = new Map<string, OperatorTranslator>([
  ['Convolution2DTransposeBias', translateTransposedConvolution],
  ['Landmarks2TransformMatrix', translateLandmarksToMatrix],
  ['TransformTensorBilinear', translateTransformTensor],
  ['TransformLandmarks', translateTransformLandmarks],
]);

/** A translated model: ONNX bytes plus what to call and expect. */
export interface TranslatedModel {
  readonly onnx: Uint8Array;
  /** Name of the one picture input, shaped [1, channels, height, width]. */
  readonly inputName: string;
  readonly inputShape: readonly [number, number, number, number];
  /** tflite's own output names, in its order; values are in tflite's order of elements. */
  readonly outputNames: readonly string[];
}

/**
 * tflite -> ONNX for the operators that MediaPipe's face and person models use. The input becomes NCHW, the
 * outputs keep their tflite order and shape. Equal bytes in give equal bytes out.
 * @throws AppError model.unsupported on an operator that is not known.
 */
export function translateTflite(bytes: Uint8Array, name: string): TranslatedModel {
  const model = readTflite(bytes);
  const context = new TranslationContext(model);
  const input = model.inputs[0];
  const [batch, height, width, channels] = context.shape4(input);
  const inputShape = [batch, channels, height, width] as const;
  context.define(input, context.builder.input('image', 'float32', inputShape));
  for (const operator of model.operators)
    translatorFor(operator.code, operator.customName)(context, operator);
  const outputNames = model.outputs.map((output) => declareOutput(context, output));
  return { onnx: encodeOnnxModel(context.builder.build(name)), inputName: 'image', inputShape, outputNames };
}

function translatorFor(code: number, customName: string): OperatorTranslator {
  const translator = code === TFLITE_CUSTOM ? CUSTOM.get(customName) : BUILTIN.get(code);
  if (translator === undefined) {
    const what = code === TFLITE_CUSTOM ? `custom operator ${customName}` : `operator ${code}`;
    throw new AppError(
      'model.unsupported',
      `The tflite model uses ${what}, which has no translation to ONNX.`,
    );
  }
  return translator;
}

function declareOutput(context: TranslationContext, output: number): string {
  const { name, shape } = context.tensor(output);
  const flat = context.builder.node('Reshape', [
    context.activationNhwc(output),
    context.builder.integers(shape),
  ]);
  context.builder.output(name, flat, 'float32', shape);
  return name;
}
