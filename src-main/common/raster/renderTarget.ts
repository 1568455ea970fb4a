import { createRgbaImage } from '#common/image/rasterImage';
import type { RgbaImage } from '#common/image/rasterImage';
import { createDrawnMesh } from '#common/raster/coverage/drawnMesh';
import type { DrawnMesh } from '#common/raster/coverage/drawnMesh';
import { createSampleBuffer } from '#common/raster/coverage/sampleBuffer';
import type { SampleBuffer, SampleCount } from '#common/raster/coverage/sampleBuffer';
import { createUvPlanes } from '#common/raster/shading/uvPlanes';
import type { UvPlanes } from '#common/raster/shading/uvPlanes';

/** Extra pictures of a frame, one value per pixel: what its first covered sample sees. */
export interface AuxiliaryBuffers {
  /** Metres along the camera's z axis; Infinity where nothing is seen. */
  readonly depths: Float32Array;
  /** Unit normals in world space, three per pixel; 0 where nothing is seen. */
  readonly normals: Float32Array;
  /** Index into the mesh's parts; 255 where nothing is seen. */
  readonly parts: Uint8Array;
}

/**
 * A picture to render into, with all the memory a frame needs: rendering again into the same target
 * allocates nothing. About 40 bytes per pixel at four samples.
 */
export interface RenderTarget {
  readonly width: number;
  readonly height: number;
  /** Straight-alpha sRGB; may be replaced between frames by another picture of the same size. */
  image: RgbaImage;
  readonly auxiliary: AuxiliaryBuffers | undefined;
  readonly scratch: RenderScratch;
}

export interface RenderScratch {
  readonly buffer: SampleBuffer;
  readonly drawn: DrawnMesh;
  readonly planes: UvPlanes;
  normals: Float32Array;
  /** `weldByPosition` of the mesh whose index array is `weldedIndices`. */
  weld: Uint32Array;
  weldedIndices: Uint32Array | undefined;
}

export interface RenderTargetOptions {
  /** Samples per pixel for edges; 4 by default. */
  readonly samples?: SampleCount;
  readonly hasAuxiliary?: boolean;
}

/** Throws internal.invariant unless both sides are whole and positive. */
export function createRenderTarget(
  width: number,
  height: number,
  options: RenderTargetOptions = {},
): RenderTarget {
  const buffer = createSampleBuffer(width, height, options.samples ?? 4);
  return {
    width,
    height,
    image: createRgbaImage(width, height),
    auxiliary: options.hasAuxiliary ? createAuxiliary(width * height) : undefined,
    scratch: {
      buffer,
      drawn: createDrawnMesh(),
      planes: createUvPlanes(),
      normals: new Float32Array(0),
      weld: new Uint32Array(0),
      weldedIndices: undefined,
    },
  };
}

function createAuxiliary(pixels: number): AuxiliaryBuffers {
  return {
    depths: new Float32Array(pixels),
    normals: new Float32Array(pixels * 3),
    parts: new Uint8Array(pixels),
  };
}
