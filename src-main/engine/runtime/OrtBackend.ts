import { InferenceSession, Tensor as OrtValue } from 'onnxruntime-node';
import { AppError } from '#common/contract/errors';
import type { BackendName } from '#engine/graph/lowering/backends.data';
import { rulesOf } from '#engine/graph/lowering/backends.data';
import type { LoweredGraph } from '#engine/graph/lowering/lowerGraph';
import { encodeGraph, lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { identity } from '#engine/graph/ops/convert';
import { input } from '#engine/graph/ops/sources';
import type { LoweringRules, Shape } from '#engine/graph/tensor';
import type { Backend, CompileOptions, DeviceTensor, HostValues, Program } from '#engine/runtime/Backend';
import { OrtProgram } from '#engine/runtime/OrtProgram';
import { OrtTensor } from '#engine/runtime/OrtTensor';
import { NEVER_OF_USE, OF_NO_USE_IN_STEPS } from '#engine/runtime/sessionOptimizers.data';
import { SessionCache } from '#engine/runtime/SessionCache';
import { asEngineError } from '#engine/runtime/engineErrors';

export interface OrtBackendOptions {
  /** Threads inside one operator, CPU only; undefined leaves the choice to the runtime. */
  readonly threadCount?: number;
  /** Refuses a graph of which any node would run on the CPU instead; for tests of the GPU provider. */
  readonly refusesFallback?: boolean;
  /** Loaded graphs that are kept although nobody uses them; equal ones in use are shared in any case. */
  readonly idleSessions?: number;
}

/** Graphs on one execution provider of onnxruntime-node. */
export class OrtBackend implements Backend {
  readonly name: BackendName;
  readonly rules: LoweringRules;
  readonly #options: OrtBackendOptions;
  /** Programs that move a tensor of one shape in or out; only the GPU needs them. */
  readonly #copies = new Map<string, Promise<Program>>();
  readonly #sessions: SessionCache;

  constructor(name: BackendName, options: OrtBackendOptions = {}) {
    this.name = name;
    this.rules = rulesOf(name, options);
    this.#options = options;
    this.#sessions = new SessionCache(options.idleSessions ?? 2);
  }

  /** Whether tensors stay in buffers of the device; CUDA copies every one (engine-facts, section 1). */
  get #keepsOnDevice(): boolean {
    return this.name === 'webgpu';
  }

  async upload(values: HostValues, shape: Shape): Promise<DeviceTensor> {
    if (!this.#keepsOnDevice) return new OrtTensor(this.name, toOrtValue(values, shape));
    const copy = await this.#copyProgram('in', values, shape);
    const { device } = await copy.run(new Map([['x', values]]));
    return device.get('y')!;
  }

  async download(tensor: DeviceTensor): Promise<HostValues> {
    const { value } = this.owned(tensor);
    // `getData` of a tensor on the device ends the whole process, so its values come out through a graph.
    if (value.location === 'cpu') return (value.data as HostValues).slice();
    const sample = tensor.elementType === 'int32' ? new Int32Array() : new Float32Array();
    const copy = await this.#copyProgram('out', sample, tensor.shape);
    const { values } = await copy.run(new Map([['x', tensor]]));
    return values.get('y')!;
  }

  async compile(
    graph: LoweredGraph,
    { resident = [], isStep = false }: CompileOptions = {},
  ): Promise<Program> {
    const { threadCount, refusesFallback = false } = this.#options;
    const onDevice = this.#keepsOnDevice ? resident : [];
    const locations = Object.fromEntries(
      graph.outputs.map(({ name }) => [name, onDevice.includes(name) ? 'gpu-buffer' : 'cpu'] as const),
    );
    const bytes = encodeGraph(graph);
    const unused = isStep ? [...NEVER_OF_USE, ...OF_NO_USE_IN_STEPS] : NEVER_OF_USE;
    const create = (): Promise<InferenceSession> =>
      InferenceSession.create(bytes, {
        executionProviders: [this.name],
        graphOptimizationLevel: 'all',
        interOpNumThreads: 1,
        logSeverityLevel: 3,
        ...(this.name === 'cpu' && threadCount !== undefined ? { intraOpNumThreads: threadCount } : {}),
        ...(this.#keepsOnDevice ? { preferredOutputLocation: locations } : {}),
        extra: {
          optimization: { disable_specified_optimizers: unused.join(';') },
          ...(refusesFallback ? { session: { disable_cpu_ep_fallback: '1' } } : {}),
        },
      });
    try {
      const shared = await this.#sessions.borrow(bytes, `${onDevice.join()} ${isStep}`, create);
      return new OrtProgram(this, shared, graph, resident);
    } catch (error) {
      throw asEngineError(error, `The ${this.name} backend could not load the graph "${graph.onnx.name}"`);
    }
  }

  /** The tensor as one of this backend's. */
  owned(tensor: DeviceTensor): OrtTensor {
    if (tensor instanceof OrtTensor && tensor.backend === this.name) return tensor;
    // A GPU handle fed to a CPU session would be read as memory and give garbage without a word.
    throw new AppError(
      'internal.invariant',
      `A tensor of the ${tensor.backend} backend was given to the ${this.name} backend; download and upload it.`,
    );
  }

  async dispose(): Promise<void> {
    const copies = await Promise.allSettled(this.#copies.values());
    this.#copies.clear();
    for (const copy of copies) if (copy.status === 'fulfilled') await copy.value.dispose();
    await this.#sessions.dispose();
  }

  #copyProgram(direction: 'in' | 'out', sample: HostValues, shape: Shape): Promise<Program> {
    const elementType = sample instanceof Int32Array ? 'int32' : 'float32';
    const key = `${direction} ${elementType} ${shape.join()}`;
    const known = this.#copies.get(key);
    if (known !== undefined) return known;
    const graph = lowerGraph('copy', { y: identity(input('x', shape, elementType)) }, this.rules);
    const made = this.compile(graph, { resident: direction === 'in' ? ['y'] : [] });
    this.#copies.set(key, made);
    return made;
  }
}

/** Values as onnxruntime's tensor, without a copy. */
export function toOrtValue(values: HostValues, shape: Shape): OrtValue {
  return values instanceof Int32Array
    ? new OrtValue('int32', values, shape)
    : new OrtValue('float32', values, shape);
}
