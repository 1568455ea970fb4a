import type { ArkitChannel } from '#common/head/arkitChannels';
import { createSeededRandom, type SeededRandom } from '#common/math/seededRandom';
import { targetRange } from '#common/timeline/motionTarget';
import { reduceKeys } from '#tools/motions/reduceKeys';

/** A value over time, document units (weights, degrees). */
export type Curve = (timeSeconds: number) => number;

export type Target =
  | ArkitChannel
  | 'head.yaw'
  | 'head.pitch'
  | 'head.roll'
  | 'neck.yaw'
  | 'neck.pitch'
  | 'neck.roll'
  | 'gaze.yaw'
  | 'gaze.pitch';

/** Amounts by target; `mouthSmile` means both sides. */
export type Mix = Readonly<Record<string, number>>;

/** Seconds of a gesture's parts; at `start` it begins to rise. */
export interface Gesture {
  readonly start: number;
  readonly attack: number;
  readonly hold: number;
  readonly release: number;
}

/** The document `parseMotion` reads; tracks are lists of [seconds, value]. */
export interface MotionDocument {
  readonly format: 'avatarartist-motion';
  readonly version: 1;
  readonly name: string;
  readonly description: string;
  readonly loop: boolean;
  readonly durationSeconds: number;
  readonly tracks: Record<string, [number, number][]>;
}

/**
 * A motion being composed as layers that add up per target, then reduced to a few keys. In a loop everything wraps:
 * a gesture that runs over the end goes on at the start. Deterministic: chance comes from `random` only.
 */
export class MotionScore {
  readonly durationSeconds: number;
  readonly random: SeededRandom;
  readonly #about: { name: string; description: string };
  readonly #layers = new Map<string, Curve[]>();

  constructor(about: { name: string; description: string }, durationSeconds: number, seed: number) {
    this.#about = about;
    this.durationSeconds = durationSeconds;
    this.random = createSeededRandom(seed);
  }

  add(target: Target, curve: Curve): void {
    const layers = this.#layers.get(target);
    if (layers === undefined) this.#layers.set(target, [curve]);
    else layers.push(curve);
  }

  /** Adds a mix that follows one envelope; `life` may vary it (1 = as it is). */
  addMix(mix: Mix, envelope: Curve, life: Curve = () => 1): void {
    for (const [name, amount] of Object.entries(mix)) {
      for (const target of sidesOf(name)) this.add(target, (t) => amount * envelope(t) * life(t));
    }
  }

  /** A gesture's envelope in [0, 1], eased at both ends, wrapping over the loop. */
  envelope(gesture: Gesture): Curve {
    const { start, attack, hold, release } = gesture;
    return this.wrapped(start, attack + hold + release, (t) => {
      if (t < attack) return ease(t / attack);
      return t < attack + hold ? 1 : 1 - ease((t - attack - hold) / release);
    });
  }

  /** A curve of local time in [0, length] placed at `start`, zero elsewhere, wrapping over the loop. */
  wrapped(start: number, length: number, local: Curve): Curve {
    const { durationSeconds } = this;
    return (t) => {
      const at = t - start - Math.floor((t - start) / durationSeconds) * durationSeconds;
      return at <= length ? local(at) : 0;
    };
  }

  /** A slow wander with mean 0 and peaks near 1: a few whole cycles per loop with random phases. */
  drift(cycles: readonly number[]): Curve {
    const waves = cycles.map((count) => ({ count, phase: this.random.between(0, 2 * Math.PI) }));
    const scale = 1.3 / waves.length;
    const turn = (2 * Math.PI) / this.durationSeconds;
    return (t) =>
      waves.reduce((sum, { count, phase }) => sum + Math.sin(turn * count * t + phase), 0) * scale;
  }

  /** Present value of a target with all layers so far (for what depends on it, such as the eyes on the head). */
  value(target: Target, time: number): number {
    return (this.#layers.get(target) ?? []).reduce((sum, curve) => sum + curve(time), 0);
  }

  /** Samples at 60 per second, clamps to the targets' ranges and keeps as few keys as hold the curve. */
  toDocument(): MotionDocument {
    const count = Math.round(this.durationSeconds * 60);
    const tracks: Record<string, [number, number][]> = {};
    for (const [target, layers] of [...this.#layers].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const range = targetRange(target)!;
      const samples = Float64Array.from({ length: count }, (_, frame) => {
        const value = layers.reduce((sum, curve) => sum + curve(frame / 60), 0);
        return Math.min(range.high, Math.max(range.low, value));
      });
      const tolerance = range.unit === 'degrees' ? 0.12 : 0.008;
      if (samples.some((value) => Math.abs(value) > tolerance)) {
        tracks[target] = reduceKeys(samples, 60, tolerance);
      }
    }
    return {
      format: 'avatarartist-motion',
      version: 1,
      ...this.#about,
      loop: true,
      durationSeconds: this.durationSeconds,
      tracks,
    };
  }
}

/** Minimum-jerk step from 0 to 1. */
export function ease(u: number): number {
  const x = Math.min(1, Math.max(0, u));
  return x * x * x * (10 - 15 * x + 6 * x * x);
}

const PAIRED = [
  'eyeBlink', 'eyeSquint', 'eyeWide', 'eyeLookDown', 'eyeLookUp', 'mouthSmile', 'mouthFrown', 'mouthDimple', 'mouthStretch',
  'mouthPress', 'mouthLowerDown', 'mouthUpperUp', 'browDown', 'browOuterUp', 'cheekSquint', 'noseSneer',
]; // prettier-ignore

/** A paired name without a side stands for both of its channels. */
export function sidesOf(name: string): Target[] {
  return (PAIRED.includes(name) ? [`${name}Left`, `${name}Right`] : [name]) as Target[];
}
