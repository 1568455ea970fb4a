import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';
import { choleskyFactor, choleskySolve } from '#common/math/cholesky';
import { wholePower } from '#common/math/portableMath';

/** Terms of a quadratic surface in x and y scaled to [-1, 1]. */
const TERMS = 6;

export interface SurfaceFit {
  /** Paints the surface over the whole picture, encoded. */
  readonly paint: () => ColorImage;
  /** Root mean square difference of the known pixels that agree with it, encoded units. */
  readonly deviation: number;
  /** Share of the known pixels within three deviations. */
  readonly agreement: number;
}

/**
 * Fits a quadratic surface per channel to the known pixels, with two rounds of down-weighting what does not
 * agree (objects before a studio wall). Undefined where too little is known.
 */
export function fitSmoothSurface(encoded: ColorImage, known: Uint8Array): SurfaceFit | undefined {
  const { width, height } = encoded;
  const samples = sampleKnown(known, width, height);
  if (samples.length < 64) return undefined;
  let weights: Float64Array = new Float64Array(samples.length).fill(1);
  let surface: Float64Array = new Float64Array(TERMS * 3);
  let deviation = 0;
  for (let round = 0; round < 4; round++) {
    surface = solveSurface(encoded, samples, weights);
    const residuals = samples.map((pixel) => residualAt(encoded, surface, pixel));
    const sorted = Float64Array.from(residuals).sort();
    const middle = Math.max(0.002, sorted[sorted.length >> 1]);
    weights = Float64Array.from(residuals, (value) => 1 / (1 + wholePower(value / (2.5 * middle), 4)));
    deviation = middle * 1.2;
  }
  const agreeing = samples.filter((pixel) => residualAt(encoded, surface, pixel) < 3 * deviation + 0.01);
  return {
    paint: () => paintSurface(surface, width, height),
    deviation,
    agreement: agreeing.length / samples.length,
  };
}

function sampleKnown(known: Uint8Array, width: number, height: number): number[] {
  const samples: number[] = [];
  const step = Math.max(1, Math.floor(width / 128));
  for (let y = step >> 1; y < height; y += step) {
    for (let x = step >> 1; x < width; x += step) if (known[y * width + x] !== 0) samples.push(y * width + x);
  }
  return samples;
}

function terms(x: number, y: number, out: Float64Array): void {
  out[0] = 1;
  out[1] = x;
  out[2] = y;
  out[3] = x * x;
  out[4] = x * y;
  out[5] = y * y;
}

const scratch = new Float64Array(TERMS);

function termsAt(pixel: number, width: number, height: number): Float64Array {
  terms((2 * (pixel % width) + 1) / width - 1, (2 * Math.floor(pixel / width) + 1) / height - 1, scratch);
  return scratch;
}

function solveSurface(encoded: ColorImage, samples: readonly number[], weights: Float64Array): Float64Array {
  const matrix = new Float64Array(TERMS * TERMS);
  // One run of TERMS numbers per channel.
  const right = new Float64Array(TERMS * 3);
  samples.forEach((pixel, index) => {
    const row = termsAt(pixel, encoded.width, encoded.height);
    for (let i = 0; i < TERMS; i++) {
      const weighted = weights[index] * row[i];
      for (let j = 0; j < TERMS; j++) matrix[i * TERMS + j] += weighted * row[j];
      for (let c = 0; c < 3; c++) right[c * TERMS + i] += weighted * encoded.data[pixel * 3 + c];
    }
  });
  // Where the known pixels do not settle the curvature (a strip), it stays near zero.
  for (let i = 0; i < TERMS; i++) matrix[i * TERMS + i] += (i < 3 ? 1e-6 : 1e-4) * samples.length;
  choleskyFactor(matrix, TERMS);
  for (let c = 0; c < 3; c++) choleskySolve(matrix, TERMS, right.subarray(c * TERMS, (c + 1) * TERMS));
  return right;
}

function residualAt(encoded: ColorImage, surface: Float64Array, pixel: number): number {
  const row = termsAt(pixel, encoded.width, encoded.height);
  let sum = 0;
  for (let c = 0; c < 3; c++) {
    let value = -encoded.data[pixel * 3 + c];
    for (let i = 0; i < TERMS; i++) value += row[i] * surface[c * TERMS + i];
    sum += value * value;
  }
  return Math.sqrt(sum / 3);
}

function paintSurface(surface: Float64Array, width: number, height: number): ColorImage {
  const result = createColorImage(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const row = termsAt(pixel, width, height);
    for (let c = 0; c < 3; c++) {
      let value = 0;
      for (let i = 0; i < TERMS; i++) value += row[i] * surface[c * TERMS + i];
      result.data[pixel * 3 + c] = value;
    }
  }
  return result;
}
