import type { AbortSignalLike } from '#common/contract/errors';
import type { BackendName } from '#engine/graph/lowering/backends.data';
import type { LoweredGraph } from '#engine/graph/lowering/lowerGraph';
import type { LoweringRules, Shape } from '#engine/graph/tensor';

export type HostValues = Float32Array | Int32Array;

/**
 * An array a backend owns. On the CPU it is ordinary memory; on a GPU it is a buffer the garbage collector knows
 * nothing of, so whoever gets one disposes it (`using` works).
 */
export interface DeviceTensor {
  readonly backend: BackendName;
  readonly shape: Shape;
  readonly elementType: 'float32' | 'int32';
  readonly isDisposed: boolean;
  dispose(): void;
  [Symbol.dispose](): void;
}

/** What a run is fed: arrays of its own backend, or plain values that are copied in for this run. */
export type Feed = DeviceTensor | HostValues;

export interface CompileOptions {
  /** Outputs to leave on the device; all others come back as values. */
  readonly resident?: readonly string[];
  /**
   * A training step: its gradients need every value on the way, so nothing is gained by looking for nodes to join,
   * and the graph loads three times as fast.
   */
  readonly isStep?: boolean;
}

export interface RunResult {
  /** The outputs that stayed on the device; the caller owns them. */
  readonly device: ReadonlyMap<string, DeviceTensor>;
  readonly values: ReadonlyMap<string, HostValues>;
}

/** One compiled graph. */
export interface Program {
  readonly graph: LoweredGraph;
  /**
   * Blocks the JavaScript thread for as long as the graph takes (onnxruntime-node 1.30 runs on it).
   *
   * @param signal looked at before the run starts: one that runs cannot be stopped
   * @throws AppError graph.badGraph naming the input that is missing, unknown or of the wrong size;
   *   engine.outOfMemory; engine.deviceLost; engine.crashed; job.cancelled
   */
  run(feeds: ReadonlyMap<string, Feed>, signal?: AbortSignalLike): Promise<RunResult>;
  dispose(): Promise<void>;
}

/** Somewhere graphs run. Tensors of one backend are of no use to another and are refused by it. */
export interface Backend {
  readonly name: BackendName;
  readonly rules: LoweringRules;
  /** Copies values in. */
  upload(values: HostValues, shape: Shape): Promise<DeviceTensor>;
  /** A copy of what the tensor holds. */
  download(tensor: DeviceTensor): Promise<HostValues>;
  compile(graph: LoweredGraph, options?: CompileOptions): Promise<Program>;
  dispose(): Promise<void>;
}
