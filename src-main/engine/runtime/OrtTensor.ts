import type { Tensor as OrtValue } from 'onnxruntime-node';
import { AppError } from '#common/contract/errors';
import type { BackendName } from '#engine/graph/lowering/backends.data';
import type { Shape } from '#engine/graph/tensor';
import type { DeviceTensor } from '#engine/runtime/Backend';

/** A tensor of onnxruntime with one owner; using it after `dispose` is an error instead of garbage. */
export class OrtTensor implements DeviceTensor {
  readonly backend: BackendName;
  readonly shape: Shape;
  readonly elementType: 'float32' | 'int32';
  #value: OrtValue | undefined;

  constructor(backend: BackendName, value: OrtValue) {
    this.backend = backend;
    this.shape = value.dims;
    this.elementType = value.type === 'int32' ? 'int32' : 'float32';
    this.#value = value;
  }

  get isDisposed(): boolean {
    return this.#value === undefined;
  }

  /** @throws AppError internal.invariant after `dispose` */
  get value(): OrtValue {
    if (this.#value === undefined) {
      throw new AppError('internal.invariant', 'A tensor was used after it was disposed.');
    }
    return this.#value;
  }

  dispose(): void {
    const value = this.#value;
    this.#value = undefined;
    // Values in ordinary memory are the garbage collector's.
    if (value?.location === 'gpu-buffer') value.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
