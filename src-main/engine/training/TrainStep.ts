import { AppError } from '#common/contract/errors';
import { grad } from '#engine/graph/grad';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import type { ParameterAttributes } from '#engine/graph/ops/sources';
import type { Tensor } from '#engine/graph/tensor';
import type { Backend, HostValues, Program } from '#engine/runtime/Backend';
import type { AdamOptions } from '#engine/training/adam';
import { adamInPlace } from '#engine/training/adam';
import type { StateDict } from '#engine/training/initialValues';

type Parameter = Tensor<ParameterAttributes>;

export interface TrainStepOptions {
  readonly name: string;
  /** What is minimised: one number. */
  readonly loss: Tensor;
  /** What is trained; other parameters of the graph are read from the state and stay. */
  readonly trained: readonly Parameter[];
  /** Further values to report: scores, pictures. */
  readonly report?: Readonly<Record<string, Tensor>>;
  readonly adam?: AdamOptions;
  /** Scales gradients down where their common length exceeds it. */
  readonly clipLength?: number;
}

/** Everything a run needs to go on to the same bits: weights, moments, step counts. */
export interface TrainState {
  readonly parameters: StateDict;
  /** By step name and parameter: a parameter trained by two steps has moments in each. */
  readonly moments: Map<string, { readonly first: Float32Array; readonly second: Float32Array }>;
  /** Updates done, by step name. */
  readonly steps: Map<string, number>;
}

export interface StepResult {
  readonly loss: number;
  /** Length of the gradient before clipping. */
  readonly gradientLength: number;
  readonly report: ReadonlyMap<string, HostValues>;
}

/** A loss compiled together with its gradients, and the update that follows from them. */
export class TrainStep {
  readonly #options: TrainStepOptions;
  readonly #program: Program;

  private constructor(options: TrainStepOptions, program: Program) {
    this.#options = options;
    this.#program = program;
  }

  static async compile(backend: Backend, options: TrainStepOptions): Promise<TrainStep> {
    const { name, loss, trained, report = {} } = options;
    const gradients = grad(loss, trained);
    const outputs: Record<string, Tensor> = { loss, ...prefixed('report:', report) };
    trained.forEach(({ attributes }, index) => (outputs[`grad:${attributes.name}`] = gradients[index]));
    return new TrainStep(options, await backend.compile(lowerGraph(name, outputs, backend.rules)));
  }

  /**
   * Computes loss and gradients of a batch and updates the state in place.
   *
   * @throws AppError training.diverged when loss or gradients are no numbers; the state is as before the call
   */
  async run(state: TrainState, batch: ReadonlyMap<string, HostValues>, rate: number): Promise<StepResult> {
    const { name, trained, adam, clipLength = Infinity } = this.#options;
    const feeds = new Map<string, HostValues>(batch);
    for (const { name: parameter } of this.#program.graph.parameters) {
      const values = state.parameters.get(parameter);
      if (values === undefined) throw unknownParameter(parameter);
      feeds.set(parameter, values);
    }
    const { values } = await this.#program.run(feeds);
    const step = (state.steps.get(name) ?? 0) + 1;
    const loss = values.get('loss')![0];
    const gradients = trained.map(({ attributes }) => values.get(`grad:${attributes.name}`) as Float32Array);
    requireNumber(loss, 'the loss', name, step);
    let squares = 0;
    gradients.forEach((gradient, index) => {
      let own = 0;
      for (const value of gradient) own += value * value;
      requireNumber(own, `the gradient of ${trained[index].attributes.name}`, name, step);
      squares += own;
    });
    const gradientLength = Math.sqrt(squares);
    const scale = Math.min(1, clipLength / (gradientLength + 1e-12));
    trained.forEach(({ attributes, size }, index) => {
      const gradient = gradients[index];
      if (scale < 1) for (let k = 0; k < gradient.length; k++) gradient[k] *= scale;
      const moments = momentsOf(state, `${name}/${attributes.name}`, size);
      adamInPlace(state.parameters.get(attributes.name)!, gradient, moments, { rate, step }, adam);
    });
    state.steps.set(name, step);
    const report = new Map(
      [...values].flatMap(([key, value]) => (key.startsWith('report:') ? [[key.slice(7), value]] : [])),
    );
    return { loss, gradientLength, report };
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }
}

function prefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

function momentsOf(state: TrainState, key: string, size: number) {
  const known = state.moments.get(key);
  if (known !== undefined) return known;
  const fresh = { first: new Float32Array(size), second: new Float32Array(size) };
  state.moments.set(key, fresh);
  return fresh;
}

function requireNumber(value: number, what: string, name: string, step: number): void {
  if (Number.isFinite(value)) return;
  throw new AppError(
    'training.diverged',
    `Training stopped: in step ${step} of "${name}", ${what} is ${value}. Go on from the last checkpoint with a lower learning rate.`,
    { details: { step, what } },
  );
}

function unknownParameter(name: string): AppError {
  return new AppError('graph.unknownParameter', `The state has no parameter "${name}".`, {
    details: { name },
  });
}
