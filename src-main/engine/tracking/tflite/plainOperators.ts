import { AppError } from '#common/contract/errors';
import { fusedActivation } from '#engine/tracking/tflite/convolutionOperators';
import type { TfliteOperator } from '#engine/tracking/tflite/readTflite';
import type { OperatorTranslator, TranslationContext } from '#engine/tracking/tflite/TranslationContext';

const NHWC_TO_NCHW = [0, 3, 1, 2] as const;

/** DEQUANTIZE of a half-precision constant: folded at translation time. */
export function translateDequantize(context: TranslationContext, operator: TfliteOperator): void {
  context.defineConstant(operator.outputs[0], context.floats(operator.inputs[0]));
}

/** An operator of one input that ONNX has under another name. */
export function unary(onnxOperator: string): OperatorTranslator {
  return (context, operator) => {
    context.define(
      operator.outputs[0],
      context.builder.node(onnxOperator, [context.activation(operator.inputs[0])]),
    );
  };
}

/** ADD and MUL with their broadcasts and fused activation. */
export function binary(onnxOperator: string): OperatorTranslator {
  return (context, operator) => {
    const inputs = operator.inputs.map((input) => context.activation(input));
    const value = context.builder.node(onnxOperator, inputs);
    const activation = operator.options?.int8(0) ?? 0;
    context.define(operator.outputs[0], fusedActivation(context, value, activation));
  };
}

/** PRELU with one slope per channel: [1, 1, channels] -> [channels, 1, 1]. */
export function translatePrelu(context: TranslationContext, operator: TfliteOperator): void {
  const slopes = context.floats(operator.inputs[1]);
  const channels = context.shape4(operator.inputs[0])[3];
  if (slopes.length !== channels) {
    throw new AppError('model.unsupported', `PRELU holds ${slopes.length} slopes for ${channels} channels.`);
  }
  context.define(
    operator.outputs[0],
    context.builder.node('PRelu', [
      context.activation(operator.inputs[0]),
      context.builder.floats(slopes, [channels, 1, 1]),
    ]),
  );
}

/** PAD with zeros; the pairs are given per tflite axis. */
export function translatePad(context: TranslationContext, operator: TfliteOperator): void {
  const pairs = context.integers(operator.inputs[1]);
  const rank = context.shape(operator.inputs[0]).length;
  const axes = rank === 4 ? NHWC_TO_NCHW : Array.from({ length: rank }, (_, axis) => axis);
  const pads = [...axes.map((axis) => pairs[2 * axis] ?? 0), ...axes.map((axis) => pairs[2 * axis + 1] ?? 0)];
  context.define(
    operator.outputs[0],
    context.builder.node('Pad', [context.activation(operator.inputs[0]), context.builder.integers(pads)]),
  );
}

/** RESHAPE means tflite's order of elements, so a picture goes back to NHWC first. */
export function translateReshape(context: TranslationContext, operator: TfliteOperator): void {
  const shape = context.shape(operator.outputs[0]);
  const value = context.builder.node('Reshape', [
    context.activationNhwc(operator.inputs[0]),
    context.builder.integers(shape),
  ]);
  const needsNchw = shape.length === 4 && !(shape[1] === 1 && shape[2] === 1);
  if (shape.length === 4 && !needsNchw) {
    const nchw = [shape[0] ?? 1, shape[3] ?? 1, 1, 1];
    context.define(
      operator.outputs[0],
      context.builder.node('Reshape', [value, context.builder.integers(nchw)]),
    );
    return;
  }
  context.define(operator.outputs[0], needsNchw ? context.transpose(value, NHWC_TO_NCHW) : value);
}

/** CONCATENATION: option 0 is the axis, in tflite's order and possibly negative. */
export function translateConcatenation(context: TranslationContext, operator: TfliteOperator): void {
  const rank = context.shape(operator.outputs[0]).length;
  const axis = ((operator.options?.int32(0) ?? 0) + rank) % rank;
  const onnxAxis = rank === 4 ? NHWC_TO_NCHW.indexOf(axis as 0 | 1 | 2 | 3) : axis;
  const inputs = operator.inputs.map((input) => context.activation(input));
  context.define(operator.outputs[0], context.builder.node('Concat', inputs, { axis: { int: onnxAxis } }));
}

/** STRIDED_SLICE occurs only as a copy of the whole tensor (it names an output). */
export function translateStridedSlice(context: TranslationContext, operator: TfliteOperator): void {
  const from = context.shape(operator.inputs[0]);
  const to = context.shape(operator.outputs[0]);
  const begins = context.integers(operator.inputs[1]);
  const strides = context.integers(operator.inputs[3]);
  const isCopy =
    from.join() === to.join() &&
    begins.every((value) => value === 0) &&
    strides.every((value) => value === 1);
  if (!isCopy) {
    throw new AppError(
      'model.unsupported',
      `STRIDED_SLICE from [${from.join()}] to [${to.join()}]: only a copy of the whole tensor is known.`,
    );
  }
  context.define(operator.outputs[0], context.activation(operator.inputs[0]));
}

/** RESIZE_BILINEAR: options 2 align_corners, 3 half_pixel_centers; tflite's legacy rule is ONNX's asymmetric. */
export function translateResizeBilinear(context: TranslationContext, operator: TfliteOperator): void {
  const [batch, height, width, channels] = context.shape4(operator.outputs[0]);
  const isAligned = (operator.options?.int8(2) ?? 0) !== 0;
  const isHalfPixel = (operator.options?.int8(3) ?? 0) !== 0;
  const mode = isAligned ? 'align_corners' : isHalfPixel ? 'half_pixel' : 'asymmetric';
  const sizes = context.builder.integers([batch, channels, height, width]);
  context.define(
    operator.outputs[0],
    context.builder.node('Resize', [context.activation(operator.inputs[0]), '', '', sizes], {
      mode: { text: 'linear' },
      coordinate_transformation_mode: { text: mode },
    }),
  );
}
