import {
  Camera,
  ClampToEdgeWrapping,
  LinearFilter,
  LinearMipmapLinearFilter,
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
import { AvatarSurface } from '$viewport/AvatarSurface';
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
 *   pose -> RigEvaluator -> AvatarSurface -> multisampled target (linear light) -> FrameCompositor -> canvas
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
  readonly #surfaceScene = new Scene();
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
    this.#textures = [atlas, plate, crop];
    this.#surface = new AvatarSurface(avatar.geometry, this.#positions, atlas);
    this.#compositor.setPictures(plate, crop);
    this.#surfaceScene.add(this.#surface.mesh);
    this.#compositorScene.add(this.#compositor.mesh);
    for (const scene of [this.#surfaceScene, this.#compositorScene]) scene.matrixWorldAutoUpdate = false;
    this.#camera.matrixAutoUpdate = false;
  }

  /** Draws to the canvas, at its size. */
  draw(job: FrameJob, look: ViewportLook): void {
    const { width, height } = this.#renderer.domElement;
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

  dispose(): void {
    this.#screen?.dispose();
    this.#surface.dispose();
    this.#compositor.dispose();
    this.#textures.forEach((texture) => texture.dispose());
  }

  #drawInto(surface: WebGLRenderTarget, picture: WebGLRenderTarget | undefined, frame: Frame): void {
    const { job, look, destination } = frame;
    const { width, height } = surface;
    this.#surface.setMode(look.mode);
    if (this.#shown.take(job.pose)) {
      this.#evaluator.evaluate(job.pose, this.#positions);
      this.#surface.didPose();
    }
    this.#surface.setCamera(job.camera, height / width);
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
