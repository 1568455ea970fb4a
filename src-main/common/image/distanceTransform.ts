/** Where each pixel's nearest set pixel is. */
export interface DistanceField {
  readonly width: number;
  readonly height: number;
  /** Euclidean distance between pixel centres, pixels; 0 on set pixels, Infinity when none is set. */
  readonly distance: Float32Array;
  /** Index of the nearest set pixel, -1 when none is set. */
  readonly nearest: Int32Array;
}

/**
 * Exact Euclidean distance to the pixels where `mask` is not zero (Felzenszwalb and Huttenlocher, Distance
 * Transforms of Sampled Functions, section 2.1: lower envelopes of parabolas, columns first, then rows).
 */
export function distanceTransform(mask: ArrayLike<number>, width: number, height: number): DistanceField {
  const columnRow = nearestInColumns(mask, width, height);
  const distance = new Float32Array(width * height);
  const nearest = new Int32Array(width * height);
  const sites = new Int32Array(width);
  const starts = new Float64Array(width + 1);
  const heights = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let top = -1;
    for (let x = 0; x < width; x++) {
      const from = columnRow[row + x];
      if (from < 0) continue;
      heights[x] = (from - y) * (from - y);
      let start = -Infinity;
      while (top >= 0) {
        const site = sites[top];
        start = (heights[x] + x * x - heights[site] - site * site) / (2 * (x - site));
        if (start > starts[top]) break;
        top--;
      }
      top++;
      sites[top] = x;
      starts[top] = top === 0 ? -Infinity : start;
    }
    writeRow(y, top);
  }
  return { width, height, distance, nearest };

  function writeRow(y: number, top: number): void {
    const row = y * width;
    let segment = 0;
    for (let x = 0; x < width; x++) {
      if (top < 0) {
        distance[row + x] = Infinity;
        nearest[row + x] = -1;
        continue;
      }
      while (segment < top && starts[segment + 1] < x) segment++;
      const site = sites[segment];
      distance[row + x] = Math.sqrt((x - site) * (x - site) + heights[site]);
      nearest[row + x] = columnRow[row + site] * width + site;
    }
  }
}

/** For each pixel the row of the nearest set pixel in its column, -1 when the column is empty. */
function nearestInColumns(mask: ArrayLike<number>, width: number, height: number): Int32Array {
  const result = new Int32Array(width * height);
  for (let x = 0; x < width; x++) {
    let last = -1;
    for (let y = 0, at = x; y < height; y++, at += width) {
      if (mask[at] !== 0) last = y;
      result[at] = last;
    }
    last = -1;
    for (let y = height - 1, at = x + y * width; y >= 0; y--, at -= width) {
      if (mask[at] !== 0) last = y;
      if (last >= 0 && (result[at] < 0 || last - y < y - result[at])) result[at] = last;
    }
  }
  return result;
}
