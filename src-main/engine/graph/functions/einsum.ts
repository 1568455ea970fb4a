import { transpose } from '#engine/graph/ops/layout';
import { matmul } from '#engine/graph/ops/matmul';
import { sum } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import type { Tensor } from '#engine/graph/tensor';
import { shapeError, sizeOf } from '#engine/graph/tensor';

/** A tensor whose axes have names. */
interface Labelled {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

/**
 * Sum of products by named axes (Einstein's notation, as NumPy's): `einsum('bic,bjc->bij', a, b)`. Two operands
 * meet in one batched matrix product of transposes; more are joined from the left. No operand may name an axis
 * twice, and every letter of the result must come from an operand.
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  const match = /^([a-zA-Z,]*)->([a-zA-Z]*)$/.exec(equation.replaceAll(' ', ''));
  const terms = match?.[1].split(',') ?? [];
  if (match === null || terms.length !== operands.length) {
    throw shapeError('einsum', operands, `"${equation}" does not name the axes of ${operands.length} operand(s), as in "ij,jk->ik"`); // prettier-ignore
  }
  const wanted = [...match[2]];
  const labelled = terms.map((term, index): Labelled => ({ labels: [...term], tensor: operands[index] }));
  requireSizesOfLabels(equation, labelled, wanted);
  let joined = labelled[0];
  for (let next = 1; next < labelled.length; next++) {
    // What the result or a later operand still needs stays.
    const needed = new Set([...wanted, ...labelled.slice(next + 1).flatMap(({ labels }) => labels)]);
    joined = contract(joined, labelled[next], needed);
  }
  return order(sumOut(joined, new Set(wanted)), wanted);
}

function requireSizesOfLabels(
  equation: string,
  labelled: readonly Labelled[],
  wanted: readonly string[],
): void {
  const tensors = labelled.map(({ tensor }) => tensor);
  const refuse = (what: string) => shapeError('einsum', tensors, `"${equation}" ${what}`);
  const sizes = new Map<string, number>();
  for (const { labels, tensor } of labelled) {
    if (labels.length !== tensor.rank) throw refuse(`names ${labels.length} axes of a tensor with ${tensor.rank}`); // prettier-ignore
    if (new Set(labels).size !== labels.length) throw refuse('names an axis of one operand twice');
    labels.forEach((label, axis) => {
      const size = sizes.get(label) ?? tensor.shape[axis];
      if (size !== tensor.shape[axis]) throw refuse(`gives "${label}" the sizes ${size} and ${tensor.shape[axis]}`); // prettier-ignore
      sizes.set(label, size);
    });
  }
  if (new Set(wanted).size !== wanted.length || wanted.some((label) => !sizes.has(label))) {
    throw refuse('must give each axis of the result once, from an operand');
  }
}

/** One batched matrix product over the axes both have and nobody needs any more. */
function contract(left: Labelled, right: Labelled, needed: ReadonlySet<string>): Labelled {
  const a = sumOut(left, new Set([...needed, ...right.labels]));
  const b = sumOut(right, new Set([...needed, ...left.labels]));
  const isShared = (label: string): boolean => a.labels.includes(label) && b.labels.includes(label);
  const batch = a.labels.filter((label) => isShared(label) && needed.has(label));
  const inner = a.labels.filter((label) => isShared(label) && !needed.has(label));
  const rows = a.labels.filter((label) => !isShared(label));
  const columns = b.labels.filter((label) => !isShared(label));
  const sizes = (labels: readonly string[]): readonly number[] =>
    labels.map((label) => {
      const from = a.labels.includes(label) ? a : b;
      return from.tensor.shape[from.labels.indexOf(label)];
    });
  const matrix = (from: Labelled, first: readonly string[], second: readonly string[]): Tensor =>
    reshape(order(from, [...batch, ...first, ...second]), [...sizes(batch), sizeOf(sizes(first)), sizeOf(sizes(second))]); // prettier-ignore
  const product = matmul(matrix(a, rows, inner), matrix(b, inner, columns));
  const labels = [...batch, ...rows, ...columns];
  return { labels, tensor: reshape(product, sizes(labels)) };
}

function sumOut({ tensor, labels }: Labelled, kept: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (kept.has(label) ? [] : [axis]));
  if (axes.length === 0) return { tensor, labels };
  return { tensor: sum(tensor, axes), labels: labels.filter((label) => kept.has(label)) };
}

function order({ tensor, labels }: Labelled, wanted: readonly string[]): Tensor {
  return transpose(
    tensor,
    wanted.map((label) => labels.indexOf(label)),
  );
}
