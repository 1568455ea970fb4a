import { AppError } from '#common/contract/errors';
import { InferenceSession, Tensor } from 'onnxruntime-node';

export interface OnnxSessionOptions {
  /** Threads inside one operator; undefined leaves the choice to the runtime. */
  readonly threadCount?: number;
}

/**
 * One model on the CPU provider: float32 in, float32 out. `run` blocks the JavaScript thread for as long as
 * the model takes, which is why the engine lives in a worker. Dispose it: native memory is invisible to the
 * garbage collector.
 */
export class OnnxSession {
  private readonly session: InferenceSession;
  private readonly name: string;

  private constructor(session: InferenceSession, name: string) {
    this.session = session;
    this.name = name;
  }

  /** @throws AppError model.unsupported when the runtime refuses the model. */
  static async create(
    name: string,
    onnx: Uint8Array,
    options: OnnxSessionOptions = {},
  ): Promise<OnnxSession> {
    try {
      const session = await InferenceSession.create(onnx, {
        executionProviders: ['cpu'],
        graphOptimizationLevel: 'all',
        interOpNumThreads: 1,
        logSeverityLevel: 3,
        ...(options.threadCount === undefined ? {} : { intraOpNumThreads: options.threadCount }),
      });
      return new OnnxSession(session, name);
    } catch (error) {
      throw new AppError('model.unsupported', `The runtime could not load the model ${name}.`, {
        cause: error,
      });
    }
  }

  /** Runs the model on one input; returns every output by name, in memory of its own. */
  async run(
    inputName: string,
    data: Float32Array,
    shape: readonly number[],
  ): Promise<ReadonlyMap<string, Float32Array>> {
    const outputs = await this.session.run({ [inputName]: new Tensor('float32', data, shape) });
    const named = new Map<string, Float32Array>();
    for (const [name, tensor] of Object.entries(outputs)) {
      if (!(tensor.data instanceof Float32Array)) {
        throw new AppError('model.unsupported', `Output ${name} of the model ${this.name} is not float32.`);
      }
      named.set(name, tensor.data);
    }
    return named;
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}
