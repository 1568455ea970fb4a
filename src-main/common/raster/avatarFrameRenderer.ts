import type { PinholeCamera } from '#common/camera/pinholeCamera';
import type { RgbaImage } from '#common/image/rasterImage';
import { composeBackground, prepareBackground } from '#common/raster/composeBackground';
import type { Background, PreparedBackground } from '#common/raster/composeBackground';
import type { ShadingMode } from '#common/raster/shading/fragmentShader';
import { buildMipTexture } from '#common/raster/shading/mipTexture';
import type { MipTexture } from '#common/raster/shading/mipTexture';
import { renderMesh } from '#common/raster/renderMesh';
import type { RasterMesh, RasterPart } from '#common/raster/renderMesh';
import { createRenderTarget } from '#common/raster/renderTarget';
import type { RenderTarget } from '#common/raster/renderTarget';
import type { SampleCount } from '#common/raster/coverage/sampleBuffer';
import type { AvatarGeometry, AvatarPart } from '#common/rig/avatarGeometry';
import { RigEvaluator } from '#common/rig/evaluateRig';
import type { RigPose } from '#common/rig/rigPose';

/** The parts of an `Avatar` that a frame needs (an Avatar is one): what is sent to render workers. */
export interface RenderableAvatar {
  readonly geometry: AvatarGeometry;
  readonly atlas: RgbaImage;
  readonly source: { readonly plate: RgbaImage };
}

/** 'photo' is the avatar's own plate, standing still behind it while head and camera move. */
export type AvatarBackground = Exclude<Background, { kind: 'image' }> | { readonly kind: 'photo' };

/** How all frames of one picture series look. */
export interface FrameSettings {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Transparent by default. */
  readonly background?: AvatarBackground;
  /** 'textured' by default. */
  readonly mode?: ShadingMode;
  /** Edge samples per pixel, 4 by default. */
  readonly samples?: SampleCount;
}

/** What moves from frame to frame. */
export interface FrameJob {
  readonly pose: RigPose;
  readonly camera: PinholeCamera;
}

/**
 * Renders frames of one avatar at one size; textures and buffers are built once (about 40 ms and 25 MB at
 * 512 x 512 with a 1024 atlas), frames allocate nothing. The same avatar, pose and camera give the same
 * bytes. The avatar is not copied and must not change. Not safe to share between threads.
 */
export class AvatarFrameRenderer {
  readonly #texture: MipTexture;
  readonly #background: PreparedBackground;
  readonly #evaluator: RigEvaluator;
  readonly #mesh: RasterMesh;
  readonly #target: RenderTarget;
  readonly #mode: ShadingMode;

  constructor(avatar: RenderableAvatar, settings: FrameSettings) {
    const { width, height, background = { kind: 'transparent' }, samples = 4 } = settings;
    const { geometry } = avatar;
    this.#texture = buildMipTexture(avatar.atlas);
    this.#background = prepareBackground(
      background.kind === 'photo' ? { kind: 'image', image: avatar.source.plate } : background,
      width,
      height,
    );
    this.#evaluator = new RigEvaluator(geometry);
    this.#mesh = {
      positions: new Float32Array(geometry.positions.length),
      indices: geometry.indices,
      uvs: geometry.uvs,
      parts: geometry.parts.map(toRasterPart),
    };
    this.#target = createRenderTarget(width, height, { samples });
    this.#mode = settings.mode ?? 'textured';
  }

  /**
   * Renders one frame.
   *
   * @param pixels where to write, width * height * 4 bytes; without it the renderer's own picture is
   *   returned, which the next frame overwrites
   * @returns straight-alpha sRGB, opaque where there is a background
   */
  render(job: FrameJob, pixels?: Uint8Array): RgbaImage {
    if (pixels) {
      this.#target.image = { width: this.#target.width, height: this.#target.height, data: pixels };
    }
    this.#evaluator.evaluate(job.pose, this.#mesh.positions);
    renderMesh(this.#mesh, this.#texture, job.camera, this.#target, { mode: this.#mode });
    composeBackground(this.#target.image, this.#background);
    return this.#target.image;
  }
}

/** One frame of an avatar; for a series keep an `AvatarFrameRenderer`. */
export function renderAvatarFrame(
  avatar: RenderableAvatar,
  job: FrameJob,
  settings: FrameSettings,
): RgbaImage {
  return new AvatarFrameRenderer(avatar, settings).render(job);
}

/** The lifted shell has open ends below the frame and at its seam with the face, so its inside is drawn too. */
function toRasterPart(part: AvatarPart): RasterPart {
  return { firstIndex: part.firstIndex, indexCount: part.indexCount, isDoubleSided: part.name === 'shell' };
}
