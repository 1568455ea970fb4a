import type { SeededRandom } from '#common/math/seededRandom';
import type { DataSource } from '#engine/training/data/dataSource';
import { streamAt } from '#engine/training/randomStreams';

type Rgb = readonly [number, number, number];

/** Of the shapes; what a generator must not mix. */
const COLOURS: readonly Rgb[] = [
  [0.95, 0.25, 0.2],
  [0.2, 0.75, 0.3],
  [0.25, 0.4, 0.95],
  [0.95, 0.8, 0.2],
];

/**
 * Endlessly many pictures of one coloured disc, square or triangle on a dark ground, made as they are asked for.
 * A picture follows from its index alone, so indices that training never sees are held out.
 *
 * @returns arrays [3, size, size], -1 to 1
 */
export function shapePictures(size: number, first: number, count: number): DataSource<Float32Array> {
  return { count, read: (index) => drawShape(streamAt(first + index, 'shape', 0), size) };
}

function drawShape(random: SeededRandom, size: number): Float32Array {
  const distance = [toDisc, toSquare, toTriangle][random.integer(3)];
  const colour = COLOURS[random.integer(COLOURS.length)];
  const radius = random.between(0.2, 0.34);
  const [centreX, centreY] = [random.between(radius, 1 - radius), random.between(radius, 1 - radius)];
  const ground = random.between(0.02, 0.25);
  const picture = new Float32Array(3 * size * size);
  for (let at = 0; at < size * size; at++) {
    const x = ((at % size) + 0.5) / size - centreX;
    const y = (Math.floor(at / size) + 0.5) / size - centreY;
    // Pixels on the outline are covered in part.
    const cover = Math.min(1, Math.max(0, 0.5 - distance(x, y, radius) * size));
    for (let channel = 0; channel < 3; channel++) {
      picture[channel * size * size + at] = 2 * (ground + cover * (colour[channel] - ground)) - 1;
    }
  }
  return picture;
}

/** Signed distances to outlines about the origin, negative inside; y points down. */
function toDisc(x: number, y: number, radius: number): number {
  return Math.hypot(x, y) - radius;
}

function toSquare(x: number, y: number, radius: number): number {
  return Math.max(Math.abs(x), Math.abs(y)) - radius * 0.85;
}

function toTriangle(x: number, y: number, radius: number): number {
  const side = Math.abs(x) * Math.cos(Math.PI / 6) - (y + radius * 0.25) / 2;
  return Math.max(side - radius * 0.375, y - radius * 0.75);
}
