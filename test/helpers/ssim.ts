import type { RgbaImage } from '#common/image/rasterImage';

const WINDOW = 8;
const STRIDE = 4;
// Wang et al. 2004, section III.B: (0.01 * 255)^2 and (0.03 * 255)^2.
const C1 = 6.5025;
const C2 = 58.5225;

/**
 * Mean structural similarity of two pictures of one size (Wang et al. 2004) on luma (Rec. 601), over square windows of
 * eight pixels every four; 1 is equality. Alpha is ignored.
 */
export function structuralSimilarity(first: RgbaImage, second: RgbaImage): number {
  if (first.width !== second.width || first.height !== second.height) {
    throw new Error(
      `pictures of one size are compared, not ${first.width} x ${first.height} and ${second.width} x ${second.height}`,
    );
  }
  const a = luma(first);
  const b = luma(second);
  let sum = 0;
  let count = 0;
  for (let y = 0; y + WINDOW <= first.height; y += STRIDE) {
    for (let x = 0; x + WINDOW <= first.width; x += STRIDE) {
      sum += windowSimilarity(a, b, y * first.width + x, first.width);
      count++;
    }
  }
  return sum / count;
}

function luma({ data }: RgbaImage): Float64Array {
  return Float64Array.from(
    { length: data.length / 4 },
    (_, pixel) => 0.299 * data[pixel * 4] + 0.587 * data[pixel * 4 + 1] + 0.114 * data[pixel * 4 + 2],
  );
}

function windowSimilarity(a: Float64Array, b: Float64Array, start: number, stride: number): number {
  const size = WINDOW * WINDOW;
  let sumA = 0;
  let sumB = 0;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let y = 0; y < WINDOW; y++) {
    for (let x = 0; x < WINDOW; x++) {
      const at = start + y * stride + x;
      sumA += a[at];
      sumB += b[at];
      squaresA += a[at] * a[at];
      squaresB += b[at] * b[at];
      products += a[at] * b[at];
    }
  }
  const meanA = sumA / size;
  const meanB = sumB / size;
  const varianceA = (squaresA - sumA * meanA) / (size - 1);
  const varianceB = (squaresB - sumB * meanB) / (size - 1);
  const covariance = (products - sumA * meanB) / (size - 1);
  return (
    ((2 * meanA * meanB + C1) * (2 * covariance + C2)) /
    ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2))
  );
}
