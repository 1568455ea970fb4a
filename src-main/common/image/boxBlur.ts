/** Size of an interleaved float buffer. */
export interface BufferShape {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/**
 * Box blur of interleaved floats by running sums; edges are clamped. In place.
 * @param radius whole pixels; the box is 2 * radius + 1 wide.
 */
export function boxBlur(data: Float32Array, shape: BufferShape, radius: number): void {
  if (radius < 1) return;
  const { width, height, channels } = shape;
  const line = new Float32Array(Math.max(width, height) * channels);
  for (let y = 0; y < height; y++)
    blurLine(data, line, y * width * channels, channels, width, channels, radius);
  const rowStride = width * channels;
  for (let x = 0; x < width; x++) blurLine(data, line, x * channels, rowStride, height, channels, radius);
}

/** Nearly Gaussian blur of `sigma` pixels: three box blurs whose variances add up to sigma squared. In place. */
export function gaussianBlur(data: Float32Array, shape: BufferShape, sigma: number): void {
  const ideal = Math.sqrt(4 * sigma * sigma + 1);
  const low = Math.max(0, Math.floor((ideal - 1) / 2));
  const boxVariance = (radius: number) => (radius * (radius + 1)) / 3;
  let left = sigma * sigma;
  for (let pass = 0; pass < 3; pass++) {
    const share = left / (3 - pass);
    const radius = share - boxVariance(low) > boxVariance(low + 1) - share ? low + 1 : low;
    boxBlur(data, shape, radius);
    left -= boxVariance(radius);
  }
}

// eslint-disable-next-line max-params -- the inner loop of a separable filter: an options object costs a third
function blurLine(
  data: Float32Array,
  line: Float32Array,
  start: number,
  stride: number,
  length: number,
  channels: number,
  radius: number,
): void {
  const scale = 1 / (2 * radius + 1);
  for (let channel = 0; channel < channels; channel++) {
    const origin = start + channel;
    for (let index = 0; index < length; index++) line[index] = data[origin + index * stride];
    let sum = line[0] * (radius + 1);
    for (let index = 1; index <= radius; index++) sum += line[Math.min(index, length - 1)];
    for (let index = 0; index < length; index++) {
      data[origin + index * stride] = sum * scale;
      sum += line[Math.min(index + radius + 1, length - 1)] - line[Math.max(index - radius, 0)];
    }
  }
}
