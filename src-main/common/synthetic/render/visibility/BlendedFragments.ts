import { FragmentList } from '#common/synthetic/render/visibility/FragmentList';

/** Fragments of one mesh that share no sample and differ by less than this many pixel sides in depth are one card. */
const MERGE_DEPTH_PIXELS = 3;
/** A pixel keeps its nearest surfaces; behind so many nothing is seen. */
const MOST_LAYERS = 16;

/** One surface in a pixel before it is stored; moved from fragment to fragment. */
export interface FragmentCandidate {
  mesh: number;
  primitive: number;
  pixel: number;
  x: number;
  y: number;
  mask: number;
  near: number;
}

/**
 * Blended fragments, for each pixel in the order of depth: a linked list per pixel, the farthest first. Parts of one card
 * that meet in a pixel are merged (strand cards have many triangles smaller than a pixel), and beyond MOST_LAYERS the
 * farthest is dropped, so that thick hair costs little more than thin.
 */
export class BlendedFragments {
  readonly list = new FragmentList();
  /** Entries of `list` grouped by pixel, nearest first; valid after `order`. */
  order = new Int32Array(0);
  /** Pixels that have any, in rising order. */
  readonly pixels: Int32Array;
  pixelCount = 0;
  /** Range in `order` of each entry of `pixels`. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly #heads: Int32Array;
  readonly #counts: Uint8Array;
  #next = new Int32Array(0);
  #tolerance = 0;

  constructor(totalPixels: number) {
    this.pixels = new Int32Array(totalPixels);
    this.starts = new Int32Array(totalPixels);
    this.ends = new Int32Array(totalPixels);
    this.#heads = new Int32Array(totalPixels);
    this.#counts = new Uint8Array(totalPixels);
  }

  /** @param pixelAngle pixel side / depth */
  begin(pixelAngle: number): void {
    this.list.clear();
    this.#heads.fill(-1);
    this.#counts.fill(0);
    this.pixelCount = 0;
    this.#tolerance = MERGE_DEPTH_PIXELS * pixelAngle;
  }

  insert(candidate: FragmentCandidate): void {
    const { near: nears } = this.list;
    const { pixel, near } = candidate;
    const isFull = this.#counts[pixel] >= MOST_LAYERS;
    let current = this.#heads[pixel];
    if (isFull && near <= nears[current]) return;
    const next = this.#next;
    let farther = -1;
    while (current >= 0 && nears[current] < near) {
      farther = current;
      current = next[current];
    }
    if (this.#merge(farther, candidate) || this.#merge(current, candidate)) return;
    let entry: number;
    if (isFull) {
      // The farthest leaves its place.
      entry = this.#heads[pixel];
      this.#heads[pixel] = next[entry];
      if (farther === entry) farther = -1;
    } else {
      entry = this.#newEntry();
      this.#counts[pixel]++;
    }
    store(this.list, entry, candidate);
    this.#next[entry] = current;
    if (farther < 0) this.#heads[pixel] = entry;
    else this.#next[farther] = entry;
  }

  #newEntry(): number {
    const { list } = this;
    list.reserve(1);
    if (this.#next.length < list.pixel.length) {
      const wider = new Int32Array(list.pixel.length);
      wider.set(this.#next);
      this.#next = wider;
    }
    return list.count++;
  }

  #merge(entry: number, candidate: FragmentCandidate): boolean {
    if (entry < 0) return false;
    const { mask, mesh, near } = this.list;
    if (mesh[entry] !== candidate.mesh || (mask[entry] & candidate.mask) !== 0) return false;
    if (Math.abs(near[entry] - candidate.near) > this.#tolerance * near[entry]) return false;
    mask[entry] |= candidate.mask;
    return true;
  }

  /** Lists what was inserted; call once after the last. */
  finish(): void {
    const { list } = this;
    if (this.order.length < list.count) this.order = new Int32Array(Math.ceil(list.count * 1.5));
    let start = 0;
    for (let pixel = 0; pixel < this.#heads.length; pixel++) {
      let entry = this.#heads[pixel];
      if (entry < 0) continue;
      const end = start + this.#counts[pixel];
      for (let at = end - 1; at >= start; at--) {
        this.order[at] = entry;
        entry = this.#next[entry];
      }
      this.pixels[this.pixelCount] = pixel;
      this.starts[this.pixelCount] = start;
      this.ends[this.pixelCount++] = end;
      start = end;
    }
  }
}

function store(list: FragmentList, entry: number, candidate: FragmentCandidate): void {
  list.mesh[entry] = candidate.mesh;
  list.primitive[entry] = candidate.primitive;
  list.pixel[entry] = candidate.pixel;
  list.x[entry] = candidate.x;
  list.y[entry] = candidate.y;
  list.mask[entry] = candidate.mask;
  list.near[entry] = candidate.near;
}
