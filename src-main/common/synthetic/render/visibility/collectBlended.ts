import type { DrawnMesh } from '#common/raster/coverage/drawnMesh';
import type { SampleBuffer } from '#common/raster/coverage/sampleBuffer';
import { SUBPIXELS } from '#common/raster/coverage/screenVertices';
import { setUpTriangle } from '#common/raster/coverage/triangleSetup';
import type { TriangleSetup } from '#common/raster/coverage/triangleSetup';
import type {
  BlendedFragments,
  FragmentCandidate,
} from '#common/synthetic/render/visibility/BlendedFragments';

/** What is drawn, and whose solid depths hide it. */
export interface BlendedSource {
  readonly drawn: DrawnMesh;
  /** Index of the mesh in the scene. */
  readonly mesh: number;
  readonly isBackCulled: boolean;
  readonly buffer: SampleBuffer;
}

const candidate: FragmentCandidate = { mesh: 0, primitive: 0, pixel: 0, x: 0, y: 0, mask: 0, near: 0 };

/** Inserts every fragment of a projected mesh that no solid surface hides. */
export function collectBlended(source: BlendedSource, fragments: BlendedFragments): void {
  const { drawn, buffer } = source;
  const { screen, setup, indices, triangleCount, clipped } = drawn;
  const { outside } = screen;
  candidate.mesh = source.mesh;
  for (let triangle = 0; triangle < triangleCount; triangle++) {
    const at = triangle * 3;
    if (outside[indices[at]] | outside[indices[at + 1]] | outside[indices[at + 2]]) continue;
    if (!setUpTriangle(setup, screen, indices, at, source)) continue;
    candidate.primitive = triangle;
    insertPixels(setup, buffer, fragments);
  }
  for (let piece = 0; piece < clipped.sources.length; piece++) {
    if (!setUpTriangle(setup, screen, drawn.clippedIndices, piece * 3, source)) continue;
    candidate.primitive = triangleCount + piece;
    insertPixels(setup, buffer, fragments);
  }
}

const MAX_SAMPLES = 8;
// Change of the edge functions and the nearness from the pixel's centre to each sample.
const edge0 = new Float64Array(MAX_SAMPLES);
const edge1 = new Float64Array(MAX_SAMPLES);
const edge2 = new Float64Array(MAX_SAMPLES);
const rise = new Float64Array(MAX_SAMPLES);
/** The most that each edge function rises from a pixel's centre to a sample. */
const reach = new Float64Array(3);

function spreadSamples(setup: TriangleSetup, buffer: SampleBuffer): void {
  const { edge, nearness } = setup;
  reach.fill(-Infinity);
  for (let sample = 0; sample < buffer.samples; sample++) {
    const x = buffer.offsetsX[sample];
    const y = buffer.offsetsY[sample];
    edge0[sample] = edge[0] * x + edge[1] * y;
    edge1[sample] = edge[3] * x + edge[4] * y;
    edge2[sample] = edge[6] * x + edge[7] * y;
    rise[sample] = nearness[0] * x + nearness[1] * y;
    if (edge0[sample] > reach[0]) reach[0] = edge0[sample];
    if (edge1[sample] > reach[1]) reach[1] = edge1[sample];
    if (edge2[sample] > reach[2]) reach[2] = edge2[sample];
  }
}

function insertPixels(setup: TriangleSetup, buffer: SampleBuffer, fragments: BlendedFragments): void {
  const { edge, minX, maxX, maxY, nearest } = setup;
  const { width, farthest } = buffer;
  spreadSamples(setup, buffer);
  const stepX0 = edge[0] * SUBPIXELS;
  const stepX1 = edge[3] * SUBPIXELS;
  const stepX2 = edge[6] * SUBPIXELS;
  const least0 = -reach[0];
  const least1 = -reach[1];
  const least2 = -reach[2];
  for (let y = setup.minY; y <= maxY; y++) {
    const pointX = minX * SUBPIXELS + SUBPIXELS / 2;
    const pointY = y * SUBPIXELS + SUBPIXELS / 2;
    // Whole numbers, so that adding up along the row is exact.
    let value0 = edge[0] * pointX + edge[1] * pointY + edge[2];
    let value1 = edge[3] * pointX + edge[4] * pointY + edge[5];
    let value2 = edge[6] * pointX + edge[7] * pointY + edge[8];
    let wasInside = false;
    for (let x = minX; x <= maxX; x++) {
      if (value0 >= least0 && value1 >= least1 && value2 >= least2) {
        wasInside = true;
        if (farthest[y * width + x] < nearest) {
          values[0] = value0;
          values[1] = value1;
          values[2] = value2;
          insertPixel(setup, buffer, fragments, x, y);
        }
      } else if (wasInside) break;
      value0 += stepX0;
      value1 += stepX1;
      value2 += stepX2;
    }
  }
}

/** The edge functions at the pixel's centre. */
const values = new Float64Array(3);

function insertPixel(
  setup: TriangleSetup,
  buffer: SampleBuffer,
  fragments: BlendedFragments,
  x: number,
  y: number,
): void {
  const { samples, nearness, offsetsX, offsetsY } = buffer;
  const plane = setup.nearness;
  const pixel = y * buffer.width + x;
  const pointX = x * SUBPIXELS + SUBPIXELS / 2;
  const pointY = y * SUBPIXELS + SUBPIXELS / 2;
  const near = plane[0] * pointX + plane[1] * pointY + plane[2];
  const value0 = values[0];
  const value1 = values[1];
  const value2 = values[2];
  let mask = 0;
  let count = 0;
  let sumX = 0;
  let sumY = 0;
  for (let sample = 0, at = pixel * samples; sample < samples; sample++, at++) {
    if (value0 + edge0[sample] < 0 || value1 + edge1[sample] < 0 || value2 + edge2[sample] < 0) continue;
    if (near + rise[sample] <= nearness[at]) continue;
    mask |= 1 << sample;
    count++;
    sumX += offsetsX[sample];
    sumY += offsetsY[sample];
  }
  if (count === 0) return;
  candidate.pixel = pixel;
  candidate.mask = mask;
  candidate.x = pointX + sumX / count;
  candidate.y = pointY + sumY / count;
  candidate.near = near + (plane[0] * sumX + plane[1] * sumY) / count;
  fragments.insert(candidate);
}
