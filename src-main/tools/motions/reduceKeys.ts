import { buildTrack, sampleTrack, type MotionTrack } from '#common/timeline/motionTrack';

/**
 * The fewest keys (greedily) whose looping monotone cubic stays within `tolerance` of evenly spaced samples:
 * starts from the turning points and adds the worst sample until it fits. Values are rounded to a thousandth.
 */
export function reduceKeys(samples: Float64Array, fps: number, tolerance: number): [number, number][] {
  const rounded = samples.map((value) => Math.round(value * 1000) / 1000);
  const chosen = new Set<number>([0]);
  for (let frame = 0; frame < rounded.length; frame++)
    if (isTurn(rounded, frame, tolerance)) chosen.add(frame);
  for (;;) {
    const track = trackOf(rounded, chosen, fps);
    const missed = worstPerSpan(rounded, track, chosen, fps).filter(({ error }) => error > tolerance);
    if (missed.length === 0) break;
    for (const { frame } of missed) chosen.add(frame);
  }
  const frames = [...chosen].toSorted((a, b) => a - b);
  return frames.map((frame) => [Math.round((frame / fps) * 10_000) / 10_000, rounded[frame]]);
}

/** A sample that stands out of both of its neighbourhoods by the tolerance. */
function isTurn(samples: Float64Array, frame: number, tolerance: number): boolean {
  const value = samples[frame];
  const count = samples.length;
  let sign = 0;
  for (const step of [-1, 1]) {
    let k = frame + step;
    while (k !== frame + step * count && samples[(k + 2 * count) % count] === value) k += step;
    const there = Math.sign(value - samples[(k + 2 * count) % count]);
    if (there === 0 || (sign !== 0 && there !== sign)) return false;
    sign = there;
  }
  const reach = 6;
  for (const step of [-reach, reach]) {
    if (Math.abs(samples[(frame + step + 2 * count) % count] - value) > tolerance) return true;
  }
  return false;
}

function trackOf(samples: Float64Array, chosen: ReadonlySet<number>, fps: number): MotionTrack {
  const frames = [...chosen].toSorted((a, b) => a - b);
  const times = Float64Array.from(frames, (frame) => frame / fps);
  const values = Float32Array.from(frames, (frame) => samples[frame]);
  return buildTrack({ target: '', interpolation: 'smooth', times, values }, samples.length / fps);
}

/** The sample of largest error between each two neighbouring keys. */
function worstPerSpan(
  samples: Float64Array,
  track: MotionTrack,
  chosen: ReadonlySet<number>,
  fps: number,
): { frame: number; error: number }[] {
  const worst: { frame: number; error: number }[] = [];
  let current = { frame: -1, error: 0 };
  for (let frame = 0; frame < samples.length; frame++) {
    if (chosen.has(frame)) {
      worst.push(current);
      current = { frame: -1, error: 0 };
      continue;
    }
    const error = Math.abs(sampleTrack(track, frame / fps) - samples[frame]);
    if (error > current.error) current = { frame, error };
  }
  worst.push(current);
  return worst;
}
