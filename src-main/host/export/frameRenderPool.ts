import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError, throwIfCancelled } from '#common/contract/errors';
import { fromWire } from '#common/contract/wire';
import type { RgbaImage } from '#common/image/rasterImage';
import type { FrameJob, FrameSettings, RenderableAvatar } from '#common/raster/avatarFrameRenderer';
import type { FrameReply, FrameRequest, FrameWorkerSetup } from '#host/export/frameRenderMessages';

export interface FrameRenderPoolOptions {
  /** Sent to each worker once. */
  readonly avatar: RenderableAvatar;
  readonly settings: FrameSettings;
  /** The bundled frameRender.worker.js. */
  readonly workerUrl: URL;
  /** One thread per core by default. */
  readonly workerCount?: number;
}

/** Frames each worker has on hand: one it renders and one waiting, so that it never idles. */
const FRAMES_PER_WORKER = 2;

interface Pending {
  readonly resolve: (frame: RgbaImage) => void;
  readonly reject: (error: AppError) => void;
}

interface Member {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
}

/**
 * Worker threads that render frames of one avatar. Memory is bounded: at most FRAMES_PER_WORKER frames per
 * worker exist at a time, and their pixel buffers go round. Dispose it: it holds threads.
 */
export class FrameRenderPool {
  readonly #settings: FrameSettings;
  readonly #members: readonly Member[];
  readonly #freeBuffers: ArrayBuffer[] = [];
  #lastId = 0;
  #failure: AppError | undefined;

  constructor(options: FrameRenderPoolOptions) {
    const count = Math.max(1, options.workerCount ?? availableParallelism());
    this.#settings = options.settings;
    const { geometry, atlas, source } = options.avatar;
    // An Avatar holds more than frames need; only this crosses.
    const avatar: RenderableAvatar = { geometry, atlas, source: { plate: source.plate } };
    const workerData: FrameWorkerSetup = { avatar, settings: options.settings };
    this.#members = Array.from({ length: count }, () =>
      this.#start(new Worker(options.workerUrl, { workerData })),
    );
  }

  /**
   * Renders frames in the order of `jobs`, as fast as they are taken: no more jobs are drawn from the source
   * than the workers can hold. Each picture belongs to the consumer until it asks for the next one; then its
   * pixels are reused, unless the consumer has transferred them away.
   *
   * Throws job.cancelled soon after `signal` fires, and the worker's own error where a frame fails; the pool
   * can be used again after either.
   */
  async *renderFrames(
    jobs: AsyncIterable<FrameJob> | Iterable<FrameJob>,
    signal?: AbortSignal,
  ): AsyncGenerator<RgbaImage, void, void> {
    const queue: Promise<RgbaImage>[] = [];
    try {
      for await (const job of jobs) {
        throwIfCancelled(signal);
        queue.push(this.#submit(job));
        if (queue.length < this.#members.length * FRAMES_PER_WORKER) continue;
        yield* this.#lend(await unlessCancelled(queue.shift()!, signal));
      }
      while (queue.length > 0) yield* this.#lend(await unlessCancelled(queue.shift()!, signal));
    } finally {
      // Frames nobody will take: their buffers come back when they are done.
      for (const frame of queue) frame.then((image) => this.#recycle(image), ignore);
    }
  }

  /** Ends the threads; frames still wanted fail with job.cancelled. */
  async dispose(): Promise<void> {
    this.#fail(new AppError('job.cancelled', 'The frame renderer was shut down.'));
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
  }

  *#lend(frame: RgbaImage): Generator<RgbaImage, void, void> {
    try {
      yield frame;
    } finally {
      this.#recycle(frame);
    }
  }

  #submit(job: FrameJob): Promise<RgbaImage> {
    if (this.#failure) return rejected(this.#failure);
    const member = this.#members.reduce((best, other) =>
      other.pending.size < best.pending.size ? other : best,
    );
    const id = ++this.#lastId;
    const { width, height } = this.#settings;
    const pixels = this.#freeBuffers.pop() ?? new ArrayBuffer(width * height * 4);
    const frame = new Promise<RgbaImage>((resolve, reject) => member.pending.set(id, { resolve, reject }));
    // A frame that fails while an earlier one is awaited must not count as unhandled; whoever takes it sees it.
    frame.catch(ignore);
    const request: FrameRequest = { id, job, pixels };
    member.worker.postMessage(request, [pixels]);
    return frame;
  }

  #start(worker: Worker): Member {
    const member: Member = { worker, pending: new Map() };
    worker.on('message', (reply: FrameReply) => this.#receive(member, reply));
    worker.on('error', (error) => this.#fail(crashed(error)));
    worker.on('exit', (code) => this.#fail(crashed(new Error(`Exit code ${code}.`))));
    return member;
  }

  #receive(member: Member, reply: FrameReply): void {
    const pending = member.pending.get(reply.id);
    member.pending.delete(reply.id);
    if ('error' in reply) {
      pending?.reject(fromWire(reply.error));
    } else {
      const { width, height } = this.#settings;
      pending?.resolve({ width, height, data: new Uint8Array(reply.pixels) });
    }
  }

  /** The first failure of a thread is the pool's: a lost worker's frames would leave holes in the order. */
  #fail(error: AppError): void {
    this.#failure ??= error;
    for (const { pending } of this.#members) {
      for (const { reject } of pending.values()) reject(this.#failure);
      pending.clear();
    }
  }

  #recycle(frame: RgbaImage): void {
    const { buffer } = frame.data;
    const isWhole = buffer.byteLength === this.#settings.width * this.#settings.height * 4;
    const limit = this.#members.length * FRAMES_PER_WORKER;
    if (isWhole && buffer instanceof ArrayBuffer && this.#freeBuffers.length < limit) {
      this.#freeBuffers.push(buffer);
    }
  }
}

function crashed(cause: unknown): AppError {
  return new AppError('engine.crashed', 'A frame render thread ended unexpectedly.', { cause });
}

function rejected(error: AppError): Promise<never> {
  const promise = Promise.reject<never>(error);
  promise.catch(ignore);
  return promise;
}

function ignore(): void {
  // The rejection is reported where the frame is taken.
}

/**
 * The frame, or job.cancelled as soon as the signal fires. Not Promise.race against one long-lived promise:
 * that would keep every frame of an export reachable until its end.
 */
function unlessCancelled(frame: Promise<RgbaImage>, signal: AbortSignal | undefined): Promise<RgbaImage> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(new AppError('job.cancelled', 'The job was cancelled.'));
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    frame.then(resolve, reject).finally(() => signal?.removeEventListener('abort', cancel));
  });
}
