import type { Shape, Tensor, TensorType } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';

/** NumPy's rule: shapes align at their last axes, sizes of 1 stretch. */
export function broadcastShapes(op: string, inputs: readonly TensorType[]): Shape {
  const rank = Math.max(0, ...inputs.map(({ shape }) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const { shape } of inputs) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own === 1 || own === size) continue;
      if (size !== 1) throw shapeError(op, inputs, `axis ${axis - rank} does not broadcast`);
      size = own;
    }
    return size;
  });
}

/** Axis counted from the front; negative ones count from the back. */
export function resolveAxis(op: string, input: TensorType, axis: number): number {
  const rank = input.shape.length;
  const resolved = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && resolved >= 0 && resolved < rank) return resolved;
  throw shapeError(op, [input], `there is no axis ${axis}`);
}

/** Distinct axes from the front, rising; all of them by default. */
export function resolveAxes(op: string, input: TensorType, axes?: readonly number[]): readonly number[] {
  if (axes === undefined) return input.shape.map((_, axis) => axis);
  const resolved = axes.map((axis) => resolveAxis(op, input, axis)).sort((a, b) => a - b);
  if (new Set(resolved).size !== resolved.length) {
    throw shapeError(op, [input], `the axes ${axes.join(', ')} name one twice`);
  }
  return resolved;
}

/** Elements to step over per axis in row-major order. */
export function stridesOf(shape: Shape): readonly number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Strides that read a tensor of `shape` as if it had been broadcast to `target`: 0 where it stretches. */
export function broadcastStrides(shape: Shape, target: Shape): readonly number[] {
  const own = stridesOf(shape);
  return target.map((_, axis) => {
    const from = axis - target.length + shape.length;
    return from < 0 || shape[from] === 1 ? 0 : own[from];
  });
}

/** Calls `visit(flatIndex, coordinates)` for each element in row-major order; `coordinates` is reused. */
export function forEachIndex(
  shape: Shape,
  visit: (flat: number, coordinates: readonly number[]) => void,
): void {
  const coordinates = new Array<number>(shape.length).fill(0);
  const count = shape.reduce((product, size) => product * size, 1);
  for (let flat = 0; flat < count; flat++) {
    visit(flat, coordinates);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++coordinates[axis] < shape[axis]) break;
      coordinates[axis] = 0;
    }
  }
}

/** Sum of coordinate * stride. */
export function offsetOf(coordinates: readonly number[], strides: readonly number[]): number {
  let offset = 0;
  for (let axis = 0; axis < strides.length; axis++) offset += coordinates[axis] * strides[axis];
  return offset;
}

/** A positive whole number as every size and stride must be. */
export function requireSizes(op: string, inputs: readonly Tensor[], shape: Shape): void {
  if (shape.every((size) => Number.isInteger(size) && size > 0)) return;
  throw shapeError(op, inputs, `would give the shape [${shape.join(', ')}], whose sizes must be at least 1`);
}
