import { WebGLRenderer } from 'three';
import { AppError } from '#common/contract/errors';
import type { RgbaImage } from '#common/image/rasterImage';
import type { FrameJob } from '#common/raster/avatarFrameRenderer';
import { FramePipeline } from '$viewport/FramePipeline';
import { FrameScheduler } from '$viewport/FrameScheduler';
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
  readonly #onContextChange: ((isLost: boolean) => void) | undefined;
  #pipeline: FramePipeline | undefined;
  #avatar: ViewportAvatar | undefined;
  #job: FrameJob | undefined;
  #look: ViewportLook = DEFAULT_LOOK;
  #isLost = false;

  /** @throws AppError `capability.missing` where the browser gives no WebGL 2 */
  constructor(canvas: HTMLCanvasElement, options: AvatarViewportOptions = {}) {
    this.canvas = canvas;
    this.#onContextChange = options.onContextChange;
    this.#renderer = createRenderer(canvas);
    this.#scheduler = new FrameScheduler(() => this.#draw(), options.clock);
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
    this.#scheduler.dispose();
    this.#releasePipeline();
    this.#renderer.dispose();
  }

  #draw(): void {
    if (this.#isLost) return;
    if (this.#avatar === undefined || this.#job === undefined) this.#renderer.clear();
    else this.#pipelineFor(this.#avatar).draw(this.#job, this.#look);
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
    // GPU objects die with the context; the new one gets new objects from the avatar, which is kept.
    this.#releasePipeline();
    this.#scheduler.pause();
    this.#onContextChange?.(true);
  };

  readonly #didRestoreContext = (): void => {
    this.#isLost = false;
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
      // Edges are smoothed and depth is kept in a target of our own; the canvas only takes the finished picture.
      antialias: false,
      depth: false,
      stencil: false,
      alpha: false,
      powerPreference: 'high-performance',
    });
    renderer.autoClear = false;
    renderer.sortObjects = false;
    renderer.setClearColor(0x000000, 0);
    return renderer;
  } catch (error) {
    throw new AppError(
      'capability.missing',
      'The 3D view needs WebGL 2, which this browser does not give. Turn on hardware acceleration or use a current Chrome, Edge or Firefox.',
      { cause: error },
    );
  }
}
