import type { WireError } from '#common/contract/wire';
import type { BackendName } from '#engine/graph/lowering/backends.data';
import type { LoweredGraph } from '#engine/graph/lowering/lowerGraph';
import type { Shape } from '#engine/graph/tensor';
import type { CompileOptions, HostValues } from '#engine/runtime/Backend';
import type { OrtBackendOptions } from '#engine/runtime/OrtBackend';

/** A tensor that lives in the other process. */
export interface RemoteHandle {
  readonly id: number;
  readonly shape: Shape;
  readonly elementType: 'float32' | 'int32';
}

/** What a backend in another thread or process is asked; tensors and programs go by number. */
export type BackendCall =
  | { readonly method: 'open'; readonly name: BackendName; readonly options: OrtBackendOptions }
  | { readonly method: 'upload'; readonly values: HostValues; readonly shape: Shape }
  | { readonly method: 'download'; readonly tensor: number }
  | { readonly method: 'disposeTensor'; readonly tensor: number }
  | { readonly method: 'compile'; readonly graph: LoweredGraph; readonly options: CompileOptions }
  | {
      readonly method: 'run';
      readonly program: number;
      readonly feeds: readonly (readonly [name: string, feed: HostValues | number])[];
    }
  | { readonly method: 'disposeProgram'; readonly program: number }
  | { readonly method: 'close' };

export interface BackendResults {
  readonly open: null;
  readonly upload: RemoteHandle;
  readonly download: HostValues;
  readonly disposeTensor: null;
  readonly compile: number;
  readonly run: {
    readonly device: readonly (readonly [name: string, handle: RemoteHandle])[];
    readonly values: readonly (readonly [name: string, values: HostValues])[];
  };
  readonly disposeProgram: null;
  readonly close: null;
}

export type BackendRequest = BackendCall & { readonly kind: 'backend'; readonly id: number };

export type BackendResponse =
  | { readonly kind: 'backend'; readonly id: number; readonly result: BackendResults[keyof BackendResults] }
  | { readonly kind: 'backend'; readonly id: number; readonly error: WireError };
