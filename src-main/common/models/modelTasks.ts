import type { Progress } from '#common/contract/progress';
import type { WireError } from '#common/contract/wire';

/** A config by name, or as a user wrote it. */
export type NetworkConfig = string | Readonly<Record<string, unknown>>;

export type ComputeBackend = 'cpu' | 'webgpu' | 'cuda';

/** Name -> sizes. */
export type NamedShapes = Readonly<Record<string, readonly number[]>>;

/** Work on weights and networks that runs in a process of its own: paths and plain values go in, facts come out. */
export type ModelTask =
  | { readonly kind: 'inspect'; readonly path: string }
  | ConvertTask
  | { readonly kind: 'networks'; readonly network?: string | undefined; readonly config?: string | undefined }
  | RunTask
  | CreateTask
  | MeasureTask;

/** Writes what a file of weights holds as safetensors to `folder`/weights, going on with what lies there. */
export interface ConvertTask {
  readonly kind: 'convert';
  readonly path: string;
  readonly folder: string;
  /** Fit names and shapes to a network of this config; without it everything is kept under its own name. */
  readonly config?: string | undefined;
  /** By default the network of which the file has most. */
  readonly network?: string | undefined;
  readonly part?: string | undefined;
  /** Take what is there although something is missing or has another shape. */
  readonly isPartial: boolean;
}

export interface RunTask {
  readonly kind: 'run';
  readonly network: string;
  readonly config: NetworkConfig;
  readonly weights: string;
  readonly inputs: string;
  /** Written whole; the caller gives it its name. */
  readonly out: string;
  readonly backend: ComputeBackend;
}

export interface CreateTask {
  readonly kind: 'create';
  readonly network: string;
  readonly config: NetworkConfig;
  readonly seed: number;
  readonly out: string;
}

export interface MeasureTask {
  readonly kind: 'measure';
  readonly network: string;
  readonly config: NetworkConfig;
  readonly backend: ComputeBackend;
  /** Warm runs after the cold one. */
  readonly runs: number;
}

export interface TensorFact {
  readonly name: string;
  /** As safetensors writes it: F32, BF16, I64 ... */
  readonly type: string;
  readonly shape: readonly number[];
}

/** What a file holds. */
export interface InspectedFile {
  readonly format: string;
  readonly bytes: number;
  readonly tensorCount: number;
  readonly parameterCount: number;
  /** The first few thousand. */
  readonly tensors: readonly TensorFact[];
  /** Tensors that cannot be read, with the reason. */
  readonly skipped: readonly string[];
  /** Classes and functions the file names and nobody looked up, with their number. */
  readonly inertClasses: readonly (readonly [string, number])[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** How a file fits a network, one by one; long lists are cut, counts are whole. */
export interface FitReport {
  readonly network: string;
  readonly config: string;
  readonly prefix: string;
  readonly matchedCount: number;
  readonly missingCount: number;
  readonly misshapedCount: number;
  readonly unexpectedCount: number;
  readonly ignoredCount: number;
  readonly missing: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly misshaped: readonly { readonly name: string; readonly expected: readonly number[]; readonly found: readonly number[] }[];
  readonly unexpected: readonly string[];
  /** Other parts of the file, with their number of tensors. */
  readonly elsewhere: readonly (readonly [string, number])[];
} // prettier-ignore

export interface ConvertedFile {
  readonly format: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly sourceBytes: number;
  readonly resumedFrom: number;
  readonly tensorCount: number;
  readonly parameterCount: number;
  readonly skipped: readonly string[];
  readonly inertClasses: readonly (readonly [string, number])[];
  readonly fit?: FitReport;
  readonly io?: { readonly inputs: NamedShapes; readonly outputs: NamedShapes };
}

export interface NetworkFacts {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly configs: readonly string[];
  /** With a config only. */
  readonly parameterCount?: number;
  readonly gigaflops?: number;
  readonly inputs?: NamedShapes;
  readonly outputs?: NamedShapes;
}

export interface RanNetwork {
  readonly outputs: NamedShapes;
  /** Building, lowering and loading the graph. */
  readonly compileMilliseconds: number;
  readonly runMilliseconds: number;
  readonly parameterCount: number;
}

export interface CreatedWeights {
  readonly bytes: number;
  readonly tensorCount: number;
  readonly parameterCount: number;
}

export interface MeasuredNetwork {
  readonly network: string;
  /** From nothing to the first result: graph, session, first run. */
  readonly coldMilliseconds: number;
  /** Median of the later runs. */
  readonly warmMilliseconds: number;
  /** Of one pass at batch 1; products and convolutions, a multiply and an add counted as two. */
  readonly gigaflop: number;
  /** Per second, in the best warm run. */
  readonly gigaflopsPerSecond: number;
  /** Of one convolution of plain ONNX, timed in turns with the network; its best. */
  readonly plainGigaflopsPerSecond: number;
  /** gigaflopsPerSecond / plainGigaflopsPerSecond. */
  readonly share: number;
  readonly parameterCount: number;
}

/** Task kind -> what it returns. */
export interface ModelTaskResults {
  readonly inspect: InspectedFile;
  readonly convert: ConvertedFile;
  readonly networks: { readonly networks: readonly NetworkFacts[] };
  readonly run: RanNetwork;
  readonly create: CreatedWeights;
  readonly measure: MeasuredNetwork;
}

/** What the process says. */
export type ModelTaskAnswer =
  | ({ readonly kind: 'progress' } & Progress)
  /** The last message; `peakBytes`: the most memory the process has held. */
  | {
      readonly kind: 'done';
      readonly result: ModelTaskResults[ModelTask['kind']];
      readonly peakBytes: number;
    }
  | { readonly kind: 'failed'; readonly error: WireError };
