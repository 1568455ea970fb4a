import { AppError } from '#common/contract/errors';
import type { FlexMap } from '#engine/tracking/tflite/readFlexMap';
import { readFlexMap } from '#engine/tracking/tflite/readFlexMap';
import type { TfliteOperator } from '#engine/tracking/tflite/readTflite';
import type { TranslationContext } from '#engine/tracking/tflite/TranslationContext';

// The attention mesh model cuts the lips and the eyes out of an inner feature map: its own first guess of
// the landmarks gives a rotated, scaled rectangle (Landmarks2TransformMatrix), the map is resampled there
// (TransformTensorBilinear), and the refined points go back the same way (TransformLandmarks). What each
// does is public in MediaPipe's sources (util/tflite/operations, version 2 of each operator).

function optionsOf(operator: TfliteOperator): FlexMap {
  if (operator.version !== 2) {
    throw new AppError(
      'model.unsupported',
      `${operator.customName} of version ${operator.version}: only version 2 is known.`,
    );
  }
  return readFlexMap(operator.customOptions ?? new Uint8Array(0));
}

function numberOption(options: FlexMap, name: string): number {
  const value = options.get(name);
  if (typeof value !== 'number') throw new AppError('model.unsupported', `Option ${name} is missing.`);
  return value;
}

/**
 * Landmarks [1, n, 3] -> matrix [1, 4, 4] from pixels of the cut to pixels of the map: centre and size of
 * the subset's bounding rectangle, upright in the frame in which the line between two given landmarks has
 * the target angle. Angles enter only through sine and cosine, so no arc tangent is needed.
 */
export function translateLandmarksToMatrix(context: TranslationContext, operator: TfliteOperator): void {
  const options = optionsOf(operator);
  const subset = options.get('subset_idxs');
  if (!Array.isArray(subset) || subset.length === 0) {
    throw new AppError('model.unsupported', 'Landmarks2TransformMatrix lacks its subset of landmarks.');
  }
  const { builder } = context;
  const width = numberOption(options, 'output_width');
  const height = numberOption(options, 'output_height');
  const target = numberOption(options, 'target_rotation_radians');
  const landmarks = context.activation(operator.inputs[0]);
  const pick = (indices: readonly number[], axis: number): string => {
    const points = builder.node('Gather', [landmarks, builder.integers(indices)], { axis: { int: 1 } });
    return builder.node('Gather', [points, builder.integers([axis])], { axis: { int: 2 } });
  };
  const add = (a: string, b: string): string => builder.node('Add', [a, b]);
  const subtract = (a: string, b: string): string => builder.node('Sub', [a, b]);
  const multiply = (a: string, b: string): string => builder.node('Mul', [a, b]);
  const scaled = (a: string, factor: number): string => multiply(a, builder.scalar(factor));

  const left = numberOption(options, 'left_rotation_idx');
  const right = numberOption(options, 'right_rotation_idx');
  const dx = subtract(pick([right], 0), pick([left], 0));
  const dy = subtract(pick([right], 1), pick([left], 1));
  const length = builder.node('Sqrt', [add(multiply(dx, dx), multiply(dy, dy))]);
  const cosLine = builder.node('Div', [dx, length]);
  const sinLine = builder.node('Div', [dy, length]);
  // cos and sin of (target - angle of the line).
  const cos = add(scaled(cosLine, Math.cos(target)), scaled(sinLine, Math.sin(target)));
  const sin = subtract(scaled(cosLine, Math.sin(target)), scaled(sinLine, Math.cos(target)));

  const x = pick(subset, 0);
  const y = pick(subset, 1);
  const turnedX = subtract(multiply(cos, x), multiply(sin, y));
  const turnedY = add(multiply(sin, x), multiply(cos, y));
  const extreme = (operatorName: string, value: string): string =>
    builder.node(operatorName, [value, builder.integers([1])], { keepdims: { int: 1 } });
  const maxX = extreme('ReduceMax', turnedX);
  const minX = extreme('ReduceMin', turnedX);
  const maxY = extreme('ReduceMax', turnedY);
  const minY = extreme('ReduceMin', turnedY);
  const middleX = scaled(add(maxX, minX), 0.5);
  const middleY = scaled(add(maxY, minY), 0.5);
  const centreX = add(multiply(cos, middleX), multiply(sin, middleY));
  const centreY = subtract(multiply(cos, middleY), multiply(sin, middleX));
  const scaleX = scaled(subtract(maxX, minX), numberOption(options, 'scale_x') / width);
  const scaleY = scaled(subtract(maxY, minY), numberOption(options, 'scale_y') / height);

  // Shift to the centre, turn back, scale, move the cut's middle to the origin.
  const m00 = multiply(cos, scaleX);
  const m01 = multiply(sin, scaleY);
  const m10 = builder.node('Neg', [multiply(sin, scaleX)]);
  const m11 = multiply(cos, scaleY);
  const m03 = subtract(centreX, add(scaled(m00, width / 2), scaled(m01, height / 2)));
  const m13 = subtract(centreY, add(scaled(m10, width / 2), scaled(m11, height / 2)));
  const zero = builder.smallFloats([0], [1, 1, 1]);
  const rest = builder.smallFloats([0, 0, 1, 0, 0, 0, 0, 1], [1, 8, 1]);
  const flat = builder.node('Concat', [m00, m01, zero, m03, m10, m11, zero, m13, rest], { axis: { int: 1 } });
  context.define(operator.outputs[0], builder.node('Reshape', [flat, builder.integers([1, 4, 4])]));
}

/**
 * Map [1, h, w, c] and matrix [1, 4, 4] -> resampled [1, oh, ow, c]: bilinear, pixel centres at .5, and zero
 * for a sample whose position lies outside of the outermost pixel centres.
 */
export function translateTransformTensor(context: TranslationContext, operator: TfliteOperator): void {
  optionsOf(operator);
  const { builder } = context;
  const [, mapHeight, mapWidth] = context.shape4(operator.inputs[0]);
  const [, height, width] = context.shape4(operator.outputs[0]);
  const homogeneous = new Float32Array(height * width * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) homogeneous.set([x + 0.5, y + 0.5, 0, 1], (y * width + x) * 4);
  }
  const points = builder.floats(homogeneous, [1, height * width, 4]);
  const matrix = context.activation(operator.inputs[1]);
  const transposed = context.transpose(matrix, [0, 2, 1]);
  const mapped = builder.node('MatMul', [points, transposed]);
  const xy = builder.node('Slice', [
    mapped,
    builder.integers([0]),
    builder.integers([2]),
    builder.integers([2]),
  ]);
  // Positions -> GridSample's [-1, 1] between the outermost pixel centres (align_corners).
  const scale = builder.smallFloats([2 / (mapWidth - 1), 2 / (mapHeight - 1)], [1, 1, 2]);
  const offset = builder.smallFloats([-1 / (mapWidth - 1) - 1, -1 / (mapHeight - 1) - 1], [1, 1, 2]);
  const grid = builder.node('Add', [builder.node('Mul', [xy, scale]), offset]);
  const largest = builder.node('ReduceMax', [builder.node('Abs', [grid]), builder.integers([2])], {
    keepdims: { int: 1 },
  });
  // One rounding step of slack: a cut that touches the border exactly must not lose its edge.
  const isOutside = builder.node('Greater', [largest, builder.scalar(1 + 1e-6)]);
  // -3 is more than a pixel outside for every map, so all four neighbours are the zero padding.
  const safe = builder.node('Where', [isOutside, builder.scalar(-3), grid]);
  const shaped = builder.node('Reshape', [safe, builder.integers([1, height, width, 2])]);
  context.define(
    operator.outputs[0],
    builder.node('GridSample', [context.activation(operator.inputs[0]), shaped], {
      align_corners: { int: 1 },
      mode: { text: 'bilinear' },
      padding_mode: { text: 'zeros' },
    }),
  );
}

/** Points [1, n, 2] and matrix [1, 4, 4] -> points moved by the matrix' upper two rows. */
export function translateTransformLandmarks(context: TranslationContext, operator: TfliteOperator): void {
  const [, , dimensions] = context.shape(operator.inputs[0]);
  if (operator.version !== 2 || dimensions !== 2) {
    throw new AppError(
      'model.unsupported',
      `TransformLandmarks of version ${operator.version} on ${dimensions} coordinates: only version 2 on two is known.`,
    );
  }
  const { builder } = context;
  const matrix = context.activation(operator.inputs[1]);
  const cut = (rows: readonly [number, number], columns: readonly [number, number]): string =>
    builder.node('Slice', [
      matrix,
      builder.integers([rows[0], columns[0]]),
      builder.integers([rows[1], columns[1]]),
      builder.integers([1, 2]),
    ]);
  const linear = context.transpose(cut([0, 2], [0, 2]), [0, 2, 1]);
  const shift = context.transpose(cut([0, 2], [3, 4]), [0, 2, 1]);
  const turned = builder.node('MatMul', [context.activation(operator.inputs[0]), linear]);
  context.define(operator.outputs[0], builder.node('Add', [turned, shift]));
}
