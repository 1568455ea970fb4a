import type { PinholeCamera } from '#common/camera/pinholeCamera';
import type { HeadModel } from '#common/head/headModel';
import type { FloatImage, RgbaImage } from '#common/image/rasterImage';
import type { AvatarGeometry, AvatarPartName } from '#common/rig/avatarGeometry';
import type { FaceObservation } from '#common/tracking/faceObservation';

/** What the texture is reconstructed from. */
export interface TextureInput {
  /** The person's mesh; head parts have the model's chart in u in [0, 0.5], the shell u in [0.5, 1]. */
  readonly geometry: AvatarGeometry;
  /** geometry's vertices as the source camera saw them: source pose and expression, world metres. */
  readonly posedPositions: Float32Array;
  readonly camera: PinholeCamera;
  /** Square source crop, sRGB. */
  readonly crop: RgbaImage;
  /** Person coverage of the crop, same size. */
  readonly matte: FloatImage;
  /** 1 where the crop shows picture, 0 where it was mirrored (SourceCrop.validMask). Default: all 1. */
  readonly validMask?: FloatImage;
  /** In crop pixels. */
  readonly observation: FaceObservation;
  readonly model: HeadModel;
  /**
   * Model vertex of each geometry vertex, for the head parts. Default: the head parts are the model's vertices
   * in the model's order (dropped triangles do not matter).
   */
  readonly modelVertices?: Uint32Array;
}

export interface TextureOptions {
  /** Side S of the head's square; the atlas is 2S x S. 1024 or 2048, default 1024. */
  readonly size?: number;
}

/** Fractions of a part's texels; the three sum to one. */
export interface PartCoverage {
  readonly part: AvatarPartName;
  readonly texels: number;
  readonly seen: number;
  readonly mirrored: number;
  readonly filled: number;
}

export interface TextureReport {
  readonly parts: readonly PartCoverage[];
  /** How the plate was filled. */
  readonly plate: 'smooth' | 'patches' | 'untouched';
  /** Whether the eye's own pixels were used, subject's left and right. */
  readonly eyesSeen: { readonly left: boolean; readonly right: boolean };
  readonly teethSeen: boolean;
}

export interface TextureResult {
  /** 2S x S, sRGB, opaque. */
  readonly atlas: RgbaImage;
  /** The crop with the person removed, same size as the crop. */
  readonly plate: RgbaImage;
  readonly report: TextureReport;
}

/** Model vertex of a geometry vertex of a head part. */
export function modelVertexOf(input: Pick<TextureInput, 'modelVertices'>, vertex: number): number {
  return input.modelVertices === undefined ? vertex : input.modelVertices[vertex];
}
