import type { FaceTracker } from '#common/tracking/faceObservation';
import { alphaMatte } from '#engine/tracking/matte/alphaMatte';
import { FaceFinder } from '#engine/tracking/mesh/FaceFinder';
import type { LandmarkSmootherOptions } from '#engine/tracking/LandmarkSmoother';
import { loadFaceModels, loadMatteModel } from '#engine/tracking/loadTrackingModels';
import { observeManually } from '#engine/tracking/mesh/observeManually';
import { PersonMatte } from '#engine/tracking/matte/PersonMatte';
import { PicturePyramid } from '#engine/tracking/PicturePyramid';
import { TaskQueue } from '#engine/tracking/TaskQueue';
import { trackVideo } from '#engine/tracking/trackVideo';

export interface FaceTrackerOptions {
  /** Threads inside one operator of a model; README.md has the figures behind the default. */
  readonly threadCount?: number;
  /** Smooths landmarks of videos over time; off when undefined. */
  readonly videoSmoothing?: LandmarkSmootherOptions;
}

/** A tracker that holds native memory; dispose it. */
export interface DisposableFaceTracker extends FaceTracker {
  dispose(): Promise<void>;
}

const DEFAULT_THREADS = 1;

/** A model that loads when first asked for and stays. */
class LazyModel<T extends { dispose(): Promise<void> }> {
  private readonly load: () => Promise<T>;
  private loading: Promise<T> | undefined;

  constructor(load: () => Promise<T>) {
    this.load = load;
  }

  readonly get = (): Promise<T> => {
    this.loading ??= this.load().catch((error: unknown) => {
      // A package installed meanwhile must not need a restart.
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  };

  async dispose(): Promise<void> {
    const loaded = await this.loading?.catch(() => undefined); // A model that never loaded holds nothing.
    this.loading = undefined;
    await loaded?.dispose();
  }
}

/**
 * MediaPipe's face and person models in this process: reads them from the installed npm packages, loads each
 * when it is first needed and keeps it. Calls run one after the other. A running model blocks the thread, so
 * programs use this through `engineMain.worker.ts`.
 * @throws (from its methods) AppError model.missing, model.unsupported; observeManual also input.badLandmarks.
 */
export function createFaceTracker(options: FaceTrackerOptions = {}): DisposableFaceTracker {
  const threadCount = options.threadCount ?? DEFAULT_THREADS;
  const queue = new TaskQueue();
  const finder = new LazyModel(async () => new FaceFinder(await loadFaceModels(threadCount)));
  const matte = new LazyModel(async () => new PersonMatte(await loadMatteModel(threadCount)));
  return {
    observe: (image, observeOptions) =>
      queue.run(async () => (await finder.get()).find(new PicturePyramid(image), observeOptions)),
    observeManual: (image, points) =>
      queue.run(async () => observeManually(await finder.get(), new PicturePyramid(image), points)),
    matte: (image) =>
      queue.run(async () => {
        const premade = alphaMatte(image);
        if (premade !== undefined) return premade;
        const pyramid = new PicturePyramid(image);
        const faces = await (await finder.get()).findBoxes(pyramid);
        return (await matte.get()).run(pyramid, faces);
      }),
    startVideo: () => trackVideo(queue, finder.get, options.videoSmoothing),
    dispose: () =>
      queue.run(async () => {
        await finder.dispose();
        await matte.dispose();
      }),
  };
}
