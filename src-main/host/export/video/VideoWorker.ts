import { Worker } from 'node:worker_threads';
import { AppError } from '#common/contract/errors';
import { fromWire } from '#common/contract/wire';
import type { FromVideoWorker, ToVideoWorker } from '#host/export/video/workerMessages';

/** Frames on their way: one being encoded, one ready behind it, one being filled. */
const FRAMES_IN_FLIGHT = 3;

type Waiter = {
  readonly resolve: (message: FromVideoWorker) => void;
  readonly reject: (error: Error) => void;
};

/**
 * The encoder thread seen from the main thread: requests answered in order, frame buffers that travel back and
 * forth so that nothing is allocated per frame. Not reusable after `terminate` or a failure.
 */
export class VideoWorker {
  readonly #worker: Worker;
  readonly #waiters: Waiter[] = [];
  readonly #idle: ArrayBuffer[] = [];
  readonly #inFlight: Promise<void>[] = [];
  #failure: Error | undefined;

  constructor(workerUrl: URL) {
    this.#worker = new Worker(workerUrl);
    this.#worker.on('message', (message: FromVideoWorker) => this.#receive(message));
    this.#worker.on('error', (error) =>
      this.#fail(
        new AppError('encoder.unavailable', `The video encoder thread failed: ${error.message}`, {
          cause: error,
        }),
      ),
    );
    this.#worker.on('exit', (code) =>
      this.#fail(
        new AppError('encoder.unavailable', `The video encoder thread stopped (exit code ${code}).`),
      ),
    );
  }

  /** Sends one request and waits for its answer. */
  request(message: ToVideoWorker, transfer: ArrayBuffer[] = []): Promise<FromVideoWorker> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#worker.postMessage(message, transfer);
    });
  }

  /** Copies the frame and hands it over; waits only while enough frames are on their way. */
  async sendFrame(rgba: Uint8Array): Promise<void> {
    while (this.#inFlight.length >= FRAMES_IN_FLIGHT) await this.#inFlight[0];
    if (this.#failure !== undefined) throw this.#failure;
    const buffer = this.#idle.pop() ?? new ArrayBuffer(rgba.length);
    new Uint8Array(buffer).set(rgba);
    const taken = this.request({ kind: 'frame', buffer }, [buffer]).then((answer) => {
      if (answer.kind === 'taken') this.#idle.push(answer.buffer);
      void this.#inFlight.shift();
    });
    // Whoever waits next sees the failure through #failure; unobserved it must not end the process.
    taken.catch(() => undefined);
    this.#inFlight.push(taken);
  }

  async terminate(): Promise<void> {
    this.#failure ??= new AppError('job.cancelled', 'The video encoder was stopped.');
    await this.#worker.terminate();
  }

  #receive(message: FromVideoWorker): void {
    if (message.kind === 'failed') return this.#fail(fromWire(message.error));
    this.#waiters.shift()?.resolve(message);
  }

  #fail(error: Error): void {
    const failure = (this.#failure ??= error);
    for (const waiter of this.#waiters.splice(0)) waiter.reject(failure);
  }
}
