/** How values run between keys: `smooth` is a monotone cubic (never overshoots a key), `hold` steps. */
export type Interpolation = 'smooth' | 'linear' | 'hold';

/** One animated value. Before the first and after the last key it holds, unless it is periodic. */
export interface MotionTrack {
  /** A channel name or one of ANGLE_TARGETS / ZOOM_TARGET. */
  readonly target: string;
  readonly interpolation: Interpolation;
  /** Rising seconds, at least one. */
  readonly times: Float64Array;
  /** One per key, in memory units (weights, radians, factor). */
  readonly values: Float32Array;
  /** Slopes per second at the keys; only read by `smooth`. */
  readonly slopes: Float32Array;
  /** Seconds after which the track repeats through its seam; undefined where it holds at its ends. */
  readonly period: number | undefined;
}

export interface TrackKeys {
  readonly target: string;
  readonly interpolation: Interpolation;
  readonly times: Float64Array;
  readonly values: Float32Array;
}

/**
 * Makes a track of keys. With a `loopSeconds` the curve runs through the seam: a last key at the loop's end that
 * repeats the first key's value is the same key; a different value there is a wanted jump and the ends hold.
 */
export function buildTrack(keys: TrackKeys, loopSeconds: number | undefined): MotionTrack {
  const { target, interpolation } = keys;
  let { times, values } = keys;
  let period = loopSeconds;
  const last = times.length - 1;
  if (period !== undefined && last > 0 && times[0] === 0 && times[last] >= period - 1e-9) {
    if (Math.abs(values[last] - values[0]) < 1e-6) {
      times = times.subarray(0, last);
      values = values.subarray(0, last);
    } else period = undefined;
  }
  const slopes = interpolation === 'smooth' ? monotoneSlopes(times, values, period) : new Float32Array(0);
  return { target, interpolation, times, values, slopes, period };
}

/** Value of a track at a time inside the clip; O(log keys), allocates nothing. */
export function sampleTrack(track: MotionTrack, timeSeconds: number): number {
  const { times, values, period } = track;
  const last = times.length - 1;
  if (last === 0) return values[0];
  let from = lastKeyBefore(times, timeSeconds);
  let to = from + 1;
  let start = from < 0 ? 0 : times[from];
  let end = to > last ? 0 : times[to];
  if (from < 0 || to > last) {
    if (period === undefined) return values[from < 0 ? 0 : last];
    start = from < 0 ? times[last] - period : start;
    end = to > last ? times[0] + period : end;
    from = from < 0 ? last : from;
    to = to > last ? 0 : to;
  }
  if (track.interpolation === 'hold') return values[from];
  const span = end - start;
  const u = (timeSeconds - start) / span;
  const a = values[from];
  const b = values[to];
  if (track.interpolation === 'linear') return a + (b - a) * u;
  const rest = 1 - u;
  return (
    rest * rest * ((1 + 2 * u) * a + u * span * track.slopes[from]) +
    u * u * ((3 - 2 * u) * b - rest * span * track.slopes[to])
  );
}

/** Index of the last key at or before the time, -1 before the first. */
function lastKeyBefore(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Slopes of a monotone cubic: zero at extremes, else the weighted harmonic mean of both sides (Fritsch and
 * Butland 1984), which keeps every span between its two keys.
 */
function monotoneSlopes(times: Float64Array, values: Float32Array, period: number | undefined): Float32Array {
  const count = times.length;
  const slopes = new Float32Array(count);
  if (count < 2) return slopes;
  const spanAfter = (k: number): number =>
    k < count - 1 ? times[k + 1] - times[k] : times[0] + (period ?? 0) - times[count - 1];
  const riseAfter = (k: number): number => (values[(k + 1) % count] - values[k]) / spanAfter(k);
  for (let key = 0; key < count; key++) {
    const isEnd = key === 0 || key === count - 1;
    if (isEnd && period === undefined) continue;
    const before = (key + count - 1) % count;
    const spanBefore = spanAfter(before);
    const spanNext = spanAfter(key);
    const left = riseAfter(before);
    const right = riseAfter(key);
    if (!(left * right > 0)) continue;
    const wLeft = 2 * spanNext + spanBefore;
    const wRight = spanNext + 2 * spanBefore;
    slopes[key] = (wLeft + wRight) / (wLeft / left + wRight / right);
  }
  return slopes;
}
