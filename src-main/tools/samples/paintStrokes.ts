import { gaussianBlur } from '#common/image/boxBlur';
import { hashNoise } from '#common/image/hashNoise';
import type { RgbaImage } from '#common/image/rasterImage';
import { createRgbaImage } from '#common/image/rasterImage';
import { smoothStep } from '#common/math/smoothStep';
import type { SeededRandom } from '#common/math/seededRandom';
import { createSeededRandom } from '#common/math/seededRandom';

/** One pass of the painter, coarse before fine. */
export interface BrushPass {
  /** Pixels. */
  readonly radius: number;
  /** Mean colour difference, [0, 255], from which a place is painted over. */
  readonly threshold: number;
  /** Longest stroke, in radii. */
  readonly length: number;
  readonly opacity: number;
}

/** A brush stroke: points, two numbers each, and one colour. */
interface Stroke {
  readonly points: readonly number[];
  readonly color: readonly [number, number, number];
}

/** Red, green, blue and the height of the paint, interleaved. */
type Canvas = Float32Array;

const CHANNELS = 4;

/** How far the colour of a stroke strays from the picture's. */
const COLOR_JITTER = 7;
/** How much the bristles of a brush differ in brightness. */
const BRISTLES = 14;
/** How strongly light from the upper left shows the relief of the paint. */
const RELIEF = 9;

/**
 * Repaints a picture in brush strokes that follow its edges, after Hertzmann, "Painterly rendering with curved brush
 * strokes of multiple sizes" (SIGGRAPH 1998), sections 2 and 3; bristles and relief are ours. Deterministic.
 */
export function paintStrokes(picture: RgbaImage, passes: readonly BrushPass[], seed: number): RgbaImage {
  const { width, height } = picture;
  const random = createSeededRandom(seed);
  const canvas: Canvas = new Float32Array(width * height * CHANNELS).fill(-400);
  for (const pass of passes) {
    const reference = blurredPlanes(picture, pass.radius * 0.5);
    const strokes = planStrokes(reference, canvas, picture, pass, random);
    strokes.forEach((stroke, index) => drawStroke(canvas, picture, stroke, pass, index));
  }
  return lightPaint(canvas, width, height);
}

type Planes = readonly [Float32Array, Float32Array, Float32Array, Float32Array];

/** Red, green, blue and luminance, blurred. */
function blurredPlanes({ data, width, height }: RgbaImage, sigma: number): Planes {
  const plane = (read: (at: number) => number): Float32Array => {
    const values = Float32Array.from({ length: width * height }, (_, pixel) => read(pixel * 4));
    gaussianBlur(values, { width, height, channels: 1 }, sigma);
    return values;
  };
  return [
    plane((at) => data[at]),
    plane((at) => data[at + 1]),
    plane((at) => data[at + 2]),
    plane((at) => 0.3 * data[at] + 0.59 * data[at + 1] + 0.11 * data[at + 2]),
  ];
}

/** One stroke for each grid cell that the canvas does not show well enough yet, in random order. */
function planStrokes(
  reference: Planes,
  canvas: Canvas,
  { width, height }: RgbaImage,
  pass: BrushPass,
  random: SeededRandom,
): Stroke[] {
  const grid = Math.max(1, Math.round(pass.radius));
  const strokes: { readonly order: number; readonly stroke: Stroke }[] = [];
  for (let top = 0; top < height; top += grid) {
    for (let left = 0; left < width; left += grid) {
      let worst = -1;
      let worstPixel = 0;
      let sum = 0;
      let count = 0;
      for (let y = top; y < Math.min(height, top + grid); y++) {
        for (let x = left; x < Math.min(width, left + grid); x++) {
          const pixel = y * width + x;
          const difference = differenceAt(reference, canvas, pixel);
          sum += difference;
          count++;
          if (difference > worst) [worst, worstPixel] = [difference, pixel];
        }
      }
      if (sum / count < pass.threshold) continue;
      const stroke = followEdge(reference, canvas, { width, height, pixel: worstPixel }, pass, random);
      strokes.push({ order: random.uniform(), stroke });
    }
  }
  return strokes.sort((a, b) => a.order - b.order).map(({ stroke }) => stroke);
}

function differenceAt([red, green, blue]: Planes, canvas: Canvas, pixel: number): number {
  const at = pixel * CHANNELS;
  const [r, g, b] = [red[pixel] - canvas[at], green[pixel] - canvas[at + 1], blue[pixel] - canvas[at + 2]];
  return Math.sqrt(r * r + g * g + b * b);
}

/** A stroke across the gradient of luminance, as long as its one colour is better than what is there. */
function followEdge(
  reference: Planes,
  canvas: Canvas,
  start: { readonly width: number; readonly height: number; readonly pixel: number },
  pass: BrushPass,
  random: SeededRandom,
): Stroke {
  const { width, height, pixel } = start;
  const [red, green, blue, luminance] = reference;
  const own = [red[pixel], green[pixel], blue[pixel]] as const;
  let [x, y] = [pixel % width, Math.floor(pixel / width)];
  // Where the picture is flat, strokes lie a little aslant, as a right hand puts them.
  let [dx, dy] = [0.8, -0.6];
  const points = [x, y];
  for (let step = 0; step < pass.length; step++) {
    const column = Math.min(width - 2, Math.max(1, Math.round(x)));
    const row = Math.min(height - 2, Math.max(1, Math.round(y)));
    const here = row * width + column;
    if (step > 1) {
      const toOwn = Math.hypot(red[here] - own[0], green[here] - own[1], blue[here] - own[2]);
      if (toOwn > differenceAt(reference, canvas, here) + 4) break;
    }
    const gradientX = luminance[here + 1] - luminance[here - 1];
    const gradientY = luminance[here + width] - luminance[here - width];
    const length = Math.hypot(gradientX, gradientY);
    let [nextX, nextY] = length > 0.6 ? [-gradientY / length, gradientX / length] : [dx, dy];
    if (nextX * dx + nextY * dy < 0) [nextX, nextY] = [-nextX, -nextY];
    const [mixedX, mixedY] = [0.5 * dx + 0.5 * nextX, 0.5 * dy + 0.5 * nextY];
    const norm = Math.hypot(mixedX, mixedY) || 1;
    [dx, dy] = [mixedX / norm, mixedY / norm];
    x += dx * pass.radius;
    y += dy * pass.radius;
    if (x < 0 || y < 0 || x >= width || y >= height) break;
    points.push(x, y);
  }
  const jitter = Math.min(1, pass.radius / 6) * COLOR_JITTER;
  const shade = random.normal() * jitter;
  return {
    points,
    color: [own[0] + shade + random.normal() * jitter * 0.4, own[1] + shade, own[2] + shade - random.normal() * jitter * 0.4], // prettier-ignore
  };
}

function drawStroke(
  canvas: Canvas,
  { width, height }: RgbaImage,
  { points, color }: Stroke,
  { radius, opacity }: BrushPass,
  seed: number,
): void {
  const xs = points.filter((_, i) => i % 2 === 0);
  const ys = points.filter((_, i) => i % 2 === 1);
  const reach = radius + 2;
  const left = Math.max(0, Math.floor(Math.min(...xs) - reach));
  const right = Math.min(width - 1, Math.ceil(Math.max(...xs) + reach));
  const top = Math.max(0, Math.floor(Math.min(...ys) - reach));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(...ys) + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const { distance, side } = toPolyline(x, y, points);
      const cover = opacity * (1 - smoothStep(radius - 1, radius + 1, distance));
      if (cover <= 0) continue;
      // Bristles run along the stroke: their pattern depends on the place across it alone.
      const bristle = hashNoise(Math.round((side / radius) * 5), seed, 7) - 0.5;
      const strength = Math.min(1, radius / 5);
      const at = (y * width + x) * CHANNELS;
      for (let c = 0; c < 3; c++) {
        const paint = color[c] + bristle * BRISTLES * strength;
        canvas[at + c] = canvas[at] < -300 && c === 0 ? paint : mix(canvas[at + c], paint, cover);
      }
      canvas[at + 3] = mix(canvas[at + 3], strength * (1 + bristle - (distance / radius) ** 2 * 0.6), cover);
    }
  }
}

function mix(from: number, to: number, amount: number): number {
  return from < -300 ? to : from + (to - from) * amount;
}

/** Distance to the stroke's middle line, and the signed one across it. */
function toPolyline(x: number, y: number, points: readonly number[]): { distance: number; side: number } {
  let distance = Math.hypot(x - points[0], y - points[1]);
  let side = distance;
  for (let i = 2; i < points.length; i += 2) {
    const [fromX, fromY] = [points[i - 2], points[i - 1]];
    const [dx, dy] = [points[i] - fromX, points[i + 1] - fromY];
    const square = dx * dx + dy * dy || 1;
    const t = Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / square));
    const away = Math.hypot(x - fromX - t * dx, y - fromY - t * dy);
    if (away > distance) continue;
    distance = away;
    side = ((x - fromX) * dy - (y - fromY) * dx) / Math.sqrt(square);
  }
  return { distance, side };
}

function lightPaint(canvas: Canvas, width: number, height: number): RgbaImage {
  const image = createRgbaImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const heightAt = (column: number, row: number): number =>
        canvas[(Math.max(0, row) * width + Math.max(0, column)) * CHANNELS + 3];
      const slope = heightAt(x, y) - 0.5 * (heightAt(x - 1, y) + heightAt(x, y - 1));
      for (let c = 0; c < 3; c++)
        image.data[pixel * 4 + c] = clampByte(canvas[pixel * CHANNELS + c] + slope * RELIEF);
      image.data[pixel * 4 + 3] = 255;
    }
  }
  return image;
}

function clampByte(value: number): number {
  return Math.round(Math.min(255, Math.max(0, value)));
}
