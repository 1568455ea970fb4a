import type { OnnxAttribute } from '#engine/graph/onnx/onnxModel';
import type { Shape, Tensor } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';

/** One spatial axis of a convolution. */
export interface ConvolutionAxis {
  readonly stride: number;
  readonly padBefore: number;
  readonly padAfter: number;
  readonly dilation: number;
}

/** How a window moves over a picture; spatial axes in order (1 to 3 of them). */
export interface ConvolutionGeometry {
  readonly axes: readonly ConvolutionAxis[];
  readonly groups: number;
}

/** A number holds for all spatial axes; padding may be [before, after] for all, or a pair for each. */
export interface ConvolutionOptions {
  readonly stride?: number | readonly number[];
  readonly padding?: number | readonly (readonly [before: number, after: number])[];
  readonly dilation?: number | readonly number[];
  readonly groups?: number;
}

export function resolveGeometry(
  op: string,
  inputs: readonly Tensor[],
  spatialRank: number,
  options: ConvolutionOptions,
): ConvolutionGeometry {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  if (spatialRank < 1 || spatialRank > 3) {
    throw shapeError(op, inputs, 'takes [batch, channels, 1 to 3 spatial axes]');
  }
  const pick = (value: number | readonly number[], axis: number): number =>
    typeof value === 'number' ? value : value[axis];
  const axes = Array.from({ length: spatialRank }, (_, axis) => ({
    stride: pick(stride, axis),
    padBefore: typeof padding === 'number' ? padding : padding[axis][0],
    padAfter: typeof padding === 'number' ? padding : padding[axis][1],
    dilation: pick(dilation, axis),
  }));
  const isValid =
    [...axes.flatMap((axis) => [axis.stride, axis.dilation]), groups].every(
      (n) => Number.isInteger(n) && n >= 1,
    ) && axes.every(({ padBefore, padAfter }) => padBefore >= 0 && padAfter >= 0);
  if (!isValid)
    throw shapeError(op, inputs, 'stride, dilation and groups are at least 1, padding at least 0');
  return { axes, groups };
}

/** Size of a window with its gaps. */
export function windowSize(kernel: number, { dilation }: ConvolutionAxis): number {
  return dilation * (kernel - 1) + 1;
}

/** Positions of a window along one axis. */
export function outputSize(size: number, kernel: number, axis: ConvolutionAxis): number {
  return Math.floor((size + axis.padBefore + axis.padAfter - windowSize(kernel, axis)) / axis.stride) + 1;
}

/** Attributes that Conv and ConvTranspose share. */
export function convolutionAttributes({ axes, groups }: ConvolutionGeometry): Record<string, OnnxAttribute> {
  return {
    strides: { ints: axes.map(({ stride }) => stride) },
    pads: { ints: [...axes.map(({ padBefore }) => padBefore), ...axes.map(({ padAfter }) => padAfter)] },
    dilations: { ints: axes.map(({ dilation }) => dilation) },
    group: { int: groups },
  };
}

/** The three arrays a convolution relates: `x`, its `weight` and the result `y`, all as shapes. */
export interface ConvolutionShapes {
  readonly x: Shape;
  readonly weight: Shape;
  readonly y: Shape;
}

/**
 * Visits every product a convolution sums: flat indices into x, weight and y. The three operations of the
 * family differ only in which of the three they add to.
 */
export function forEachProduct(
  { x, weight, y }: ConvolutionShapes,
  { axes, groups }: ConvolutionGeometry,
  visit: (x: number, weight: number, y: number) => void,
): void {
  const [outputs, perGroup, ...kernel] = weight;
  const xSize = x.slice(2).reduce((product, size) => product * size, 1);
  const ySize = y.slice(2).reduce((product, size) => product * size, 1);
  const taps = kernel.reduce((product, size) => product * size, 1);
  const pairs = spatialPairs(x.slice(2), kernel, y.slice(2), axes);
  for (let n = 0; n < x[0]; n++) {
    for (let out = 0; out < outputs; out++) {
      const firstChannel = Math.floor(out / (outputs / groups)) * perGroup;
      for (let c = 0; c < perGroup; c++) {
        const xBase = (n * x[1] + firstChannel + c) * xSize;
        const wBase = (out * perGroup + c) * taps;
        const yBase = (n * outputs + out) * ySize;
        for (let p = 0; p < pairs.length; p += 3) {
          visit(xBase + pairs[p], wBase + pairs[p + 1], yBase + pairs[p + 2]);
        }
      }
    }
  }
}

/** Flat (x position, tap, y position) triples of all products inside the picture. */
function spatialPairs(
  xSizes: Shape,
  kernel: Shape,
  ySizes: Shape,
  axes: readonly ConvolutionAxis[],
): readonly number[] {
  let pairs: number[] = [0, 0, 0];
  axes.forEach(({ stride, padBefore, dilation }, axis) => {
    const next: number[] = [];
    for (let p = 0; p < pairs.length; p += 3) {
      for (let at = 0; at < ySizes[axis]; at++) {
        for (let tap = 0; tap < kernel[axis]; tap++) {
          const from = at * stride - padBefore + tap * dilation;
          if (from < 0 || from >= xSizes[axis]) continue;
          next.push(
            pairs[p] * xSizes[axis] + from,
            pairs[p + 1] * kernel[axis] + tap,
            pairs[p + 2] * ySizes[axis] + at,
          );
        }
      }
    }
    pairs = next;
  });
  return pairs;
}
