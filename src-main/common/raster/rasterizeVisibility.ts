import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { barycentricsAt, createDrawnMesh, drawRanges, projectMesh, sourceTriangle, takeTopology } from '#common/raster/coverage/drawnMesh'; // prettier-ignore
import type { DrawnMesh } from '#common/raster/coverage/drawnMesh';
import { createSampleBuffer } from '#common/raster/coverage/sampleBuffer';
import type { SampleBuffer } from '#common/raster/coverage/sampleBuffer';
import { placeVertices, SUBPIXELS } from '#common/raster/coverage/screenVertices';

/** 'back' drops triangles seen clockwise (from inside). */
export type CullMode = 'back' | 'none';

/** What each pixel centre of a picture sees; rows top to bottom. */
export interface Visibility {
  readonly width: number;
  readonly height: number;
  /** Triangle index (its first index / 3), -1 where nothing is seen. */
  readonly triangles: Int32Array;
  /** Three weights per pixel in the order of the triangle's indices; 0 where nothing is seen. */
  readonly barycentrics: Float32Array;
  /** Distance along the camera's z axis in metres (or the given depths); Infinity where nothing is seen. */
  readonly depths: Float32Array;
}

export interface VisibilityOptions {
  /** Metres, three per vertex. */
  readonly positions: Float32Array;
  readonly indices: Uint32Array;
  readonly camera: PinholeCamera;
  readonly width: number;
  readonly height: number;
  /** 'back' by default. */
  readonly cull?: CullMode;
}

export interface ScreenRasterOptions {
  /** Pixel positions, two per vertex (centres at .5; uv * size for a texture), within 32768 pixels. */
  readonly points: Float32Array;
  /** One per vertex, smaller is nearer. Without it the first triangle of an overlap stays. */
  readonly depths?: Float32Array;
  readonly indices: Uint32Array;
  readonly width: number;
  readonly height: number;
  /** 'none' by default; counter-clockwise seen (y up) is the front. */
  readonly cull?: CullMode;
}

/**
 * Finds the triangle each pixel of a perspective picture sees, with perspective-correct weights. Shared
 * edges are covered exactly once (top-left rule on a 1/256 pixel grid); triangles through the camera plane
 * are clipped. One sample per pixel, at its centre.
 */
export function rasterizeVisibility(options: VisibilityOptions): Visibility {
  const drawn = createDrawnMesh();
  projectMesh(drawn, options, options.camera, options.width);
  return resolveVisibility(drawn, options, options.cull ?? 'back');
}

/** As `rasterizeVisibility` for points that are in pixel space already: affine weights, no camera. */
export function rasterizeScreen(options: ScreenRasterOptions): Visibility {
  const drawn = createDrawnMesh();
  takeTopology(drawn, options.indices, options.points.length / 2);
  placeVertices(drawn.screen, options.points, options.depths);
  return resolveVisibility(drawn, options, options.cull ?? 'none');
}

function resolveVisibility(
  drawn: DrawnMesh,
  size: { readonly width: number; readonly height: number },
  cull: CullMode,
): Visibility {
  const buffer = createSampleBuffer(size.width, size.height, 1);
  const { triangleCount } = drawn;
  drawRanges(drawn, buffer, [{ firstTriangle: 0, triangleCount, isBackCulled: cull === 'back' }]);
  return readVisibility(drawn, buffer);
}

function readVisibility(drawn: DrawnMesh, buffer: SampleBuffer): Visibility {
  const { width, height, ids } = buffer;
  const triangles = ids; // one sample per pixel: the ids become the answer in place
  const barycentrics = new Float32Array(width * height * 3);
  const depths = new Float32Array(width * height).fill(Infinity);
  const weights = new Float64Array(3);
  const { perspective } = drawn.screen;
  for (let pixel = 0; pixel < ids.length; pixel++) {
    const id = ids[pixel];
    if (id < 0) continue;
    const x = ((pixel % width) + 0.5) * SUBPIXELS;
    const y = (Math.floor(pixel / width) + 0.5) * SUBPIXELS;
    const near = barycentricsAt(drawn, id, x, y, weights);
    barycentrics.set(weights, pixel * 3);
    depths[pixel] = perspective ? 1 / near : 0 - near;
    triangles[pixel] = sourceTriangle(drawn, id);
  }
  return { width, height, triangles, barycentrics, depths };
}
