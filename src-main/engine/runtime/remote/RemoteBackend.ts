import type { AbortSignalLike } from '#common/contract/errors';
import { AppError, throwIfCancelled } from '#common/contract/errors';
import type { EngineProcess } from '#common/contract/engineProcess';
import { fromWire } from '#common/contract/wire';
import type { BackendName } from '#engine/graph/lowering/backends.data';
import { rulesOf } from '#engine/graph/lowering/backends.data';
import type { LoweredGraph } from '#engine/graph/lowering/lowerGraph';
import type { LoweringRules, Shape } from '#engine/graph/tensor';
import type {
  Backend,
  CompileOptions,
  DeviceTensor,
  Feed,
  HostValues,
  Program,
  RunResult,
} from '#engine/runtime/Backend';
import type { OrtBackendOptions } from '#engine/runtime/OrtBackend';
import type {
  BackendCall,
  BackendResponse,
  BackendResults,
  RemoteHandle,
} from '#engine/runtime/remote/backendMessages';

interface OpenCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** One life of the other process: what belongs to it is void when it is gone. */
interface Life {
  readonly process: EngineProcess;
  readonly pending: Map<number, OpenCall>;
  exitReason: string | undefined;
}

/**
 * A backend in a thread or process of its own. Native code that aborts or a lost device then costs the tensors it
 * held, never the caller: open calls fail with `engine.crashed`, and the next one starts a fresh process, in which
 * programs are compiled again as they are needed.
 */
export class RemoteBackend implements Backend {
  readonly name: BackendName;
  readonly rules: LoweringRules;
  readonly #start: () => EngineProcess;
  readonly #options: OrtBackendOptions;
  #life: Life | undefined;
  #lastId = 0;
  /** Ends when the last run that was asked for has. */
  #runs: Promise<unknown> = Promise.resolve();

  /** @param start starts `backendMain.worker`, as a thread or as a process */
  constructor(start: () => EngineProcess, name: BackendName, options: OrtBackendOptions = {}) {
    this.name = name;
    this.rules = rulesOf(name, options);
    this.#start = start;
    this.#options = options;
  }

  async upload(values: HostValues, shape: Shape): Promise<DeviceTensor> {
    const life = this.#alive();
    return this.#adopt(life, await this.#call(life, { method: 'upload', values, shape }));
  }

  async download(tensor: DeviceTensor): Promise<HostValues> {
    const life = this.#alive();
    return await this.#call(life, { method: 'download', tensor: this.#idOf(life, tensor) });
  }

  async compile(graph: LoweredGraph, options: CompileOptions = {}): Promise<Program> {
    let life = this.#alive();
    let id = await this.#call(life, { method: 'compile', graph, options });
    return {
      graph,
      run: async (feeds, signal) => {
        throwIfCancelled(signal);
        if (life !== this.#alive()) {
          life = this.#alive();
          id = await this.#call(life, { method: 'compile', graph, options });
        }
        return await this.#run(life, id, { feeds, signal });
      },
      dispose: async () => {
        if (life === this.#life) await this.#call(life, { method: 'disposeProgram', program: id });
      },
    };
  }

  async dispose(): Promise<void> {
    const life = this.#life;
    this.#life = undefined;
    if (life === undefined || life.exitReason !== undefined) return;
    await this.#call(life, { method: 'close' }).catch(() => null); // It ends in any case.
    await life.process.terminate();
  }

  async #run(
    life: Life,
    program: number,
    { feeds, signal }: { feeds: ReadonlyMap<string, Feed>; signal: AbortSignalLike | undefined },
  ): Promise<RunResult> {
    const sent = [...feeds].map(
      ([name, feed]): readonly [string, HostValues | number] =>
        feed instanceof Float32Array || feed instanceof Int32Array ? [name, feed] : [name, this.#idOf(life, feed)],
    ); // prettier-ignore
    // Runs wait for each other here and not in the other process, so that a cancelled one is never sent.
    const turn = this.#runs.then(() => {
      throwIfCancelled(signal);
      return this.#call(life, { method: 'run', program, feeds: sent });
    });
    this.#runs = turn.catch(() => undefined); // The caller gets the failure.
    const { device, values } = await turn;
    const adopted = device.map(([name, handle]) => [name, this.#adopt(life, handle)] as const);
    return { device: new Map(adopted), values: new Map(values) };
  }

  #alive(): Life {
    if (this.#life !== undefined && this.#life.exitReason === undefined) return this.#life;
    const life: Life = { process: this.#start(), pending: new Map(), exitReason: undefined };
    life.process.onExit((reason) => {
      life.exitReason = reason;
      for (const { reject } of life.pending.values()) reject(this.#crashed(reason));
      life.pending.clear();
    });
    life.process.port.onMessage((message) => {
      const response = message as BackendResponse;
      if (response.kind !== 'backend') return;
      const call = life.pending.get(response.id);
      life.pending.delete(response.id);
      if ('error' in response) call?.reject(fromWire(response.error));
      else call?.resolve(response.result);
    });
    this.#life = life;
    // Messages keep their order, so nothing needs to wait for this; a failure shows in the next call.
    this.#call(life, { method: 'open', name: this.name, options: this.#options }).catch(() => null);
    return life;
  }

  async #call<Call extends BackendCall>(life: Life, call: Call): Promise<BackendResults[Call['method']]> {
    if (life.exitReason !== undefined) throw this.#crashed(life.exitReason);
    const id = ++this.#lastId;
    const result = await new Promise<unknown>((resolve, reject) => {
      life.pending.set(id, { resolve, reject });
      life.process.port.post({ ...call, kind: 'backend', id });
    });
    return result as BackendResults[Call['method']];
  }

  #crashed(reason: string): AppError {
    return new AppError('engine.crashed', `The ${this.name} backend ended unexpectedly: ${reason}.`);
  }

  #adopt(life: Life, handle: RemoteHandle): DeviceTensor {
    return new RemoteTensor(this.name, handle, life, () => {
      if (life.exitReason !== undefined || life !== this.#life) return;
      this.#call(life, { method: 'disposeTensor', tensor: handle.id }).catch(() => null); // Gone with its process.
    });
  }

  #idOf(life: Life, tensor: DeviceTensor): number {
    if (!(tensor instanceof RemoteTensor) || tensor.backend !== this.name) {
      throw new AppError('internal.invariant', `A tensor of the ${tensor.backend} backend was given to the remote ${this.name} backend; download and upload it.`); // prettier-ignore
    }
    if (tensor.isDisposed)
      throw new AppError('internal.invariant', 'A tensor was used after it was disposed.');
    if (tensor.life === life) return tensor.id;
    throw new AppError('engine.crashed', 'A tensor was lost with the process that held it; restart from the last checkpoint.'); // prettier-ignore
  }
}

class RemoteTensor implements DeviceTensor {
  readonly backend: BackendName;
  readonly shape: Shape;
  readonly elementType: 'float32' | 'int32';
  readonly id: number;
  readonly life: Life;
  readonly #release: () => void;
  #isDisposed = false;

  constructor(backend: BackendName, { id, shape, elementType }: RemoteHandle, life: Life, release: () => void) {
    this.backend = backend;
    this.shape = shape;
    this.elementType = elementType;
    this.id = id;
    this.life = life;
    this.#release = release;
  } // prettier-ignore

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
