import {
  Camera,
  ClampToEdgeWrapping,
  LinearFilter,
  LinearMipmapLinearFilter,
  LinearMipmapNearestFilter,
  NearestFilter,
  NoColorSpace,
  Scene,
  SRGBColorSpace,
  Texture,
  WebGLRenderTarget,
} from 'three';
import type { WebGLRenderer } from 'three';
import type { RgbaImage } from '#common/image/rasterImage';
import { createRgbaImage } from '#common/image/rasterImage';
import type { FrameJob } from '#common/raster/avatarFrameRenderer';
import { RigEvaluator } from '#common/rig/evaluateRig';
import type { FrameQuality } from '$viewport/AdaptiveQuality';
import { AvatarSurface } from '$viewport/AvatarSurface';
import { DraftBackdrop } from '$viewport/DraftBackdrop';
import { FrameCompositor } from '$viewport/FrameCompositor';
import type { FrameDestination } from '$viewport/FrameCompositor';
import type { ViewportAvatar } from '$viewport/loadAvatar';
import { PoseMemory } from '$viewport/PoseMemory';
import type { ViewportLook } from '$viewport/viewportLook';

/** Edge samples per pixel and texture taps along a stretched footprint: the headless renderer's. */
const EDGE_SAMPLES = 4;
const ANISOTROPY = 4;

/**
 * One avatar's way to the screen, and every GPU object it takes:
 *
 *   full    pose -> RigEvaluator -> AvatarSurface -> multisampled target (linear light) -> FrameCompositor -> canvas
 *   draft   pose -> RigEvaluator -> AvatarSurface (sRGB bytes) -> canvas <- DraftBackdrop, composed once
 *
 * Lives as long as its WebGL context; after a loss a new one is built from the same avatar.
 */
export class FramePipeline {
  readonly #renderer: WebGLRenderer;
  readonly #avatar: ViewportAvatar;
  readonly #evaluator: RigEvaluator;
  readonly #positions: Float32Array;
  readonly #shown = new PoseMemory();
  readonly #textures: readonly Texture[];
  readonly #surface: AvatarSurface;
  readonly #compositor = new FrameCompositor();
  readonly #backdrop = new DraftBackdrop();
  readonly #surfaceScene = new Scene();
  readonly #backdropScene = new Scene();
  readonly #compositorScene = new Scene();
  /** Both shaders bring their own matrices; three wants a camera all the same. */
  readonly #camera = new Camera();
  #screen: WebGLRenderTarget | undefined;

  constructor(renderer: WebGLRenderer, avatar: ViewportAvatar) {
    this.#renderer = renderer;
    this.#avatar = avatar;
    this.#evaluator = new RigEvaluator(avatar.geometry);
    this.#positions = new Float32Array(avatar.geometry.positions.length);
    const atlas = pictureTexture(avatar.atlas, ANISOTROPY);
    const plate = pictureTexture(avatar.source.plate, 1);
    const crop = pictureTexture(avatar.source.crop, 1);
    const draftAtlas = pictureTexture(avatar.atlas, 1);
    // Uploaded with the first draft, so never on a fast device.
    draftAtlas.colorSpace = NoColorSpace;
    draftAtlas.minFilter = LinearMipmapNearestFilter;
    this.#textures = [atlas, draftAtlas, plate, crop];
    this.#surface = new AvatarSurface(avatar.geometry, this.#positions, { full: atlas, draft: draftAtlas });
    this.#compositor.setPictures(plate, crop);
    this.#surfaceScene.add(this.#surface.mesh);
    this.#compositorScene.add(this.#compositor.mesh);
    this.#backdropScene.add(this.#backdrop.mesh);
    for (const scene of [this.#surfaceScene, this.#compositorScene, this.#backdropScene])
      scene.matrixWorldAutoUpdate = false;
    this.#camera.matrixAutoUpdate = false;
  }

  /** Draws to the canvas, at its size. */
  draw(job: FrameJob, look: ViewportLook, quality: FrameQuality): void {
    const { width, height } = this.#renderer.domElement;
    if (quality === 'draft') {
      this.#drawDraft(job, look, width, height);
      return;
    }
    if (this.#screen?.width !== width || this.#screen.height !== height) {
      this.#screen?.dispose();
      this.#screen = surfaceTarget(width, height);
    }
    this.#drawInto(this.#screen, undefined, { job, look, destination: 'screen' });
  }

  /** Draws into a picture of its own; waits for the GPU. Straight-alpha sRGB as the headless renderer gives. */
  capture(job: FrameJob, look: ViewportLook, width: number, height: number): RgbaImage {
    const surface = surfaceTarget(width, height);
    const picture = new WebGLRenderTarget(width, height, {
      colorSpace: NoColorSpace,
      depthBuffer: false,
      minFilter: NearestFilter,
      magFilter: NearestFilter,
    });
    const image = createRgbaImage(width, height);
    try {
      this.#drawInto(surface, picture, { job, look, destination: 'capture' });
      this.#renderer.readRenderTargetPixels(picture, 0, 0, width, height, image.data);
    } finally {
      surface.dispose();
      picture.dispose();
    }
    flipRows(image);
    return image;
  }

  /** Blocks until everything drawn so far is on the canvas. */
  finish(): void {
    const gl = this.#renderer.getContext();
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  dispose(): void {
    this.#backdrop.dispose();
    this.#screen?.dispose();
    this.#surface.dispose();
    this.#compositor.dispose();
    this.#textures.forEach((texture) => texture.dispose());
  }

  #drawDraft(job: FrameJob, look: ViewportLook, width: number, height: number): void {
    const backdrop = this.#backdrop.renew(width, height, JSON.stringify(look.background));
    if (backdrop) {
      this.#compositor.setSurface(undefined, width, height);
      this.#compositor.setBackground(look, 'screen');
      this.#compositor.setOverlay(0, job.camera, this.#avatar.source.camera);
      this.#renderer.setRenderTarget(backdrop);
      this.#renderer.render(this.#compositorScene, this.#camera);
      this.#renderer.setRenderTarget(null);
    }
    this.#place(job, look, 'draft', height / width);
    this.#renderer.clear();
    this.#renderer.render(this.#surfaceScene, this.#camera);
    this.#renderer.render(this.#backdropScene, this.#camera);
  }

  #place(job: FrameJob, look: ViewportLook, quality: FrameQuality, aspect: number): void {
    this.#surface.setMode(look.mode, quality);
    if (this.#shown.take(job.pose)) {
      this.#evaluator.evaluate(job.pose, this.#positions);
      this.#surface.didPose();
    }
    this.#surface.setCamera(job.camera, aspect);
  }

  #drawInto(surface: WebGLRenderTarget, picture: WebGLRenderTarget | undefined, frame: Frame): void {
    const { job, look, destination } = frame;
    const { width, height } = surface;
    this.#place(job, look, 'full', height / width);
    this.#renderer.setRenderTarget(surface);
    this.#renderer.clear();
    this.#renderer.render(this.#surfaceScene, this.#camera);
    this.#compositor.setSurface(surface.texture, width, height);
    this.#compositor.setBackground(look, destination);
    this.#compositor.setOverlay(look.overlay, job.camera, this.#avatar.source.camera);
    this.#renderer.setRenderTarget(picture ?? null);
    this.#renderer.render(this.#compositorScene, this.#camera);
    this.#renderer.setRenderTarget(null);
  }
}

interface Frame {
  readonly job: FrameJob;
  readonly look: ViewportLook;
  readonly destination: FrameDestination;
}

/** An sRGB target: the GPU averages its samples in linear light, and bytes are enough. */
function surfaceTarget(width: number, height: number): WebGLRenderTarget {
  return new WebGLRenderTarget(width, height, {
    samples: EDGE_SAMPLES,
    colorSpace: SRGBColorSpace,
    minFilter: NearestFilter,
    magFilter: NearestFilter,
    resolveDepthBuffer: false,
  });
}

/** sRGB, decoded by the sampler before it filters; mip levels are made on the GPU, also in linear light. */
function pictureTexture(picture: ImageBitmap, anisotropy: number): Texture<ImageBitmap> {
  const texture = new Texture(picture);
  texture.colorSpace = SRGBColorSpace;
  // An ImageBitmap is uploaded as it is: first row first, alpha not multiplied in.
  texture.flipY = false;
  texture.premultiplyAlpha = false;
  texture.wrapS = ClampToEdgeWrapping;
  texture.wrapT = ClampToEdgeWrapping;
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.generateMipmaps = true;
  texture.anisotropy = anisotropy;
  texture.needsUpdate = true;
  return texture;
}

/** WebGL reads the lowest row first. */
function flipRows({ width, height, data }: RgbaImage): void {
  const stride = width * 4;
  const row = new Uint8Array(stride);
  for (let top = 0, bottom = height - 1; top < bottom; top++, bottom--) {
    row.set(data.subarray(top * stride, (top + 1) * stride));
    data.copyWithin(top * stride, bottom * stride, (bottom + 1) * stride);
    data.set(row, bottom * stride);
  }
}
