import { barycentricsAt, sourceTriangle } from '#common/raster/coverage/drawnMesh';
import type { AuxiliaryBuffers, RenderScratch } from '#common/raster/renderTarget';
import { SUBPIXELS } from '#common/raster/coverage/screenVertices';

const weights = new Float64Array(3);
const NO_PART = 255;

/** Fills depth, normal and part of every pixel from the first covered sample of the frame just drawn. */
export function writeAuxiliary(
  scratch: RenderScratch,
  normals: Float32Array,
  parts: readonly { readonly firstIndex: number; readonly indexCount: number }[] | undefined,
  out: AuxiliaryBuffers,
): void {
  const { drawn, buffer } = scratch;
  const { width, height, samples, ids, offsetsX, offsetsY } = buffer;
  out.depths.fill(Infinity);
  out.normals.fill(0);
  out.parts.fill(NO_PART);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const sample = firstCovered(ids, pixel * samples, samples);
    if (sample < 0) continue;
    const id = ids[pixel * samples + sample];
    const x = ((pixel % width) + 0.5) * SUBPIXELS + offsetsX[sample];
    const y = (Math.floor(pixel / width) + 0.5) * SUBPIXELS + offsetsY[sample];
    out.depths[pixel] = 1 / barycentricsAt(drawn, id, x, y, weights);
    const triangle = sourceTriangle(drawn, id);
    writeNormal(out.normals, pixel * 3, normals, drawn.indices, triangle * 3);
    out.parts[pixel] = parts ? partOf(parts, triangle * 3) : 0;
  }
}

function firstCovered(ids: Int32Array, base: number, samples: number): number {
  for (let sample = 0; sample < samples; sample++) if (ids[base + sample] >= 0) return sample;
  return -1;
}

function writeNormal(
  out: Float32Array,
  at: number,
  normals: Float32Array,
  indices: Uint32Array,
  first: number,
): void {
  let length = 0;
  for (let axis = 0; axis < 3; axis++) {
    let value = 0;
    for (let corner = 0; corner < 3; corner++) {
      value += weights[corner] * normals[indices[first + corner] * 3 + axis];
    }
    out[at + axis] = value;
    length += value * value;
  }
  if (length === 0) return;
  for (let axis = 0; axis < 3; axis++) out[at + axis] /= Math.sqrt(length);
}

function partOf(
  parts: readonly { readonly firstIndex: number; readonly indexCount: number }[],
  index: number,
): number {
  for (let part = 0; part < parts.length; part++) {
    if (index >= parts[part].firstIndex && index < parts[part].firstIndex + parts[part].indexCount)
      return part;
  }
  return NO_PART;
}
