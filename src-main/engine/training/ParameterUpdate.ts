import type { Backend } from '#engine/runtime/Backend';
import type { DeviceTensor } from '#engine/runtime/Backend';
import type { AdamOptions } from '#engine/training/adam';
import { DeviceUpdate } from '#engine/training/DeviceUpdate';
import { HostUpdate } from '#engine/training/HostUpdate';
import type { LiveState, Parameter } from '#engine/training/trainState';

export interface UpdateOptions {
  /** Names the moments in the state; steps that share it share them. */
  readonly optimizer: string;
  readonly trained: readonly Parameter[];
  readonly adam?: AdamOptions;
}

export interface UpdateRequest {
  /** One per trained parameter, in their order; the caller keeps them. */
  readonly gradients: readonly (Float32Array | DeviceTensor)[];
  /** What gradients are multiplied by first: 1 over the micro-batches, clipping. */
  readonly scale: number;
  readonly rate: number;
  /** Counted from 1. */
  readonly step: number;
}

/** Moves the parameters of a state by their gradients, wherever the state lies. */
export interface ParameterUpdate {
  apply(state: LiveState, request: UpdateRequest): Promise<void>;
  dispose(): Promise<void>;
}

/** The update that fits where the backend keeps its state. */
export async function compileUpdate(backend: Backend, options: UpdateOptions): Promise<ParameterUpdate> {
  return backend.rules.stateOn === 'device'
    ? await DeviceUpdate.compile(backend, options)
    : new HostUpdate(options);
}
