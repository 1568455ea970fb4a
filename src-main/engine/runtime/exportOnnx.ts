import { open, rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#common/contract/errors';
import { BACKEND_RULES } from '#engine/graph/lowering/backends.data';
import type { GraphPort } from '#engine/graph/lowering/lowerGraph';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { encodeOnnxModel } from '#engine/graph/onnx/encodeOnnxModel';
import type { OnnxTensor } from '#engine/graph/onnx/onnxModel';
import type { LoweringRules, Tensor } from '#engine/graph/tensor';
import { describeShape, sizeOf } from '#engine/graph/tensor';

export interface ExportOptions {
  /** The backend whose rules the graph follows; those of the CPU run everywhere. */
  readonly rules?: LoweringRules;
  /** Bytes of weights from which on they lie in a file of their own. Protobuf ends at 2 GiB, the graph included. */
  readonly externalFrom?: number;
}

/** The files an export wrote. */
export interface ExportedGraph {
  readonly model: string;
  /** Undefined where the weights are in the model. */
  readonly weights: string | undefined;
}

/** The alignment ONNX recommends for values that readers map into memory. */
const PAGE = 4096;

/**
 * Writes expressions with their weights as a model that any ONNX runtime runs: what trains here serves elsewhere.
 * Inputs and outputs keep their names. Large weights go to `<path>.weights`, which must stay beside the model.
 *
 * @param path of the model, usually ending in `.onnx`
 * @param values of every parameter the expressions use, by name
 * @throws AppError graph.unknownParameter for a parameter without a value, or with one of another size
 */
export async function exportOnnx(
  path: string,
  outputs: Readonly<Record<string, Tensor>>,
  values: ReadonlyMap<string, Float32Array>,
  { rules = BACKEND_RULES.cpu, externalFrom = 1.5e9 }: ExportOptions = {},
): Promise<ExportedGraph> {
  const { onnx, parameters } = lowerGraph(basename(path), outputs, rules);
  const names = new Set(parameters.map(({ name }) => name));
  const weights = parameters.map((port) => asConstant(port, values.get(port.name)));
  const total = weights.reduce((sum, { data }) => sum + data.byteLength, 0);
  const weightsPath = total >= externalFrom && weights.length > 0 ? `${path}.weights` : undefined;
  const placed = weightsPath === undefined ? weights : await writeWeights(weightsPath, weights);
  const inputs = onnx.inputs.filter(({ name }) => !names.has(name));
  await writeFile(`${path}.writing`, encodeOnnxModel({ ...onnx, inputs, initializers: [...onnx.initializers, ...placed] })); // prettier-ignore
  await rename(`${path}.writing`, path);
  return { model: path, weights: weightsPath };
}

function asConstant({ name, shape }: GraphPort, data: Float32Array | undefined): OnnxTensor {
  if (data?.length === sizeOf(shape)) return { name, shape, elementType: 'float32', data };
  const what = data === undefined ? 'no value' : `${data.length} values`;
  throw new AppError(
    'graph.unknownParameter',
    `The parameter "${name}" ${describeShape(shape)} was given ${what} to export.`,
    { details: { name } },
  );
}

/** One array after the other; gives back the constants as references to where they lie. */
async function writeWeights(path: string, weights: readonly OnnxTensor[]): Promise<readonly OnnxTensor[]> {
  const file = await open(`${path}.writing`, 'w');
  const placed: OnnxTensor[] = [];
  try {
    let offset = 0;
    for (const { data, ...rest } of weights) {
      await file.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 0, data.byteLength, offset);
      const external = { location: basename(path), offset, length: data.byteLength };
      placed.push({ ...rest, data: new Float32Array(), external });
      offset = Math.ceil((offset + data.byteLength) / PAGE) * PAGE;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.writing`, path);
  return placed;
} // prettier-ignore
