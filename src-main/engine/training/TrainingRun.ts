import { join } from 'node:path';
import { AppError } from '#common/contract/errors';
import type { SeededRandom } from '#common/math/seededRandom';
import type { Backend, HostValues } from '#engine/runtime/Backend';
import type { Checkpoint, CheckpointNotes } from '#engine/training/checkpointFolder';
import { CheckpointFolder, checkpointName } from '#engine/training/checkpointFolder';
import { MetricsLog } from '#engine/training/MetricsLog';
import { streamAt } from '#engine/training/randomStreams';
import type { LiveState, Parameter } from '#engine/training/trainState';
import { disposeState, newTrainState, placeState, readState } from '#engine/training/trainState';
import type { Batch, StepResult, TrainStep } from '#engine/training/TrainStep';

export interface TrainingRunOptions {
  /** Gets `checkpoints/` and `metrics.jsonl`. */
  readonly folder: string;
  readonly backend: Backend;
  /** Of all networks of the run. */
  readonly parameters: readonly Parameter[];
  /** Those whose moving average is kept. */
  readonly averaged?: readonly Parameter[];
  readonly seed: number;
  readonly checkpointEvery: number;
  /** Checkpoints that stay. */
  readonly kept?: number;
  /** Hears of checkpoints that are damaged and passed over for an older one. */
  readonly onDamaged?: (error: AppError) => void;
}

type Notes = Readonly<Record<string, unknown>>;

/**
 * A run that outlives its process: weights, moments, averages, the step, and whatever the loop keeps (`notes`).
 * The loop stays the caller's; the run only holds what a checkpoint holds and writes it when it is due.
 */
export class TrainingRun {
  readonly state: LiveState;
  /** What the loop gave to `endStep` before the checkpoint this run goes on from; empty at the start. */
  readonly notes: Notes;
  readonly #options: TrainingRunOptions;
  readonly #checkpoints: CheckpointFolder;
  readonly #metrics: MetricsLog;
  #step: number;
  #lastCheckpoint: string;

  private constructor(
    options: TrainingRunOptions,
    parts: { checkpoints: CheckpointFolder; metrics: MetricsLog; state: LiveState; notes: CheckpointNotes },
  ) {
    const { step, ...notes } = parts.notes;
    this.#options = options;
    this.#checkpoints = parts.checkpoints;
    this.#metrics = parts.metrics;
    this.state = parts.state;
    this.notes = notes;
    this.#step = step;
    this.#lastCheckpoint = checkpointName(step);
  }

  /**
   * Goes on from the newest whole checkpoint of the folder, or begins where there is none.
   *
   * @throws AppError checkpoint.damaged where all are, or where the newest is one of another network
   */
  static async open(options: TrainingRunOptions): Promise<TrainingRun> {
    const { folder, backend, parameters, averaged = [], seed, kept } = options;
    const checkpoints = new CheckpointFolder(checkpointsOf(folder), kept === undefined ? {} : { kept });
    const found = await checkpoints.latest(options.onDamaged);
    if (found !== undefined) requireSameNetwork(found, parameters);
    const { state, notes } = found ?? {
      state: newTrainState(parameters, seed, averaged),
      notes: { step: 0 },
    };
    const live = await placeState(backend, state, parameters);
    // A first checkpoint before any step: whatever happens then, there is something to go back to.
    if (found === undefined) await checkpoints.save({ state, notes });
    const metrics = await MetricsLog.open(join(folder, 'metrics.jsonl'), notes.step);
    return new TrainingRun(options, { checkpoints, metrics, state: live, notes });
  }

  /** Steps of the loop that are done. */
  get step(): number {
    return this.#step;
  }

  /** Random numbers for one purpose in the current step; the same after a resume. */
  random(purpose: string): SeededRandom {
    return streamAt(this.#options.seed, purpose, this.#step);
  }

  /**
   * Runs one update on the state.
   *
   * @throws AppError training.diverged with the step, the tensor and the checkpoint to go back to
   */
  async update(
    step: TrainStep,
    batch: Readonly<Record<string, HostValues>> | readonly Batch[],
    rate: number,
  ): Promise<StepResult> {
    const batches = isList(batch) ? batch : new Map(Object.entries(batch));
    try {
      return await step.run(this.state, batches, rate);
    } catch (error) {
      throw error instanceof AppError && error.code === 'training.diverged' ? this.#explain(error) : error;
    }
  }

  /** Ends a step of the loop: its metrics are appended, and a checkpoint is written when one is due. */
  async endStep(metrics: Readonly<Record<string, number>>, notes: Notes = {}): Promise<void> {
    this.#step++;
    await this.#metrics.append({ step: this.#step, ...metrics });
    if (this.#step % this.#options.checkpointEvery === 0) await this.save(notes);
  }

  /** Writes a checkpoint now. */
  async save(notes: Notes = {}): Promise<void> {
    const state = await readState(this.#options.backend, this.state);
    this.#lastCheckpoint = await this.#checkpoints.save({ state, notes: { ...notes, step: this.#step } });
  }

  async dispose(): Promise<void> {
    disposeState(this.state);
    await this.#metrics.close();
  }

  #explain(error: AppError): AppError {
    const checkpoint = this.#lastCheckpoint;
    return new AppError(
      'training.diverged',
      `${error.message} (Step ${this.#step + 1} of the run; the last good checkpoint is ${checkpoint}.)`,
      { details: { ...error.details, runStep: this.#step + 1, checkpoint }, cause: error },
    );
  }
}

/** Where a run's folder keeps its checkpoints. */
export function checkpointsOf(folder: string): string {
  return join(folder, 'checkpoints');
}

function isList(batch: Readonly<Record<string, HostValues>> | readonly Batch[]): batch is readonly Batch[] {
  return Array.isArray(batch);
}

function requireSameNetwork({ state }: Checkpoint, parameters: readonly Parameter[]): void {
  const wrong = parameters.find(
    ({ attributes, size }) => state.parameters.get(attributes.name)?.length !== size,
  );
  if (wrong === undefined && state.parameters.size === parameters.length) return;
  const what =
    wrong === undefined
      ? `has ${state.parameters.size} parameters, the network ${parameters.length}`
      : `has ${state.parameters.get(wrong.attributes.name)?.length ?? 'no'} values for ${wrong.attributes.name}, the network ${wrong.size}`;
  throw new AppError('checkpoint.damaged', `The checkpoint is one of another network: it ${what}.`);
}
