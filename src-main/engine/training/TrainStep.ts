import { AppError } from '#common/contract/errors';
import { grad } from '#engine/graph/grad';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { add } from '#engine/graph/ops/arithmetic';
import { square } from '#engine/graph/ops/elementwise';
import { concat } from '#engine/graph/ops/layout';
import { sum } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { input } from '#engine/graph/ops/sources';
import type { Tensor } from '#engine/graph/tensor';
import type { Backend, DeviceTensor, Feed, HostValues, Program, RunResult } from '#engine/runtime/Backend';
import type { AdamOptions } from '#engine/training/adam';
import type { ParameterUpdate } from '#engine/training/ParameterUpdate';
import { compileUpdate } from '#engine/training/ParameterUpdate';
import type { LiveState, Parameter } from '#engine/training/trainState';
import { valuesOf } from '#engine/training/trainState';

export interface TrainStepOptions {
  readonly name: string;
  /** What is minimised: one number. */
  readonly loss: Tensor;
  /** What is trained; other parameters of the graph are read from the state and stay. */
  readonly trained: readonly Parameter[];
  /** Further values to give back: scores, pictures. */
  readonly report?: Readonly<Record<string, Tensor>>;
  readonly adam?: AdamOptions;
  /** Steps of one optimizer share its moments and its count of updates; by default each step has its own. */
  readonly optimizer?: string;
  /** Scales gradients down where their common length exceeds it. */
  readonly clipLength?: number;
  /** Batches whose gradients are averaged into one update; for batches that memory does not hold at once. */
  readonly microBatches?: number;
}

/** The inputs of a step by name. */
export type Batch = ReadonlyMap<string, HostValues>;

export interface StepResult {
  /** Mean over the micro-batches. */
  readonly loss: number;
  /** Length of the gradient before clipping. */
  readonly gradientLength: number;
  /** Of the last micro-batch. */
  readonly report: ReadonlyMap<string, HostValues>;
}

type Gradient = Float32Array | DeviceTensor;

/** A loss compiled together with its gradients, and the update that follows from them. */
export class TrainStep {
  readonly #options: TrainStepOptions;
  readonly #program: Program;
  readonly #update: ParameterUpdate;
  /** What the sum of the micro-batches' gradients starts from. */
  readonly #zeros: readonly Gradient[];

  private constructor(
    options: TrainStepOptions,
    program: Program,
    update: ParameterUpdate,
    zeros: readonly Gradient[],
  ) {
    this.#options = options;
    this.#program = program;
    this.#update = update;
    this.#zeros = zeros;
  }

  /** Builds the gradients and loads the graphs; weights and moments go where the backend's rules say. */
  static async compile(backend: Backend, options: TrainStepOptions): Promise<TrainStep> {
    const { name, loss, trained, report = {}, adam, optimizer = name, microBatches = 1 } = options;
    const sums = grad(loss, trained).map((gradient, index) =>
      microBatches === 1 ? gradient : add(gradient, input(sumName(trained[index]), gradient.shape)),
    );
    const squares = concat(sums.map((gradient) => reshape(sum(square(gradient)), [1])), 0); // prettier-ignore
    const outputs: Record<string, Tensor> = { loss, squares };
    for (const [key, tensor] of Object.entries(report)) outputs[`report:${key}`] = tensor;
    trained.forEach((parameter, index) => (outputs[gradientName(parameter)] = sums[index]));
    const onDevice = backend.rules.stateOn === 'device';
    const program = await backend.compile(lowerGraph(name, outputs, backend.rules), {
      resident: onDevice ? trained.map(gradientName) : [],
      isStep: true,
    });
    const update = await compileUpdate(backend, { optimizer, trained, ...(adam && { adam }) });
    const zeros: Gradient[] = [];
    for (const { size, shape } of microBatches === 1 ? [] : trained) {
      zeros.push(onDevice ? await backend.upload(new Float32Array(size), shape) : new Float32Array(size));
    }
    return new TrainStep(options, program, update, zeros);
  }

  /** Names of what a batch holds, no more and no less. */
  get inputs(): readonly string[] {
    const own = new Set(this.#options.trained.map(sumName));
    return this.#program.graph.inputs.map(({ name }) => name).filter((name) => !own.has(name));
  }

  /**
   * Computes loss and gradients of a batch, or of as many as `microBatches` says, and updates the state in place.
   *
   * @throws AppError training.diverged when loss or gradients are no numbers; the state is as before the call
   */
  async run(state: LiveState, batch: Batch | readonly Batch[], rate: number): Promise<StepResult> {
    const { name, trained, clipLength = Infinity, microBatches = 1, optimizer = name } = this.#options;
    const batches = isList(batch) ? batch : [batch];
    if (batches.length !== microBatches) {
      throw new AppError(
        'graph.badGraph',
        `The step "${name}" takes ${microBatches} batches, not ${batches.length}.`,
      );
    }
    const step = (state.steps.get(optimizer) ?? 0) + 1;
    const { loss, squares, gradients, report } = await this.#accumulate(state, batches);
    try {
      requireNumber(loss, 'the loss', name, step);
      squares.forEach((value, index) =>
        requireNumber(value, `the gradient of ${trained[index].attributes.name}`, name, step),
      );
      const gradientLength = Math.sqrt(squares.reduce((total, value) => total + value, 0)) / microBatches;
      const scale = Math.min(1, clipLength / (gradientLength + 1e-12)) / microBatches;
      await this.#update.apply(state, { gradients, scale, rate, step });
      state.steps.set(optimizer, step);
      return { loss, gradientLength, report };
    } finally {
      gradients.forEach(disposeGradient);
    }
  }

  async dispose(): Promise<void> {
    this.#zeros.forEach(disposeGradient);
    await this.#update.dispose();
    await this.#program.dispose();
  }

  async #accumulate(state: LiveState, batches: readonly Batch[]) {
    const { trained } = this.#options;
    let loss = 0;
    let squares = new Float32Array();
    let gradients = this.#zeros;
    let report = new Map<string, HostValues>();
    for (const [index, batch] of batches.entries()) {
      const feeds = new Map<string, Feed>(batch);
      for (const { name } of this.#program.graph.parameters)
        feeds.set(name, valuesOf(state.parameters, name));
      trained.forEach((parameter, at) => {
        if (gradients.length > 0) feeds.set(sumName(parameter), gradients[at]);
      });
      const { values, device } = await this.#runOrFree(feeds, index > 0 ? gradients : []);
      if (index > 0) gradients.forEach(disposeGradient);
      gradients = trained.map((parameter) => {
        const key = gradientName(parameter);
        return device.get(key) ?? (valuesOf(values, key) as Float32Array);
      });
      loss += valuesOf(values, 'loss')[0] / batches.length;
      squares = valuesOf(values, 'squares') as Float32Array<ArrayBuffer>;
      report = new Map(
        [...values].flatMap(([key, value]) => (key.startsWith('report:') ? [[key.slice(7), value]] : [])),
      );
    }
    return { loss, squares, gradients, report };
  }

  /** A run that fails leaves nothing behind: the sums of the batches before it are freed. */
  async #runOrFree(feeds: ReadonlyMap<string, Feed>, sums: readonly Gradient[]): Promise<RunResult> {
    try {
      return await this.#program.run(feeds);
    } catch (error) {
      sums.forEach(disposeGradient);
      throw error;
    }
  }
}

const sumName = ({ attributes }: Parameter): string => `sum:${attributes.name}`;
const gradientName = ({ attributes }: Parameter): string => `grad:${attributes.name}`;

function isList(batch: Batch | readonly Batch[]): batch is readonly Batch[] {
  return Array.isArray(batch);
}

function disposeGradient(gradient: Gradient): void {
  if (!(gradient instanceof Float32Array)) gradient.dispose();
}

function requireNumber(value: number, what: string, name: string, step: number): void {
  if (Number.isFinite(value)) return;
  throw new AppError(
    'training.diverged',
    `Training stopped: in update ${step} of "${name}", ${what} is ${value}. Go on from the last checkpoint with a lower learning rate.`,
    { details: { step, what } },
  );
}
