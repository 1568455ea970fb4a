import type { Tensor as OrtValue } from 'onnxruntime-node';
import type { AbortSignalLike } from '#common/contract/errors';
import { AppError, throwIfCancelled } from '#common/contract/errors';
import type { GraphPort, LoweredGraph } from '#engine/graph/lowering/lowerGraph';
import { describeShape, sameShape, sizeOf } from '#engine/graph/tensor';
import type { DeviceTensor, Feed, HostValues, Program, RunResult } from '#engine/runtime/Backend';
import { asEngineError } from '#engine/runtime/engineErrors';
import type { OrtBackend } from '#engine/runtime/OrtBackend';
import { toOrtValue } from '#engine/runtime/OrtBackend';
import { OrtTensor } from '#engine/runtime/OrtTensor';
import type { SharedSession } from '#engine/runtime/SessionCache';

/** A session of onnxruntime with the ports it was lowered with. */
export class OrtProgram implements Program {
  readonly graph: LoweredGraph;
  readonly #backend: OrtBackend;
  readonly #shared: SharedSession;
  readonly #resident: ReadonlySet<string>;
  readonly #ports: readonly GraphPort[];

  constructor(backend: OrtBackend, shared: SharedSession, graph: LoweredGraph, resident: readonly string[]) {
    this.graph = graph;
    this.#backend = backend;
    this.#shared = shared;
    this.#resident = new Set(resident);
    this.#ports = [...graph.inputs, ...graph.parameters];
  }

  async run(feeds: ReadonlyMap<string, Feed>, signal?: AbortSignalLike): Promise<RunResult> {
    throwIfCancelled(signal);
    const given: Record<string, OrtValue> = {};
    for (const port of this.#ports) given[port.name] = this.#accept(port, feeds.get(port.name));
    let outputs: Readonly<Record<string, OrtValue>>;
    try {
      outputs = await this.#shared.session.run(given);
    } catch (error) {
      throw asEngineError(
        error,
        `The graph "${this.graph.onnx.name}" failed on the ${this.#backend.name} backend`,
      );
    }
    const device = new Map<string, DeviceTensor>();
    const values = new Map<string, HostValues>();
    for (const [name, value] of Object.entries(outputs)) {
      if (this.#resident.has(name)) device.set(name, new OrtTensor(this.#backend.name, value));
      else values.set(name, value.data as HostValues);
    }
    return { device, values };
  }

  async dispose(): Promise<void> {
    await this.#shared.release();
  }

  #accept(port: GraphPort, feed: Feed | undefined): OrtValue {
    const { name, shape } = port;
    if (feed === undefined) throw wrongFeed(port, 'was given nothing');
    if (feed instanceof Float32Array || feed instanceof Int32Array) {
      if (feed.length !== sizeOf(shape)) throw wrongFeed(port, `was given ${feed.length} values`);
      const isRightType = feed instanceof Int32Array === (port.elementType === 'int32');
      if (!isRightType) throw wrongFeed(port, `was given a ${feed.constructor.name}`);
      return toOrtValue(feed, shape);
    }
    if (!sameShape(feed.shape, shape)) throw wrongFeed(port, `was given ${describeShape(feed.shape)}`);
    if (feed.isDisposed) throw wrongFeed({ ...port, name }, 'was given a tensor that is disposed');
    return this.#backend.owned(feed).value;
  }
}

function wrongFeed({ name, shape, elementType }: GraphPort, what: string): AppError {
  return new AppError(
    'graph.badGraph',
    `"${name}" ${what}; it takes ${elementType}${describeShape(shape)}.`,
    { details: { name, shape: [...shape] } },
  );
}
