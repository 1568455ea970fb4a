import { topologicalOrder } from '#engine/graph/grad';
import type { OnnxGraph } from '#engine/graph/onnx/onnxModel';
import { OnnxGraphBuilder } from '#engine/graph/onnx/OnnxGraphBuilder';
import type { GivenShape } from '#engine/graph/ops/convolution/convolution';
import type { ConvolutionGeometry } from '#engine/graph/ops/convolution/geometry';
import { convolutionAttributes } from '#engine/graph/ops/convolution/geometry';
import type { Shape, Tensor } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';

/** The products of some expressions alone, and what they cost. */
export interface PlainProducts {
  readonly graph: OnnxGraph;
  /** Floating-point operations; an add and a multiply are two. */
  readonly operations: number;
}

/**
 * A hand-written graph of every convolution and matrix product that expressions need, each on its own and forwards:
 * a gradient counts as the convolution it belongs to. It is the least a runtime could do for these shapes. Filters of
 * single channels are left out of it: they are bound by memory, not by products.
 */
export function plainProducts(outputs: readonly Tensor[]): PlainProducts {
  const builder = new OnnxGraphBuilder();
  const inputs = new Set<string>();
  const given = (name: string, shape: Shape): string => {
    if (!inputs.has(name)) builder.input(name, 'float32', shape);
    inputs.add(name);
    return name;
  };
  const corners: string[] = [];
  let operations = 0;
  for (const node of topologicalOrder(outputs)) {
    const product = productOf(node);
    if (product === undefined) continue;
    operations += product.operations;
    // Pictures are shared by shape, weights are not: equal nodes would be computed once.
    const pair = [given(`x ${product.x.join()}`, product.x), given(`w${corners.length}`, product.weight)];
    const y = product.geometry === undefined
      ? builder.node('MatMul', pair)
      : builder.node('Conv', pair, convolutionAttributes(product.geometry)); // prettier-ignore
    corners.push(corner(builder, y, product.rank));
  }
  const all = builder.node('Concat', corners, { axis: { int: 0 } });
  builder.output('y', all, 'float32', [corners.length]);
  return { graph: builder.build('plain products'), operations };
}

interface Product {
  readonly x: Shape;
  readonly weight: Shape;
  readonly rank: number;
  readonly operations: number;
  /** Undefined: a matrix product. */
  readonly geometry?: ConvolutionGeometry;
}

function productOf(node: Tensor): Product | undefined {
  const { op, inputs, attributes, shape } = node;
  switch (op.name) {
    case 'matmul': {
      const [x, weight] = inputs;
      return { x: x.shape, weight: weight.shape, rank: shape.length, operations: 2 * node.size * x.shape[x.rank - 1] };
    }
    case 'conv':
      return ofConvolution(inputs[0].shape, inputs[1].shape, shape, attributes as ConvolutionGeometry);
    case 'convInput':
      return ofConvolution(shape, inputs[1].shape, inputs[0].shape, (attributes as GivenShape).geometry);
    case 'convWeight':
      return ofConvolution(inputs[0].shape, shape, inputs[1].shape, (attributes as GivenShape).geometry);
    default:
      return undefined;
  }
} // prettier-ignore

function ofConvolution(x: Shape, weight: Shape, y: Shape, geometry: ConvolutionGeometry): Product | undefined {
  if (geometry.groups > 1) return undefined;
  const operations = (2 * sizeOf(y) * sizeOf(weight)) / weight[0];
  return { x, weight, rank: y.length, operations, geometry };
} // prettier-ignore

/** The first element, [1]: a result must be used, but copying all of them out is no part of the products. */
function corner(builder: OnnxGraphBuilder, y: string, rank: number): string {
  const each = (value: number): string => builder.integers(Array.from({ length: rank }, () => value));
  const axes = builder.integers(Array.from({ length: rank }, (_, axis) => axis));
  return builder.node('Reshape', [builder.node('Slice', [y, each(0), each(1), axes]), builder.integers([1])]);
}
