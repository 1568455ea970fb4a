import type { SampleBuffer } from '#common/raster/sampleBuffer';
import { SUBPIXELS } from '#common/raster/screenVertices';
import type { TriangleSetup } from '#common/raster/triangleSetup';

const MAX_SAMPLES = 8;
// Per sample: change of the three edge functions and of the nearness from the pixel centre. Scratch of one
// call; the module is synchronous, so sharing it is safe.
const sampleEdge0 = new Float64Array(MAX_SAMPLES);
const sampleEdge1 = new Float64Array(MAX_SAMPLES);
const sampleEdge2 = new Float64Array(MAX_SAMPLES);
const sampleNearness = new Float64Array(MAX_SAMPLES);

/**
 * Draws one triangle into the sample buffer: every sample inside it that is nearer than what the sample saw
 * before takes its id. Of two equally near triangles the first drawn stays.
 *
 * @returns whether some sample took the id
 */
export function fillTriangle(setup: TriangleSetup, buffer: SampleBuffer, id: number): boolean {
  const [stepX0, stepY0, base0, stepX1, stepY1, base1, stepX2, stepY2, base2] = setup.edge;
  const { samples, width, ids, nearness } = buffer;
  const nearnessX = setup.nearness[0];
  const nearnessY = setup.nearness[1];
  const nearnessBase = setup.nearness[2];
  spreadSamples(setup, buffer);
  // The most an edge function rises from a pixel's centre to one of its samples: below it the pixel is out.
  let reach0 = sampleEdge0[0];
  let reach1 = sampleEdge1[0];
  let reach2 = sampleEdge2[0];
  for (let sample = 1; sample < samples; sample++) {
    reach0 = Math.max(reach0, sampleEdge0[sample]);
    reach1 = Math.max(reach1, sampleEdge1[sample]);
    reach2 = Math.max(reach2, sampleEdge2[sample]);
  }
  let isVisible = false;
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
        const near = nearnessX * (x * SUBPIXELS + SUBPIXELS / 2) + nearnessY * pointY + nearnessBase;
        let index = (y * width + x) * samples;
        for (let sample = 0; sample < samples; sample++, index++) {
          if (
            edge0 + sampleEdge0[sample] >= 0 &&
            edge1 + sampleEdge1[sample] >= 0 &&
            edge2 + sampleEdge2[sample] >= 0
          ) {
            const value = Math.fround(near + sampleNearness[sample]);
            if (value > nearness[index]) {
              nearness[index] = value;
              ids[index] = id;
              isVisible = true;
            }
          }
        }
      } else if (wasInside) {
        break;
      }
      edge0 += stepX0 * SUBPIXELS;
      edge1 += stepX1 * SUBPIXELS;
      edge2 += stepX2 * SUBPIXELS;
    }
  }
  return isVisible;
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
}
