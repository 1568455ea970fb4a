import type { SampleBuffer } from '#common/raster/coverage/sampleBuffer';
import { SUBPIXELS } from '#common/raster/coverage/screenVertices';
import type { TriangleSetup } from '#common/raster/coverage/triangleSetup';

const MAX_SAMPLES = 8;
/** Triangles within so many pixels are not worth the preparation for rows. */
const FEW_PIXELS = 6;
// Per sample: change of the three edge functions and of the nearness from the pixel centre. Scratch of one
// call; the module is synchronous, so sharing it is safe.
const sampleEdge0 = new Float64Array(MAX_SAMPLES);
const sampleEdge1 = new Float64Array(MAX_SAMPLES);
const sampleEdge2 = new Float64Array(MAX_SAMPLES);
const sampleNearness = new Float64Array(MAX_SAMPLES);

// Per edge: the least and the most its function changes from a pixel's centre to one of its samples.
const dip = new Float64Array(3);
const reach = new Float64Array(3);

/**
 * Draws one triangle into the sample buffer: every sample inside it that is nearer than what the sample saw
 * before takes its id. Of two equally near triangles the first drawn stays.
 */
export function fillTriangle(setup: TriangleSetup, buffer: SampleBuffer, id: number): void {
  if ((setup.maxX - setup.minX + 1) * (setup.maxY - setup.minY + 1) <= FEW_PIXELS) {
    fillFewPixels(setup, buffer, id);
    return;
  }
  const { edge } = setup;
  const stepX0 = edge[0];
  const stepY0 = edge[1];
  const base0 = edge[2];
  const stepX1 = edge[3];
  const stepY1 = edge[4];
  const base1 = edge[5];
  const stepX2 = edge[6];
  const stepY2 = edge[7];
  const base2 = edge[8];
  const { samples, width, ids, nearness, farthest } = buffer;
  const { nearest } = setup;
  const nearnessX = setup.nearness[0];
  const nearnessY = setup.nearness[1];
  const nearnessBase = setup.nearness[2];
  spreadSamples(setup, buffer);
  const dip0 = dip[0];
  const dip1 = dip[1];
  const dip2 = dip[2];
  const reach0 = reach[0];
  const reach1 = reach[1];
  const reach2 = reach[2];
  for (let y = setup.minY; y <= setup.maxY; y++) {
    const pointY = y * SUBPIXELS + SUBPIXELS / 2;
    const pointX = setup.minX * SUBPIXELS + SUBPIXELS / 2;
    let edge0 = stepX0 * pointX + stepY0 * pointY + base0;
    let edge1 = stepX1 * pointX + stepY1 * pointY + base1;
    let edge2 = stepX2 * pointX + stepY2 * pointY + base2;
    let wasInside = false;
    for (let x = setup.minX; x <= setup.maxX; x++) {
      if (edge0 + reach0 >= 0 && edge1 + reach1 >= 0 && edge2 + reach2 >= 0) {
        wasInside = true;
        if (farthest[y * width + x] >= nearest) {
          edge0 += stepX0 * SUBPIXELS;
          edge1 += stepX1 * SUBPIXELS;
          edge2 += stepX2 * SUBPIXELS;
          continue;
        }
        const near = nearnessX * (x * SUBPIXELS + SUBPIXELS / 2) + nearnessY * pointY + nearnessBase;
        const isWhole = edge0 + dip0 >= 0 && edge1 + dip1 >= 0 && edge2 + dip2 >= 0;
        let index = (y * width + x) * samples;
        for (let sample = 0; sample < samples; sample++, index++) {
          if (
            isWhole ||
            (edge0 + sampleEdge0[sample] >= 0 &&
              edge1 + sampleEdge1[sample] >= 0 &&
              edge2 + sampleEdge2[sample] >= 0)
          ) {
            const value = Math.fround(near + sampleNearness[sample]);
            if (value > nearness[index]) {
              nearness[index] = value;
              ids[index] = id;
            }
          }
        }
        settle(buffer, y * width + x);
      } else if (wasInside) {
        break;
      }
      edge0 += stepX0 * SUBPIXELS;
      edge1 += stepX1 * SUBPIXELS;
      edge2 += stepX2 * SUBPIXELS;
    }
  }
}

/** Tests each sample by itself; the same values as by rows. */
function fillFewPixels(setup: TriangleSetup, buffer: SampleBuffer, id: number): void {
  const { edge, nearness: plane } = setup;
  const { samples, width, ids, nearness, farthest, offsetsX, offsetsY } = buffer;
  for (let y = setup.minY; y <= setup.maxY; y++) {
    const pointY = y * SUBPIXELS + SUBPIXELS / 2;
    for (let x = setup.minX; x <= setup.maxX; x++) {
      if (farthest[y * width + x] >= setup.nearest) continue;
      const pointX = x * SUBPIXELS + SUBPIXELS / 2;
      let isDrawn = false;
      for (let sample = 0, index = (y * width + x) * samples; sample < samples; sample++, index++) {
        const offsetX = offsetsX[sample];
        const offsetY = offsetsY[sample];
        const sampleX = pointX + offsetX;
        const sampleY = pointY + offsetY;
        if (edge[0] * sampleX + edge[1] * sampleY + edge[2] < 0) continue;
        if (edge[3] * sampleX + edge[4] * sampleY + edge[5] < 0) continue;
        if (edge[6] * sampleX + edge[7] * sampleY + edge[8] < 0) continue;
        const near = plane[0] * pointX + plane[1] * pointY + plane[2];
        const value = Math.fround(near + (plane[0] * offsetX + plane[1] * offsetY));
        if (value > nearness[index]) {
          nearness[index] = value;
          ids[index] = id;
          isDrawn = true;
        }
      }
      if (isDrawn) settle(buffer, y * width + x);
    }
  }
}

/** Brings a pixel's `farthest` up to date. */
function settle({ samples, nearness, farthest }: SampleBuffer, pixel: number): void {
  let least = nearness[pixel * samples];
  for (let index = pixel * samples + 1; index < (pixel + 1) * samples; index++) {
    if (nearness[index] < least) least = nearness[index];
  }
  farthest[pixel] = least;
}

function spreadSamples(setup: TriangleSetup, buffer: SampleBuffer): void {
  const { edge, nearness } = setup;
  for (let sample = 0; sample < buffer.samples; sample++) {
    const x = buffer.offsetsX[sample];
    const y = buffer.offsetsY[sample];
    sampleEdge0[sample] = edge[0] * x + edge[1] * y;
    sampleEdge1[sample] = edge[3] * x + edge[4] * y;
    sampleEdge2[sample] = edge[6] * x + edge[7] * y;
    sampleNearness[sample] = nearness[0] * x + nearness[1] * y;
  }
  setRange(0, sampleEdge0, buffer.samples);
  setRange(1, sampleEdge1, buffer.samples);
  setRange(2, sampleEdge2, buffer.samples);
}

function setRange(edge: number, changes: Float64Array, samples: number): void {
  let least = changes[0];
  let most = changes[0];
  for (let sample = 1; sample < samples; sample++) {
    const change = changes[sample];
    if (change < least) least = change;
    if (change > most) most = change;
  }
  dip[edge] = least;
  reach[edge] = most;
}
