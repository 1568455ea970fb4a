import { AppError } from '#common/contract/errors';
import type { ParameterAttributes } from '#engine/graph/ops/sources';
import type { Shape, Tensor } from '#engine/graph/tensor';
import type { Backend, DeviceTensor } from '#engine/runtime/Backend';
import type { Moments } from '#engine/training/adam';
import { initialValues } from '#engine/training/initialValues';

export type Parameter = Tensor<ParameterAttributes>;

/** Everything a run needs to go on to the same bits, with its arrays in one place. */
export interface StateOf<Values> {
  /** By state-dict name. */
  readonly parameters: Map<string, Values>;
  /** Moving averages of some of them. */
  readonly averages: Map<string, Values>;
  /** By `optimizer/parameter`: a parameter trained by two optimizers has moments in each. */
  readonly moments: Map<string, Moments<Values>>;
  /** Updates done, by optimizer. */
  readonly steps: Map<string, number>;
}

/** In ordinary memory: what checkpoints hold. */
export type TrainState = StateOf<Float32Array>;

/** Where the backend wants it while training: arrays for the CPU, buffers for a GPU (`BACKEND_RULES.stateOn`). */
export type LiveState = StateOf<Float32Array | DeviceTensor>;

/**
 * The state of a run that begins: initial values, no moments yet.
 *
 * @param averaged parameters whose moving average is kept; it starts at their initial values
 */
export function newTrainState(
  parameters: readonly Parameter[],
  seed: number,
  averaged: readonly Parameter[] = [],
): TrainState {
  return {
    parameters: initialValues(parameters, seed),
    averages: initialValues(averaged, seed),
    moments: new Map(),
    steps: new Map(),
  };
}

/**
 * Puts a state where the backend trains it: buffers that `disposeState` frees on a GPU, the arrays themselves on
 * the CPU.
 *
 * @throws AppError graph.unknownParameter for a value that belongs to no parameter
 */
export async function placeState(
  backend: Backend,
  state: TrainState,
  parameters: readonly Parameter[],
): Promise<LiveState> {
  if (backend.rules.stateOn === 'host') return state;
  const shapes = new Map(parameters.map(({ attributes, shape }) => [attributes.name, shape]));
  return await mapState(state, (values, name) => backend.upload(values, shapeOf(shapes, name)));
}

/** The state in ordinary memory, for a checkpoint; on the CPU these are the live arrays, not copies. */
export async function readState(backend: Backend, state: LiveState): Promise<TrainState> {
  return await mapState(state, async (values) =>
    values instanceof Float32Array ? values : ((await backend.download(values)) as Float32Array),
  );
}

/** Frees the buffers of a placed state. */
export function disposeState({ parameters, averages, moments }: LiveState): void {
  const pairs = [...moments.values()].flatMap(({ first, second }) => [first, second]);
  for (const values of [...parameters.values(), ...averages.values(), ...pairs]) {
    if (!(values instanceof Float32Array)) values.dispose();
  }
}

/** @throws AppError graph.unknownParameter */
export function valuesOf<Values>(values: ReadonlyMap<string, Values>, name: string): Values {
  const known = values.get(name);
  if (known !== undefined) return known;
  throw new AppError('graph.unknownParameter', `The state has no parameter "${name}".`, {
    details: { name },
  });
}

function shapeOf(shapes: ReadonlyMap<string, Shape>, name: string): Shape {
  const shape = shapes.get(name);
  if (shape !== undefined) return shape;
  throw new AppError('graph.unknownParameter', `The state has "${name}", which is no parameter of this run.`);
}

async function mapState<From, To>(
  state: StateOf<From>,
  convert: (values: From, parameter: string) => Promise<To>,
): Promise<StateOf<To>> {
  const result: StateOf<To> = {
    parameters: new Map(),
    averages: new Map(),
    moments: new Map(),
    steps: new Map(state.steps),
  };
  for (const [name, values] of state.parameters) result.parameters.set(name, await convert(values, name));
  for (const [name, values] of state.averages) result.averages.set(name, await convert(values, name));
  for (const [key, { first, second }] of state.moments) {
    const name = key.slice(key.indexOf('/') + 1);
    result.moments.set(key, { first: await convert(first, name), second: await convert(second, name) });
  }
  return result;
}
