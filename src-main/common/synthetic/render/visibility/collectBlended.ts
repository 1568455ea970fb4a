import type { DrawnMesh } from '#common/raster/coverage/drawnMesh';
import type { SampleBuffer } from '#common/raster/coverage/sampleBuffer';
import { SUBPIXELS } from '#common/raster/coverage/screenVertices';
import { setUpTriangle } from '#common/raster/coverage/triangleSetup';
import type { TriangleSetup } from '#common/raster/coverage/triangleSetup';
import type { FragmentList } from '#common/synthetic/render/visibility/FragmentList';

/** What is drawn, and whose solid depths hide it. */
export interface BlendedSource {
  readonly drawn: DrawnMesh;
  /** Index of the mesh in the scene. */
  readonly mesh: number;
  readonly isBackCulled: boolean;
  readonly buffer: SampleBuffer;
}

/** Appends every fragment of a projected mesh that no solid surface hides, in the order of its triangles. */
export function collectBlended(source: BlendedSource, list: FragmentList): void {
  const { drawn, buffer } = source;
  const { screen, setup, indices, triangleCount, clipped } = drawn;
  const { outside } = screen;
  for (let triangle = 0; triangle < triangleCount; triangle++) {
    const at = triangle * 3;
    if (outside[indices[at]] | outside[indices[at + 1]] | outside[indices[at + 2]]) continue;
    if (setUpTriangle(setup, screen, indices, at, source))
      emitPixels(setup, buffer, list, triangle, source.mesh);
  }
  for (let piece = 0; piece < clipped.sources.length; piece++) {
    if (setUpTriangle(setup, screen, drawn.clippedIndices, piece * 3, source)) {
      emitPixels(setup, buffer, list, triangleCount + piece, source.mesh);
    }
  }
}

function emitPixels(
  setup: TriangleSetup,
  buffer: SampleBuffer,
  list: FragmentList,
  primitive: number,
  mesh: number,
): void {
  const { edge, nearness: plane } = setup;
  const { samples, width, nearness, offsetsX, offsetsY } = buffer;
  list.reserve((setup.maxX - setup.minX + 1) * (setup.maxY - setup.minY + 1));
  for (let y = setup.minY; y <= setup.maxY; y++) {
    const pointY = y * SUBPIXELS + SUBPIXELS / 2;
    for (let x = setup.minX; x <= setup.maxX; x++) {
      const pointX = x * SUBPIXELS + SUBPIXELS / 2;
      const base = (y * width + x) * samples;
      let mask = 0;
      let count = 0;
      let sumX = 0;
      let sumY = 0;
      for (let sample = 0; sample < samples; sample++) {
        const sx = pointX + offsetsX[sample];
        const sy = pointY + offsetsY[sample];
        if (edge[0] * sx + edge[1] * sy + edge[2] < 0) continue;
        if (edge[3] * sx + edge[4] * sy + edge[5] < 0) continue;
        if (edge[6] * sx + edge[7] * sy + edge[8] < 0) continue;
        if (plane[0] * sx + plane[1] * sy + plane[2] <= nearness[base + sample]) continue;
        mask |= 1 << sample;
        count++;
        sumX += sx;
        sumY += sy;
      }
      if (count === 0) continue;
      const at = list.count++;
      list.mesh[at] = mesh;
      list.primitive[at] = primitive;
      list.pixel[at] = y * width + x;
      list.x[at] = sumX / count;
      list.y[at] = sumY / count;
      list.mask[at] = mask;
      list.near[at] = plane[0] * list.x[at] + plane[1] * list.y[at] + plane[2];
    }
  }
}
