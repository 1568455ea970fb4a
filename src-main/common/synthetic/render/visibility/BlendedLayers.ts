import type { FragmentList } from '#common/synthetic/render/visibility/FragmentList';

/** Fragments of one mesh that share no sample and differ by less than this many pixel sides in depth are one card. */
const MERGE_DEPTH_PIXELS = 3;

/**
 * Blended fragments ordered by pixel, and within a pixel from near to far. Parts of one card that meet in a pixel are
 * merged: strand cards have many triangles smaller than a pixel.
 */
export class BlendedLayers {
  /** Entries of the fragment list in order. */
  order = new Int32Array(0);
  /** Pixels that have any, in rising order. */
  pixels = new Int32Array(0);
  pixelCount = 0;
  /** Range in `order` of each entry of `pixels`. */
  starts = new Int32Array(0);
  ends = new Int32Array(0);
  #counts = new Int32Array(0);

  /** @param pixelAngle pixel side / depth */
  sort(list: FragmentList, totalPixels: number, pixelAngle: number): void {
    this.#reserve(list.count, totalPixels);
    this.#groupByPixel(list, totalPixels);
    for (let index = 0; index < this.pixelCount; index++) {
      sortByDepth(this.order, list.near, this.starts[index], this.ends[index]);
      this.ends[index] = mergeCards(this.order, list, this.starts[index], this.ends[index], pixelAngle);
    }
  }

  #groupByPixel(list: FragmentList, totalPixels: number): void {
    const counts = this.#counts.fill(0, 0, totalPixels);
    for (let at = 0; at < list.count; at++) counts[list.pixel[at]]++;
    this.pixelCount = 0;
    let start = 0;
    for (let pixel = 0; pixel < totalPixels; pixel++) {
      const count = counts[pixel];
      if (count === 0) continue;
      this.pixels[this.pixelCount] = pixel;
      this.starts[this.pixelCount] = start;
      start += count;
      this.ends[this.pixelCount++] = start;
      counts[pixel] = start - count;
    }
    for (let at = 0; at < list.count; at++) this.order[counts[list.pixel[at]]++] = at;
  }

  #reserve(fragments: number, totalPixels: number): void {
    if (this.order.length < fragments) this.order = new Int32Array(Math.ceil(fragments * 1.5));
    if (this.#counts.length >= totalPixels) return;
    this.#counts = new Int32Array(totalPixels);
    this.pixels = new Int32Array(totalPixels);
    this.starts = new Int32Array(totalPixels);
    this.ends = new Int32Array(totalPixels);
  }
}

/** Insertion sort, nearest first, stable: a pixel has few. */
function sortByDepth(order: Int32Array, near: Float32Array, start: number, end: number): void {
  for (let at = start + 1; at < end; at++) {
    const entry = order[at];
    const value = near[entry];
    let to = at;
    while (to > start && near[order[to - 1]] < value) {
      order[to] = order[to - 1];
      to--;
    }
    order[to] = entry;
  }
}

/** Merges neighbours in depth; returns the new end. */
function mergeCards(
  order: Int32Array,
  list: FragmentList,
  start: number,
  end: number,
  pixelAngle: number,
): number {
  const { mask, mesh, near } = list;
  let kept = start;
  for (let at = start + 1; at < end; at++) {
    const previous = order[kept];
    const entry = order[at];
    const isOneCard =
      mesh[previous] === mesh[entry] &&
      (mask[previous] & mask[entry]) === 0 &&
      near[previous] - near[entry] < MERGE_DEPTH_PIXELS * pixelAngle * near[entry];
    if (!isOneCard) {
      order[++kept] = entry;
      continue;
    }
    const all = mask[previous] | mask[entry];
    const larger = bitCount(mask[entry]) > bitCount(mask[previous]) ? entry : previous;
    order[kept] = larger;
    mask[larger] = all;
  }
  return kept + 1;
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
