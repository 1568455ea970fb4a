import type { EngineProcess } from '#common/contract/engineProcess';
import { AppError } from '#common/contract/errors';
import { fromWire } from '#common/contract/wire';
import type { FloatImage, RgbaImage } from '#common/image/rasterImage';
import type {
  FaceObservation,
  FaceTracker,
  ManualFacePoints,
  ObserveOptions,
  VideoFaceTracker,
} from '#common/tracking/faceObservation';
import type {
  TrackerCall,
  TrackerRequest,
  TrackerResponse,
  TrackerResults,
} from '#common/tracking/trackerMessages';

interface OpenCall {
  readonly resolve: (result: never) => void;
  readonly reject: (error: AppError) => void;
}

/**
 * The engine's face tracker seen from the studio. Starts the engine with the first call. If it dies, every open
 * call fails with `engine.crashed` and the next call starts a new one (videos go on, searching their face
 * again). Pictures are copied, then transferred: the caller keeps its own. Dispose it to end the engine.
 */
export class RemoteFaceTracker implements FaceTracker {
  private readonly start: () => EngineProcess;
  private engine: EngineProcess | undefined;
  private isDisposed = false;
  private readonly calls = new Map<number, OpenCall>();
  private nextId = 1;
  private nextVideoId = 1;

  constructor(start: () => EngineProcess) {
    this.start = start;
  }

  observe(image: RgbaImage, options: ObserveOptions = {}): Promise<FaceObservation[]> {
    return this.call({ method: 'observe', image, options });
  }

  observeManual(image: RgbaImage, points: ManualFacePoints): Promise<FaceObservation> {
    return this.call({ method: 'observeManual', image, points });
  }

  matte(image: RgbaImage): Promise<FloatImage> {
    return this.call({ method: 'matte', image });
  }

  startVideo(): VideoFaceTracker {
    const videoId = this.nextVideoId++;
    return { next: (image, timeSeconds) => this.call({ method: 'videoNext', videoId, image, timeSeconds }) };
  }

  /** Ends the engine; open calls fail with `engine.crashed`. Safe to call twice. */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    const engine = this.engine;
    if (engine === undefined) return;
    this.didExit(engine, 'it was stopped');
    await engine.terminate();
  }

  private call<Call extends TrackerCall>(call: Call): Promise<TrackerResults[Call['method']]> {
    if (this.isDisposed) return Promise.reject(crashed('it was stopped before the call'));
    const engine = (this.engine ??= this.startEngine());
    const id = this.nextId++;
    // `new Uint8Array` and not `slice`: a Node Buffer's slice is a view of a pool that must not be transferred.
    const data = new Uint8Array(call.image.data);
    const request = { ...call, image: { ...call.image, data }, kind: 'tracker', id } as TrackerRequest;
    return new Promise((resolve, reject) => {
      this.calls.set(id, { resolve, reject });
      engine.port.post(request, [data.buffer]);
    });
  }

  private startEngine(): EngineProcess {
    const engine = this.start();
    engine.port.onMessage((message) => this.receive(message as TrackerResponse));
    engine.onExit((reason) => this.didExit(engine, reason));
    return engine;
  }

  private receive(message: TrackerResponse): void {
    if (message.kind !== 'tracker') return;
    const call = this.calls.get(message.id);
    this.calls.delete(message.id);
    if ('error' in message) call?.reject(fromWire(message.error));
    else call?.resolve(message.result as never);
  }

  private didExit(engine: EngineProcess, reason: string): void {
    if (this.engine !== engine) return;
    this.engine = undefined;
    const open = [...this.calls.values()];
    this.calls.clear();
    for (const call of open) call.reject(crashed(reason));
  }
}

function crashed(reason: string): AppError {
  return new AppError('engine.crashed', `The engine is gone: ${reason}.`);
}
