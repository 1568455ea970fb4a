import { AppError } from '#common/contract/errors';
import type { LoweringContext, OpDefinition, Shape, Tensor } from '#engine/graph/tensor';
import { apply, requireFloats, shapeError, sizeOf, typeError } from '#engine/graph/tensor';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { reshape } from '#engine/graph/ops/reshape';

function rowSize(table: Tensor): number {
  return table.size / table.shape[0];
}

const gatherOp: OpDefinition<null> = {
  name: 'gatherRows',
  infer: (inputs) => {
    const [table, indices] = inputs;
    if (indices.elementType !== 'int32') throw typeError('gatherRows', inputs, 'takes int32 indices');
    if (table.rank < 1) throw shapeError('gatherRows', inputs, 'takes a table with rows');
    return { shape: [...indices.shape, ...table.shape.slice(1)], elementType: table.elementType };
  },
  evaluate: ([table, indices], node) => {
    const width = rowSize(node.inputs[0]);
    const result = new Float64Array(node.size);
    indices.forEach((row, at) => {
      requireRow(row, node.inputs[0].shape[0]);
      result.set(table.subarray(row * width, (row + 1) * width), at * width);
    });
    return result;
  },
  gradient: (g, { inputs: [table, indices] }) => [
    scatterAddRows(
      reshape(g, [indices.size, ...table.shape.slice(1)]),
      reshape(indices, [indices.size]),
      table.shape[0],
    ),
    undefined,
  ],
  lower: (context, [table, indices]) =>
    context.node('Gather', [table, context.indices(indices)], { axis: { int: 0 } }),
};

const scatterOp: OpDefinition<{ readonly rows: number }> = {
  name: 'scatterAddRows',
  infer: (inputs, { rows }) => {
    const [values, indices] = inputs;
    requireFloats('scatterAddRows', [values]);
    if (indices.elementType !== 'int32') throw typeError('scatterAddRows', inputs, 'takes int32 indices');
    if (indices.rank !== 1 || indices.shape[0] !== values.shape[0]) {
      throw shapeError('scatterAddRows', inputs, 'takes one index for each row of values');
    }
    return { shape: [rows, ...values.shape.slice(1)], elementType: 'float32' };
  },
  evaluate: ([values, indices], node) => {
    const width = rowSize(node.inputs[0]);
    const result = new Float64Array(node.size);
    indices.forEach((row, at) => {
      requireRow(row, node.attributes.rows);
      for (let k = 0; k < width; k++) result[row * width + k] += values[at * width + k];
    });
    return result;
  },
  gradient: (g, { inputs: [, indices] }) => [gatherRows(g, indices), undefined],
  lower: lowerScatter,
};

/**
 * ScatterND moves whole rows, 30 times as fast as ScatterElements moves numbers, but where the CPU provider divides one
 * between threads, updates of a row that both meet are lost. It never divides one of up to `UNDIVIDED` numbers
 * (onnxruntime's cost model: two threads from 2.1e5 on), so `scatterNdPieces` adds such pieces one after the other.
 */
function lowerScatter(
  context: LoweringContext,
  [values, indices]: readonly string[],
  node: Tensor<{ readonly rows: number }>,
): string {
  const [count, ...row] = node.inputs[0].shape;
  const piece = context.backend.scatterAdd === 'scatterNd' ? count : Math.max(1, Math.floor(UNDIVIDED / sizeOf(row))); // prettier-ignore
  const places = context.indices(context.node('Reshape', [indices, context.integers([count, 1])]));
  const part = (value: string, from: number): string =>
    piece >= count
      ? value
      : context.node('Slice', [
          value,
          context.integers([from]),
          context.integers([Math.min(count, from + piece)]),
          context.integers([0]),
        ]);
  let table = context.node('Expand', [context.floats([0], []), context.integers(node.shape)]);
  for (let from = 0; from < count; from += piece) {
    const inputs = [table, part(places, from), part(values, from)];
    table = context.node('ScatterND', inputs, { reduction: { text: 'add' } });
  }
  return table;
}

const UNDIVIDED = 100_000;

function requireRow(row: number, rows: number): void {
  if (row >= 0 && row < rows) return;
  throw new AppError('graph.badGraph', `gatherRows: there is no row ${row} in a table of ${rows}.`);
}

/** Rows of a table: the result's shape is the indices' shape followed by the shape of a row. */
export function gatherRows(table: Tensor, indices: Tensor): Tensor {
  return apply(gatherOp, [table, indices], null);
}

/** Adds each row of `values` [count, ...] to row `indices[count]` of a zero table with `rows` rows; duplicates add up. */
export function scatterAddRows(values: Tensor, indices: Tensor, rows: number): Tensor {
  return apply(scatterOp, [values, indices], { rows });
}

const takeOp: OpDefinition<{ readonly axis: number }> = {
  name: 'takeAlong',
  infer: (inputs, { axis }) => {
    const [x, indices] = inputs;
    if (indices.elementType !== 'int32') throw typeError('takeAlong', inputs, 'takes int32 indices');
    const fits =
      x.rank === indices.rank && x.shape.every((size, at) => at === axis || size === indices.shape[at]);
    if (!fits) throw shapeError('takeAlong', inputs, `the shapes may differ on axis ${axis} only`);
    return { shape: indices.shape, elementType: x.elementType };
  },
  evaluate: ([x, indices], { inputs: [table], shape, attributes: { axis } }) => {
    const positions = positionsAlong(indices, shape, table.shape[axis], axis);
    return positions.map((from) => x[from]);
  },
  gradient: (g, { inputs: [x, indices], attributes: { axis } }) => [
    apply(putOp, [g, indices], { axis, size: x.shape[axis] }),
    undefined,
  ],
  lower: (context, [x, indices], { attributes: { axis } }) =>
    context.node('GatherElements', [x, context.indices(indices)], { axis: { int: axis } }),
};

const putOp: OpDefinition<{ readonly axis: number; readonly size: number }> = {
  name: 'putAddAlong',
  infer: ([values], { axis, size }) => ({
    shape: values.shape.map((own, at) => (at === axis ? size : own)),
    elementType: 'float32',
  }),
  evaluate: ([values, indices], node) => {
    const { axis, size } = node.attributes;
    const result = new Float64Array(node.size);
    const positions = positionsAlong(indices, node.inputs[1].shape, size, axis);
    positions.forEach((to, at) => (result[to] += values[at]));
    return result;
  },
  gradient: (g, { inputs: [, indices], attributes: { axis } }) => [takeAlong(g, indices, axis), undefined],
  lower: (context, [values, indices], node) => {
    const zeros = context.node('Expand', [context.floats([0], []), context.integers(node.shape)]);
    return context.node('ScatterElements', [zeros, context.indices(indices), values], {
      axis: { int: node.attributes.axis },
      reduction: { text: 'add' },
    });
  },
};

/** For each index, the flat position it names in a tensor that has `size` elements along `axis`. */
function positionsAlong(indices: Float64Array, shape: Shape, size: number, axis: number): Float64Array {
  const inner = shape.slice(axis + 1).reduce((product, own) => product * own, 1);
  return indices.map((index, flat) => {
    requireRow(index, size);
    const outer = Math.floor(flat / (inner * shape[axis]));
    return (outer * size + index) * inner + (flat % inner);
  });
}

/** One element per index along an axis (`torch.gather`); `indices` has x's shape but for that axis. */
export function takeAlong(x: Tensor, indices: Tensor, axis: number): Tensor {
  return apply(takeOp, [x, indices], { axis: axis < 0 ? axis + x.rank : axis });
}

/** As `takeAlong` where one row of indices serves all others: `indices` broadcasts to x but for the axis. */
export function takeAlongBroadcast(x: Tensor, indices: Tensor, axis: number): Tensor {
  const at = axis < 0 ? axis + x.rank : axis;
  const shape = x.shape.map((size, other) => (other === at ? indices.shape[other] : size));
  return takeAlong(x, broadcastTo(indices, shape), at);
}
