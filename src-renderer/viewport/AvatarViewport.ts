import { WebGLRenderer } from 'three';
import { AppError } from '#common/contract/errors';
import type { RgbaImage } from '#common/image/rasterImage';
import type { FrameJob } from '#common/raster/avatarFrameRenderer';
import { AdaptiveQuality, SETTLE_MILLISECONDS } from '$viewport/AdaptiveQuality';
import type { FrameQuality } from '$viewport/AdaptiveQuality';
import { FramePipeline } from '$viewport/FramePipeline';
import { browserClock, FrameScheduler } from '$viewport/FrameScheduler';
import type { FrameClock, FrameStatistics } from '$viewport/FrameScheduler';
import type { ViewportAvatar } from '$viewport/loadAvatar';
import { DEFAULT_LOOK } from '$viewport/viewportLook';
import type { ViewportLook } from '$viewport/viewportLook';

/** What lies on the GPU because of a viewport. */
export interface GpuUsage {
  readonly geometries: number;
  readonly textures: number;
  readonly programs: number;
}

export interface AvatarViewportOptions {
  readonly clock?: FrameClock;
  /** By default measured on this device with the first frame. */
  readonly quality?: AdaptiveQuality;
  /** The context was lost (true) or came back (false); the viewport redraws by itself. */
  readonly onContextChange?: (isLost: boolean) => void;
}

/**
 * Shows frames of one avatar on a canvas: the same pixels as the headless renderer, up to filtering. Setters are
 * cheap and draw nothing; the next animation frame does. Owns the canvas's WebGL context and all GPU objects, not
 * the avatar. Main thread only.
 */
export class AvatarViewport {
  readonly canvas: HTMLCanvasElement;
  readonly #renderer: WebGLRenderer;
  readonly #scheduler: FrameScheduler;
  readonly #clock: FrameClock;
  readonly #adaptive: AdaptiveQuality;
  readonly #onContextChange: ((isLost: boolean) => void) | undefined;
  #pipeline: FramePipeline | undefined;
  #avatar: ViewportAvatar | undefined;
  #job: FrameJob | undefined;
  #look: ViewportLook = DEFAULT_LOOK;
  #isLost = false;
  #shownQuality: FrameQuality = 'full';
  #cancelSettling: (() => void) | undefined;
  #isSettling = false;
  #isMoving = false;

  /** @throws AppError `capability.missing` where the browser gives no WebGL 2 */
  constructor(canvas: HTMLCanvasElement, options: AvatarViewportOptions = {}) {
    this.canvas = canvas;
    this.#onContextChange = options.onContextChange;
    this.#renderer = createRenderer(canvas);
    this.#clock = options.clock ?? browserClock;
    this.#adaptive = options.quality ?? new AdaptiveQuality();
    this.#scheduler = new FrameScheduler(() => this.#draw(), this.#clock);
    canvas.addEventListener('webglcontextlost', this.#didLoseContext);
    canvas.addEventListener('webglcontextrestored', this.#didRestoreContext);
  }

  get statistics(): FrameStatistics {
    return this.#scheduler.statistics;
  }

  get gpuUsage(): GpuUsage {
    const { memory, programs } = this.#renderer.info;
    return { ...memory, programs: programs?.length ?? 0 };
  }

  /** Of the picture on the canvas; a draft is replaced soon after things stop moving. */
  get shownQuality(): FrameQuality {
    return this.#shownQuality;
  }

  get isContextLost(): boolean {
    return this.#isLost;
  }

  /** Shows another avatar, or none; the frame shown before it is forgotten. */
  setAvatar(avatar: ViewportAvatar | undefined): void {
    if (avatar === this.#avatar) return;
    this.#releasePipeline();
    this.#avatar = avatar;
    this.#job = undefined;
    this.#scheduler.invalidate();
  }

  setFrame(job: FrameJob): void {
    if (job === this.#job) return;
    this.#job = job;
    this.#scheduler.invalidate();
  }

  setLook(look: ViewportLook): void {
    this.#look = look;
    this.#scheduler.invalidate();
  }

  /**
   * While something plays or is dragged, drafts stay: where frames come slowly, a full one between two of them would
   * only make them slower.
   */
  setMoving(isMoving: boolean): void {
    this.#isMoving = isMoving;
    if (isMoving) this.#cancelSettling?.();
    else if (this.#shownQuality === 'draft') this.#settleLater();
  }

  /** Size of the canvas in CSS pixels, as it is laid out; the drawing buffer follows the device's pixels. */
  resize(width: number, height: number, devicePixelRatio: number): void {
    const columns = Math.max(1, Math.round(width * devicePixelRatio));
    const rows = Math.max(1, Math.round(height * devicePixelRatio));
    if (this.canvas.width === columns && this.canvas.height === rows) return;
    this.#renderer.setSize(columns, rows, false);
    this.#scheduler.invalidate();
  }

  /**
   * A picture of exactly `width` x `height`, of the current frame unless another is given, without what only the
   * screen shows (checkerboard, overlay). Waits for the GPU: for thumbnails, not for playback.
   *
   * @throws AppError `capability.missing` while the context is lost
   */
  capture(width: number, height: number, options: CaptureOptions = {}): RgbaImage {
    const job = options.job ?? this.#job;
    if (job === undefined || this.#avatar === undefined) {
      throw new AppError(
        'internal.invariant',
        'Broken invariant: an avatar is shown when a picture is taken',
      );
    }
    const look = options.look ?? { ...this.#look, overlay: 0 };
    const image = this.#isLost
      ? undefined
      : this.#pipelineFor(this.#avatar).capture(job, look, width, height);
    // The canvas may hold a frame that was drawn over while another pose was evaluated.
    this.#scheduler.invalidate();
    if (image) return image;
    throw new AppError('capability.missing', 'No picture can be taken: the graphics device was lost.');
  }

  /** As `capture`, encoded as PNG. */
  async capturePng(width: number, height: number, options: CaptureOptions = {}): Promise<Blob> {
    const { data } = this.capture(width, height, options);
    const canvas = new OffscreenCanvas(width, height);
    const pixels = new ImageData(new Uint8ClampedArray(data.buffer as ArrayBuffer), width, height);
    canvas.getContext('2d')?.putImageData(pixels, 0, 0);
    return await canvas.convertToBlob({ type: 'image/png' });
  }

  /** Frees everything on the GPU and the context itself; the viewport is unusable afterwards. */
  dispose(): void {
    this.canvas.removeEventListener('webglcontextlost', this.#didLoseContext);
    this.canvas.removeEventListener('webglcontextrestored', this.#didRestoreContext);
    this.#cancelSettling?.();
    this.#scheduler.dispose();
    this.#releasePipeline();
    this.#renderer.dispose();
  }

  #draw(): void {
    if (this.#isLost) return;
    this.#cancelSettling?.();
    if (this.#avatar === undefined || this.#job === undefined) {
      this.#renderer.clear();
      return;
    }
    const pipeline = this.#pipelineFor(this.#avatar);
    if (!this.#adaptive.isMeasured) this.#measure(pipeline, this.#job);
    const pixels = this.canvas.width * this.canvas.height;
    // A draft has no overlay: comparing with the portrait is done at rest.
    const isStill = this.#isSettling || this.#look.overlay > 0;
    this.#shownQuality = isStill ? 'full' : this.#adaptive.movingQuality(pixels);
    this.#isSettling = false;
    pipeline.draw(this.#job, this.#look, this.#shownQuality);
    if (this.#shownQuality === 'draft' && !this.#isMoving) this.#settleLater();
  }

  /** The second of two frames, when textures and programs are in place. */
  #measure(pipeline: FramePipeline, job: FrameJob): void {
    pipeline.draw(job, this.#look, 'full');
    pipeline.finish();
    const start = this.#clock.now();
    pipeline.draw(job, this.#look, 'full');
    pipeline.finish();
    this.#adaptive.didMeasure(this.#clock.now() - start, this.canvas.width * this.canvas.height);
  }

  #settleLater(): void {
    this.#cancelSettling?.();
    this.#cancelSettling = this.#clock.after(SETTLE_MILLISECONDS, () => {
      this.#isSettling = true;
      this.#scheduler.invalidate();
    });
  }

  #pipelineFor(avatar: ViewportAvatar): FramePipeline {
    this.#pipeline ??= new FramePipeline(this.#renderer, avatar);
    return this.#pipeline;
  }

  #releasePipeline(): void {
    this.#pipeline?.dispose();
    this.#pipeline = undefined;
  }

  readonly #didLoseContext = (event: Event): void => {
    event.preventDefault(); // asks the browser to restore it
    this.#isLost = true;
    this.#cancelSettling?.();
    // GPU objects die with the context; the new one gets new objects from the avatar, which is kept.
    this.#releasePipeline();
    this.#scheduler.pause();
    this.#onContextChange?.(true);
  };

  readonly #didRestoreContext = (): void => {
    this.#isLost = false;
    clearToNothing(this.#renderer);
    this.#scheduler.resume();
    this.#scheduler.invalidate();
    this.#onContextChange?.(false);
  };
}

export interface CaptureOptions {
  readonly job?: FrameJob;
  readonly look?: ViewportLook;
}

function createRenderer(canvas: HTMLCanvasElement): WebGLRenderer {
  try {
    const renderer = new WebGLRenderer({
      canvas,
      // Full frames are smoothed in a target of our own; the canvas's depth is for drafts, drawn straight to it.
      antialias: false,
      depth: true,
      stencil: false,
      alpha: false,
      powerPreference: 'high-performance',
    });
    renderer.autoClear = false;
    renderer.sortObjects = false;
    clearToNothing(renderer);
    return renderer;
  } catch (error) {
    throw new AppError(
      'capability.missing',
      'The 3D view needs WebGL 2, which this browser does not give. Turn on hardware acceleration or use a current Chrome, Edge or Firefox.',
      { cause: error },
    );
  }
}

/** Coverage starts at zero. three forgets this with the context: its background begins opaque again. */
function clearToNothing(renderer: WebGLRenderer): void {
  renderer.setClearColor(0x000000, 0);
}
