import { OnnxSession } from '#engine/runtime/OnnxSession';
import { samePadding } from '#engine/tracking/tflite/convolutionOperators';
import { translateTflite } from '#engine/tracking/tflite/translateTflite';
import type { TestOperator, TestTensor } from '#test/helpers/buildTflite';
import { buildFlexMap, buildTflite } from '#test/helpers/buildTflite';
import { describe, expect, it } from 'vitest';

/** Translates and runs a model whose tensor 0 is the input; `input` is NCHW, results are in tflite's order. */
async function run(
  tensors: readonly TestTensor[],
  operators: readonly TestOperator[],
  input: ArrayLike<number>,
): Promise<number[]> {
  const output = operators[operators.length - 1].outputs[0];
  const bytes = buildTflite({ tensors, operators, inputs: [0], outputs: [output] });
  const { onnx, inputName, inputShape, outputNames } = translateTflite(bytes, 'test');
  const session = await OnnxSession.create('test', onnx);
  const outputs = await session.run(inputName, Float32Array.from(input), inputShape);
  await session.dispose();
  return [...(outputs.get(outputNames[0]) ?? [])];
}

const image = (height: number, width: number, channels = 1): TestTensor => ({
  name: 'image',
  shape: [1, height, width, channels],
});
const ramp = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('translateTflite', () => {
  it('puts the odd pixel of SAME padding behind', () => {
    expect(samePadding(4, 3, 2, 1)).toEqual([0, 1]);
    expect(samePadding(5, 3, 2, 1)).toEqual([1, 1]);
    expect(samePadding(4, 3, 1, 2)).toEqual([2, 2]);
    expect(samePadding(6, 2, 2, 1)).toEqual([0, 0]);
  });

  it('convolves with stride 2 as tflite does: windows start at the first pixel', async () => {
    const weights = { name: 'w', shape: [1, 3, 3, 1], data: Float32Array.from(ramp(9)) };
    const bias = { name: 'b', shape: [1], data: Float32Array.of(0.5) };
    const result = await run(
      [image(4, 4), weights, bias, { name: 'out', shape: [1, 2, 2, 1] }],
      [{ code: 3, inputs: [0, 1, 2], outputs: [3], options: { 0: 0, 1: 2, 2: 2 } }],
      ramp(16),
    );

    expect(result).toEqual([0, 1, 2, 3].map(expectedConvolution));
  });

  it('keeps channels apart in a depthwise convolution and mixes them in a plain one', async () => {
    const depthwise = { name: 'w', shape: [1, 1, 1, 2], type: 1, data: Uint16Array.of(0x4000, 0x4200) };
    const plain = { name: 'p', shape: [1, 1, 1, 2], data: Float32Array.of(10, 100) };
    const zero = { name: 'b', shape: [2], data: new Float32Array(2) };
    const zero1 = { name: 'b1', shape: [1], data: new Float32Array(1) };
    const tensors = [
      image(1, 2, 2),
      depthwise,
      { name: 'wide', shape: [1, 1, 1, 2] },
      zero,
      { name: 'mid', shape: [1, 1, 2, 2] },
      plain,
      zero1,
      { name: 'out', shape: [1, 1, 2, 1] },
    ];
    const result = await run(
      tensors,
      [
        { code: 6, inputs: [1], outputs: [2] },
        { code: 4, inputs: [0, 2, 3], outputs: [4], options: { 0: 1, 1: 1, 2: 1, 3: 1 } },
        { code: 3, inputs: [4, 5, 6], outputs: [7], options: { 0: 1, 1: 1, 2: 1 } },
      ],
      [1, 2, 3, 4], // channel 0: 1, 2; channel 1: 3, 4
    );
    expect(result).toEqual([2 * 1 * 10 + 3 * 3 * 100, 2 * 2 * 10 + 3 * 4 * 100]);
  });

  it('pads channels, applies a slope per channel and gives the output in tflite order', async () => {
    const pads = { name: 'pads', shape: [4, 2], type: 2, data: Int32Array.of(0, 0, 0, 0, 0, 0, 0, 1) };
    const slopes = { name: 'slopes', shape: [1, 1, 2], data: Float32Array.of(0.5, 9) };
    const result = await run(
      [
        image(1, 2),
        pads,
        { name: 'wide', shape: [1, 1, 2, 2] },
        slopes,
        { name: 'out', shape: [1, 1, 2, 2] },
      ],
      [
        { code: 34, inputs: [0, 1], outputs: [2] },
        { code: 54, inputs: [2, 3], outputs: [4] },
      ],
      [-4, 3],
    );
    expect(result).toEqual([-2, 0, 3, 0]);
  });

  it('resizes with half-pixel centres and with the legacy rule', async () => {
    const size = { name: 'size', shape: [2], type: 2, data: Int32Array.of(1, 4) };
    const tensors = [image(1, 2), size, { name: 'out', shape: [1, 1, 4, 1] }];
    const resize = (options: Record<number, number>): Promise<number[]> =>
      run(tensors, [{ code: 23, inputs: [0, 1], outputs: [2], options }], [0, 4]);
    expect(await resize({ 3: 1 })).toEqual([0, 1, 3, 4]);
    expect(await resize({ 3: 0 })).toEqual([0, 2, 4, 4]);
  });

  it('reshapes in tflite order of elements', async () => {
    const result = await run(
      [image(1, 2, 2), { name: 'out', shape: [1, 4] }],
      [{ code: 22, inputs: [0], outputs: [1] }],
      [1, 2, 3, 4],
    );
    expect(result).toEqual([1, 3, 2, 4]);
  });

  it('names an operator it cannot translate', () => {
    const make = (code: number | string): Uint8Array =>
      buildTflite({
        tensors: [image(1, 1), { name: 'out', shape: [1, 1, 1, 1] }],
        operators: [{ code, inputs: [0], outputs: [1] }],
        inputs: [0],
        outputs: [1],
      });
    expect(() => translateTflite(make(99), 'test')).toThrow(/operator 99/);
    expect(() => translateTflite(make('Mystery'), 'test')).toThrow(/custom operator Mystery/);
  });
});

/** Direct convolution of the ramp picture, windows at 0 and 2, zeros beyond. */
function expectedConvolution(index: number): number {
  const [row, column] = [index >> 1, index & 1];
  let sum = 0.5;
  for (let y = 0; y < 3; y++) {
    for (let x = 0; x < 3; x++) {
      const [sy, sx] = [row * 2 + y, column * 2 + x];
      if (sy < 4 && sx < 4) sum += (y * 3 + x + 1) * (sy * 4 + sx + 1);
    }
  }
  return sum;
}

describe('landmark operators', () => {
  // A square of four points, side 4, around (10, 6), standing upright; lines of the eyes are its top edge.
  const points = (angle: number): number[] =>
    [
      [-2, -2],
      [2, -2],
      [2, 2],
      [-2, 2],
    ].flatMap(([x, y]) => [
      10 + x * Math.cos(angle) - y * Math.sin(angle),
      6 + x * Math.sin(angle) + y * Math.cos(angle),
      99,
    ]);
  const options = buildFlexMap({
    left_rotation_idx: 0,
    right_rotation_idx: 1,
    output_height: 8,
    output_width: 8,
    scale_x: 1.5,
    scale_y: 1.5,
    subset_idxs: [0, 1, 2, 3],
    target_rotation_radians: 0,
  });
  const matrixOf = (angle: number): Promise<number[]> =>
    run(
      [image(1, 1, 12), { name: 'points', shape: [1, 4, 3] }, { name: 'matrix', shape: [1, 4, 4] }],
      [
        { code: 22, inputs: [0], outputs: [1] },
        { code: 'Landmarks2TransformMatrix', version: 2, inputs: [1], outputs: [2], customOptions: options },
      ],
      points(angle),
    );

  it('turns landmarks into the matrix from cut to map pixels, for any angle of the eyes', async () => {
    for (const angle of [0, 0.6, -2.5]) {
      const m = await matrixOf(angle);
      // One cut pixel is 4 * 1.5 / 8 map pixels; the cut's middle (4, 4) lands on the square's centre.
      const scale = 0.75;
      const expected = [Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)].map(
        (v) => v * scale,
      );
      [m[0], m[1], m[4], m[5]].forEach((value, index) => expect(value).toBeCloseTo(expected[index], 5));
      expect(m[0] * 4 + m[1] * 4 + m[3]).toBeCloseTo(10, 4);
      expect(m[4] * 4 + m[5] * 4 + m[7]).toBeCloseTo(6, 4);
      expect([m[2], m[6], ...m.slice(8)]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    }
  });

  it('samples the map bilinearly at pixel centres and gives zero outside of the outermost ones', async () => {
    const matrix = {
      name: 'm',
      shape: [1, 4, 4],
      data: Float32Array.of(1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
    };
    const result = await run(
      [image(2, 3), matrix, { name: 'out', shape: [1, 2, 3, 1] }],
      [
        {
          code: 'TransformTensorBilinear',
          version: 2,
          inputs: [0, 1],
          outputs: [2],
          customOptions: buildFlexMap({ output_height: 2, output_width: 3 }),
        },
      ],
      [0, 2, 4, 10, 12, 14],
    );
    result.forEach((value, index) => expect(value).toBeCloseTo([1, 3, 0, 11, 13, 0][index], 4));
  });

  it('moves points by the upper two rows', async () => {
    const matrix = {
      name: 'm',
      shape: [1, 4, 4],
      data: Float32Array.of(2, 1, 0, 5, 0, 3, 0, -1, 0, 0, 1, 0, 0, 0, 0, 1),
    };
    const result = await run(
      [image(1, 1, 4), { name: 'points', shape: [1, 2, 2] }, matrix, { name: 'out', shape: [1, 2, 2] }],
      [
        { code: 22, inputs: [0], outputs: [1] },
        { code: 'TransformLandmarks', version: 2, inputs: [1, 2], outputs: [3] },
      ],
      [1, 1, -2, 4],
    );
    expect(result).toEqual([8, 2, 5, 11]);
  });

  it('refuses version 1, which means something else', () => {
    const bytes = buildTflite({
      tensors: [image(1, 1, 12), { name: 'points', shape: [1, 4, 3] }, { name: 'matrix', shape: [1, 4, 4] }],
      operators: [
        { code: 22, inputs: [0], outputs: [1] },
        { code: 'Landmarks2TransformMatrix', version: 1, inputs: [1], outputs: [2], customOptions: options },
      ],
      inputs: [0],
      outputs: [2],
    });
    expect(() => translateTflite(bytes, 'test')).toThrow(/version 1: only version 2/);
  });
});
