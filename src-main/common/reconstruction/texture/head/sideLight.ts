import { choleskyFactor, choleskySolve } from '#common/math/cholesky';
import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';
import { vertexNormals } from '#common/raster/shading/vertexNormals';
import { middleTexel } from '#common/reconstruction/texture/head/cellPlane';
import type { HeadChart } from '#common/reconstruction/texture/head/headChart';
import { interpolateAtTexel } from '#common/reconstruction/texture/head/headChart';
import { limitRatios, SIDE_TINT } from '#common/reconstruction/texture/head/lightRatio';
import type { TextureInput } from '#common/reconstruction/texture/textureInput';
import { modelVertexOf } from '#common/reconstruction/texture/textureInput';
import { norm3, squared } from '#common/math/portableMath';

/** Differences from the fit (logarithm) from which a cell counts less: hair, a shadow cast, a feature beside its mirror image. */
const DOUBTED = 0.12;
const PASSES = 6;
/** Pull towards light that is even from side to side, as a share of all weights. */
const EVEN = 0.01;
const TERMS = 3;
/** Share of the fitted light that is believed where nothing was measured: shadows are cast as well, and cheeks differ. */
const BELIEVED = 0.6;

/** Unit normals of the model's own head, three floats a cell; 0 where the part has no texel. */
export function cellNormals(
  input: TextureInput,
  chart: HeadChart,
  number: number,
  side: number,
): Float32Array {
  const { template, indices, weld } = input.model;
  const ofModel = vertexNormals({ positions: template, indices, weld });
  const values = new Float32Array(input.geometry.positions.length);
  const part = input.geometry.parts[number - 1];
  for (let vertex = part.firstVertex; vertex < part.firstVertex + part.vertexCount; vertex++) {
    const from = modelVertexOf(input, vertex) * 3;
    values.set(ofModel.subarray(from, from + 3), vertex * 3);
  }
  const normals = new Float32Array(side * side * 3);
  const at = new Float64Array(3);
  for (let cell = 0; cell < side * side; cell++) {
    const texel = middleTexel(cell, side, chart.size);
    if (chart.part[texel] !== number) continue;
    interpolateAtTexel(chart, input.geometry.indices, { values, stride: 3 }, texel, at);
    const length = norm3(at[0], at[1], at[2]) + 1e-9;
    for (let axis = 0; axis < 3; axis++) normals[cell * 3 + axis] = at[axis] / length;
  }
  return normals;
}

/**
 * How differently the two halves of a head are lit, everywhere, from where both were seen. A surface and its mirror image differ
 * by the light from the side alone: of a light that changes with the normal as second-order spherical harmonics do (Ramamoorthi
 * and Hanrahan 2001) only the terms odd in x are left, x, xy and xz. So what the cheeks say holds for the side of the nose.
 *
 * @returns logarithms of factors, taken back to what is surely light: a colour per cell.
 * @param measured logarithms of factors from mirrored to seen, a colour per cell.
 * @param weight how surely each was measured; 0 where it was not.
 */
export function sideLight(measured: ColorImage, weight: Float32Array, normals: Float32Array): ColorImage {
  const result = createColorImage(measured.width, measured.height);
  const cells: number[] = [];
  for (let cell = 0; cell < weight.length; cell++) if (weight[cell] > 0) cells.push(cell);
  if (cells.length === 0) return result;
  const trust = Float64Array.from(cells, (cell) => weight[cell]);
  let terms: number[][] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    terms = [0, 1, 2].map((channel) =>
      solve(cells, trust, (cell) => measured.data[cell * 3 + channel], normals),
    );
    cells.forEach((cell, i) => {
      let off = 0;
      for (let c = 0; c < 3; c++)
        off += Math.abs(measured.data[cell * 3 + c] - oddLight(terms[c], normals, cell)) / 3;
      trust[i] = weight[cell] / (1 + squared(off / DOUBTED));
    });
  }
  for (let cell = 0; cell < weight.length; cell++) {
    for (let c = 0; c < 3; c++) result.data[cell * 3 + c] = BELIEVED * oddLight(terms[c], normals, cell);
  }
  limitRatios(result, SIDE_TINT);
  return result;
}

function oddLight(terms: readonly number[], normals: Float32Array, cell: number): number {
  const k = cell * 3;
  return normals[k] * (terms[0] + terms[1] * normals[k + 1] + terms[2] * normals[k + 2]);
}

/** Weighted least squares for the three terms, with a little pull to 0. */
function solve(
  cells: readonly number[],
  trust: Float64Array,
  valueAt: (cell: number) => number,
  normals: Float32Array,
): number[] {
  const matrix = new Float64Array(TERMS * TERMS);
  const right = new Float64Array(TERMS);
  const basis = new Float64Array(TERMS);
  let total = 0;
  cells.forEach((cell, i) => {
    const [x, y, z] = [normals[cell * 3], normals[cell * 3 + 1], normals[cell * 3 + 2]];
    basis[0] = x;
    basis[1] = x * y;
    basis[2] = x * z;
    total += trust[i];
    for (let row = 0; row < TERMS; row++) {
      right[row] += trust[i] * basis[row] * valueAt(cell);
      for (let column = 0; column < TERMS; column++) {
        matrix[row * TERMS + column] += trust[i] * basis[row] * basis[column];
      }
    }
  });
  for (let row = 0; row < TERMS; row++) matrix[row * TERMS + row] += EVEN * total;
  if (!choleskyFactor(matrix, TERMS)) return [0, 0, 0];
  choleskySolve(matrix, TERMS, right);
  return [...right];
}
