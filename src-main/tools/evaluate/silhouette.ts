import { distanceTransform } from '#common/image/distanceTransform';

/** Connected pixels of one kind: their number and one of them. */
export interface Region {
  readonly pixels: number;
  /** Of its first pixel in reading order. */
  readonly x: number;
  readonly y: number;
}

export interface Silhouette {
  /** Pieces of the figure, largest first. More than one: something floats. */
  readonly pieces: readonly Region[];
  /** Background that the figure encloses wholly, largest first. */
  readonly holes: readonly Region[];
  /** Background in clefts narrower than CLEFT_PIXELS (tears, frayed edges), share of the figure. */
  readonly cleftShare: number;
}

const CLEFT_PIXELS = 6;

/**
 * Takes a coverage mask apart.
 *
 * @param covered 1 where the figure is, row by row.
 * @param smallest regions of fewer pixels are the edge's noise and not counted.
 */
export function analyseSilhouette(
  covered: Uint8Array,
  width: number,
  height: number,
  smallest = 4,
): Silhouette {
  const pieces: Region[] = [];
  const holes: Region[] = [];
  const seen = new Uint8Array(covered.length);
  for (let start = 0; start < covered.length; start++) {
    if (seen[start] !== 0) continue;
    const { pixels, touchesBorder } = floodRegion(covered, seen, start, width);
    if (pixels < smallest) continue;
    const region = { pixels, x: start % width, y: Math.floor(start / width) };
    if (covered[start] === 1) pieces.push(region);
    else if (!touchesBorder) holes.push(region);
  }
  const bySize = (a: Region, b: Region): number => b.pixels - a.pixels;
  return {
    pieces: pieces.sort(bySize),
    holes: holes.sort(bySize),
    cleftShare: cleftShare(covered, width, height),
  };
}

const NEIGHBOURS = [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1]] as const; // prettier-ignore

/** Marks the region of `start` as seen. The figure hangs together over corners, the background only over edges. */
function floodRegion(
  covered: Uint8Array,
  seen: Uint8Array,
  start: number,
  width: number,
): { readonly pixels: number; readonly touchesBorder: boolean } {
  const height = covered.length / width;
  const neighbours = covered[start] === 1 ? NEIGHBOURS : NEIGHBOURS.slice(0, 4);
  const stack = [start];
  let pixels = 0;
  let touchesBorder = false;
  seen[start] = 1;
  while (stack.length > 0) {
    const pixel = stack.pop()!;
    const x = pixel % width;
    const y = (pixel - x) / width;
    pixels++;
    for (const [dx, dy] of neighbours) {
      if (x + dx < 0 || y + dy < 0 || x + dx >= width || y + dy >= height) {
        touchesBorder = true;
        continue;
      }
      const next = pixel + dy * width + dx;
      if (seen[next] !== 0 || covered[next] !== covered[start]) continue;
      seen[next] = 1;
      stack.push(next);
    }
  }
  return { pixels, touchesBorder };
}

/** What a closing by a disc of half the cleft's width adds to the figure. */
function cleftShare(covered: Uint8Array, width: number, height: number): number {
  const radius = CLEFT_PIXELS / 2;
  const { distance: toFigure } = distanceTransform(covered, width, height);
  const outside = Uint8Array.from(toFigure, (value) => (value > radius ? 1 : 0));
  const { distance: toOutside } = distanceTransform(outside, width, height);
  let figure = 0;
  let clefts = 0;
  for (let pixel = 0; pixel < covered.length; pixel++) {
    if (covered[pixel] === 1) figure++;
    else if (toOutside[pixel] > radius) clefts++;
  }
  return figure === 0 ? 0 : clefts / figure;
}
