import type { EngineProcess } from '#common/contract/engineProcess';
import { AppError, throwIfCancelled } from '#common/contract/errors';
import type { WorkContext } from '#common/contract/progress';
import { fromWire } from '#common/contract/wire';
import type { RgbaImage } from '#common/image/rasterImage';
import type { SourceCrop } from '#common/reconstruction/sourceCrop';
import type { FaceObservation } from '#common/tracking/faceObservation';
import type {
  ReconstructAnswer,
  ReconstructCall,
  ReconstructResults,
} from '#host/avatars/reconstructMessages';
import type {
  Reconstruction,
  ReconstructContext,
  ReconstructInput,
  Reconstructor,
} from '#host/avatars/reconstructor';

/**
 * The reconstruction in a thread of its own, so that the host keeps answering. The thread starts with the
 * first call and is kept, with the head model it has read. Calls queue up. A cancelled call ends the thread,
 * because its arithmetic does not look up; the next call starts a fresh one (about 0.1 s).
 */
export class WorkerReconstructor implements Reconstructor {
  private readonly start: () => EngineProcess;
  private readonly headModelPath: string;
  private process: EngineProcess | undefined;
  private open: { readonly process: EngineProcess; readonly reject: (error: AppError) => void } | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(start: () => EngineProcess, headModelPath: string) {
    this.start = start;
    this.headModelPath = headModelPath;
  }

  cutCrop(image: RgbaImage, observation: FaceObservation, context: WorkContext): Promise<SourceCrop> {
    const buffer = image.data.buffer as ArrayBuffer;
    return this.enqueue({ method: 'cutCrop', image, observation }, context, [buffer]);
  }

  reconstruct(input: ReconstructInput, context: ReconstructContext): Promise<Reconstruction> {
    return this.enqueue({ method: 'reconstruct', input, headModelPath: this.headModelPath }, context, []);
  }

  async dispose(): Promise<void> {
    await this.last;
    await this.endProcess();
  }

  private enqueue<Call extends ReconstructCall>(
    call: Call,
    context: ReconstructContext,
    transfer: readonly ArrayBuffer[],
  ): Promise<ReconstructResults[Call['method']]> {
    const answer = this.last.then(() => this.run(call, context, transfer));
    // The queue goes on whatever became of this call; its caller hears of the failure.
    this.last = answer.catch(() => undefined);
    return answer as Promise<ReconstructResults[Call['method']]>;
  }

  private async run(
    call: ReconstructCall,
    context: ReconstructContext,
    transfer: readonly ArrayBuffer[],
  ): Promise<unknown> {
    throwIfCancelled(context.signal);
    const process = (this.process ??= this.startProcess());
    const cleanUp: (() => void)[] = [];
    try {
      return await new Promise<unknown>((resolve, reject) => {
        cleanUp.push(process.port.onMessage((message) => {
          const answer = message as ReconstructAnswer;
          if (answer.kind === 'progress') context.onProgress?.(answer);
          else if (answer.kind === 'stage') context.onStage?.(answer.name, answer.milliseconds);
          else if (answer.kind === 'done') resolve(answer.result);
          else reject(fromWire(answer.error));
        })); // prettier-ignore
        this.open = { process, reject };
        cleanUp.push(onAbort(context.signal, () => {
          reject(new AppError('job.cancelled', 'The reconstruction was cancelled.'));
          void this.endProcess();
        })); // prettier-ignore
        process.port.post(call, transfer);
      });
    } finally {
      this.open = undefined;
      for (const remove of cleanUp) remove();
    }
  }

  private startProcess(): EngineProcess {
    const process = this.start();
    process.onExit((reason) => {
      if (this.process === process) this.process = undefined;
      if (this.open?.process !== process) return;
      this.open.reject(new AppError('engine.crashed', `The reconstruction thread is gone: ${reason}.`));
    });
    return process;
  }

  private async endProcess(): Promise<void> {
    const process = this.process;
    this.process = undefined;
    await process?.terminate();
  }
}

/** Calls back at once when a real AbortSignal fires; a plain flag is only looked at between calls. */
function onAbort(signal: WorkContext['signal'], listener: () => void): () => void {
  if (!(signal instanceof AbortSignal)) return () => undefined;
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
