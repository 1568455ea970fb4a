import { AppError } from '#common/contract/errors';
import type { Port } from '#common/contract/port';
import { toWire } from '#common/contract/wire';
import type { DeviceTensor, Feed, HostValues, Program } from '#engine/runtime/Backend';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import type {
  BackendCall,
  BackendRequest,
  BackendResponse,
  BackendResults,
  RemoteHandle,
} from '#engine/runtime/remote/backendMessages';

type Result = BackendResults[keyof BackendResults];

/** Answers the calls of a `RemoteBackend` over a port; values it computed are transferred, not copied. */
export function serveBackend(port: Port): () => void {
  const hosted = new HostedBackend();
  return port.onMessage((message) => {
    const request = message as BackendRequest;
    if (request.kind !== 'backend') return;
    const { id } = request;
    hosted.answer(request).then(
      (result) => port.post({ kind: 'backend', id, result } satisfies BackendResponse, buffersOf(result)),
      (error: unknown) => port.post({ kind: 'backend', id, error: toWire(error) } satisfies BackendResponse),
    );
  });
}

/** One backend with its tensors and programs by number. */
class HostedBackend {
  #backend: OrtBackend | undefined;
  readonly #tensors = new Map<number, DeviceTensor>();
  readonly #programs = new Map<number, Program>();
  #lastId = 0;

  async answer(call: BackendCall): Promise<Result> {
    switch (call.method) {
      case 'open':
        this.#backend = new OrtBackend(call.name, call.options);
        return null;
      case 'upload':
        return this.#keep(await this.#opened.upload(call.values, call.shape));
      case 'download':
        return await this.#opened.download(known(this.#tensors, call.tensor));
      case 'disposeTensor':
        this.#tensors.get(call.tensor)?.dispose();
        this.#tensors.delete(call.tensor);
        return null;
      case 'compile': {
        const program = await this.#opened.compile(call.graph, call.options);
        this.#programs.set(++this.#lastId, program);
        return this.#lastId;
      }
      case 'run':
        return await this.#run(known(this.#programs, call.program), call.feeds);
      case 'disposeProgram':
        await this.#programs.get(call.program)?.dispose();
        this.#programs.delete(call.program);
        return null;
      case 'close':
        return await this.#close();
    }
  }

  get #opened(): OrtBackend {
    if (this.#backend === undefined) throw new AppError('internal.invariant', 'No backend was opened.');
    return this.#backend;
  }

  async #run(
    program: Program,
    feeds: readonly (readonly [string, HostValues | number])[],
  ): Promise<BackendResults['run']> {
    const given = feeds.map(
      ([name, feed]): [string, Feed] => [name, typeof feed === 'number' ? known(this.#tensors, feed) : feed],
    ); // prettier-ignore
    const { device, values } = await program.run(new Map(given));
    return {
      device: [...device].map(([name, tensor]) => [name, this.#keep(tensor)] as const),
      values: [...values],
    };
  }

  #keep(tensor: DeviceTensor): RemoteHandle {
    this.#tensors.set(++this.#lastId, tensor);
    return { id: this.#lastId, shape: tensor.shape, elementType: tensor.elementType };
  }

  async #close(): Promise<null> {
    for (const tensor of this.#tensors.values()) tensor.dispose();
    this.#tensors.clear();
    for (const program of this.#programs.values()) await program.dispose();
    this.#programs.clear();
    await this.#backend?.dispose();
    this.#backend = undefined;
    return null;
  }
}

function known<Value>(values: ReadonlyMap<number, Value>, id: number): Value {
  const value = values.get(id);
  if (value !== undefined) return value;
  throw new AppError('internal.invariant', `There is no tensor or program ${id} on the other side.`);
}

function buffersOf(result: Result): ArrayBuffer[] {
  if (result instanceof Float32Array || result instanceof Int32Array) return [result.buffer as ArrayBuffer];
  if (result === null || typeof result !== 'object' || !('values' in result)) return [];
  return [...new Set(result.values.map(([, values]) => values.buffer as ArrayBuffer))];
}
