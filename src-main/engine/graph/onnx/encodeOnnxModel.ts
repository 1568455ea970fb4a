import { invariant } from '#common/contract/errors';
import type {
  OnnxAttribute,
  OnnxGraph,
  OnnxNode,
  OnnxTensor,
  OnnxValueInfo,
} from '#engine/graph/onnx/onnxModel';
import { ELEMENT_TYPE_CODES } from '#engine/graph/onnx/onnxModel';
import { ProtobufWriter } from '#engine/graph/onnx/ProtobufWriter';

/**
 * Operator set of every graph we write. 18 is the last whose GridSample (16-19) the WebGPU provider of
 * onnxruntime 1.30 runs itself.
 */
export const ONNX_OPSET = 18;
/** IR version that goes with opsets 15 to 18. */
const IR_VERSION = 8;

/**
 * Graph -> bytes of an ONNX ModelProto. Equal graphs give equal bytes: attributes are written in order of
 * their names, everything else in the order given. Field numbers are those of onnx.proto3.
 */
export function encodeOnnxModel(graph: OnnxGraph): Uint8Array {
  const model = new ProtobufWriter();
  model.int64(1, IR_VERSION);
  model.text(2, 'avatarartist');
  model.message(7, (writer) => writeGraph(writer, graph));
  model.message(8, (opset) => opset.int64(2, ONNX_OPSET));
  for (const domain of extraDomains(graph)) {
    model.message(8, (opset) => {
      opset.text(1, domain);
      opset.int64(2, 1);
    });
  }
  return model.finish();
}

function extraDomains(graph: OnnxGraph): string[] {
  const domains = new Set<string>();
  for (const node of graph.nodes) if (node.domain !== undefined) domains.add(node.domain);
  return [...domains].sort();
}

function writeGraph(writer: ProtobufWriter, graph: OnnxGraph): void {
  graph.nodes.forEach((node, index) => writer.message(1, (child) => writeNode(child, node, index)));
  writer.text(2, graph.name);
  for (const tensor of graph.initializers) writer.message(5, (child) => writeTensor(child, tensor));
  for (const input of graph.inputs) writer.message(11, (child) => writeValueInfo(child, input));
  for (const output of graph.outputs) writer.message(12, (child) => writeValueInfo(child, output));
}

function writeNode(writer: ProtobufWriter, node: OnnxNode, index: number): void {
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  writer.text(3, `${node.operator}_${index}`);
  writer.text(4, node.operator);
  const attributes = Object.entries(node.attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of attributes) writer.message(5, (child) => writeAttribute(child, name, value));
  if (node.domain !== undefined) writer.text(7, node.domain);
}

function writeAttribute(writer: ProtobufWriter, name: string, value: OnnxAttribute): void {
  writer.text(1, name);
  if ('int' in value) {
    writer.int64(3, value.int);
    writer.int64(20, 2);
  } else if ('ints' in value) {
    writer.packedInt64(8, value.ints);
    writer.int64(20, 7);
  } else if ('float' in value) {
    writer.float32(2, value.float);
    writer.int64(20, 1);
  } else if ('floats' in value) {
    for (const item of value.floats) writer.float32(7, item);
    writer.int64(20, 6);
  } else if ('text' in value) {
    writer.text(4, value.text);
    writer.int64(20, 3);
  } else if ('tensor' in value) {
    writer.message(5, (child) => writeTensor(child, value.tensor));
    writer.int64(20, 4);
  } else {
    writer.message(6, (child) => writeGraph(child, value.graph));
    writer.int64(20, 5);
  }
}

function writeTensor(writer: ProtobufWriter, tensor: OnnxTensor): void {
  const { name, shape, data, external } = tensor;
  const count = shape.reduce((product, size) => product * size, 1);
  invariant(
    external !== undefined || count === data.length,
    `constant ${name} holds ${data.length} values for shape [${shape.join(', ')}]`,
  );
  for (const size of shape) writer.int64(1, size);
  writer.int64(2, ELEMENT_TYPE_CODES[tensor.elementType]);
  writer.text(8, name);
  if (external === undefined) {
    // raw_data is little endian; so is every machine Node runs this on.
    writer.raw(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return;
  }
  for (const [key, value] of Object.entries(external)) {
    writer.message(13, (entry) => {
      entry.text(1, key);
      entry.text(2, String(value));
    });
  }
  writer.int64(14, EXTERNAL);
}

/** TensorProto.DataLocation of values in another file. */
const EXTERNAL = 1;

function writeValueInfo(writer: ProtobufWriter, info: OnnxValueInfo): void {
  writer.text(1, info.name);
  writer.message(2, (type) =>
    type.message(1, (tensorType) => {
      tensorType.int64(1, ELEMENT_TYPE_CODES[info.elementType]);
      tensorType.message(2, (shape) => {
        for (const size of info.shape) {
          shape.message(1, (dimension) =>
            typeof size === 'number' ? dimension.int64(1, size) : dimension.text(2, size),
          );
        }
      });
    }),
  );
}
