import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import type { HeadModel } from '#common/head/headModel';
import { rotationDistance } from '#common/math/rotation';
import { landmarkBasis, LANDMARK_COORDINATES } from '#common/reconstruction/fit/landmarkBasis';
import type { LandmarkBasis } from '#common/reconstruction/fit/landmarkBasis';
import { solvePortrait } from '#common/reconstruction/fit/solveParameters';
import { drawHead } from '#test/bench/headSamples';

/** Landmarks that move less say nothing against noise; metres. */
const VISIBLE_MOTION = 0.0015;

/** A channel above this in the truth counts as active. */
export const ACTIVE_WEIGHT = 0.05;

/**
 * Channels whose motion of the landmarks is within the noise of a smile's, a closed mouth's or of identity: a
 * picture does not tell them apart, and the fit prefers the plainer one.
 */
const LOOK_ALIKE = /^mouthDimple|^mouthPress|^jawForward|^mouthClose/;

export interface ChannelRecovery {
  readonly name: string;
  /** Heads in which the channel is active, and the mean absolute error over them. */
  readonly active: number;
  readonly activeError: number;
  /** Whether the landmarks move at all with it (the tongue, say, has none). */
  readonly visible: boolean;
  /** Whether pictures tell the channel from others. */
  readonly toldApart: boolean;
  /** Mean recovered weight over the heads in which the channel rests. */
  readonly restWeight: number;
}

export interface Recovery {
  readonly heads: number;
  /** Degrees. */
  readonly rotationMedian: number;
  readonly rotationWorst: number;
  /** Mean absolute error over every active, visible channel of every head. */
  readonly activeError: number;
  /** The same without the channels that pictures cannot tell apart. */
  readonly toldApartError: number;
  readonly channels: readonly ChannelRecovery[];
  readonly millisecondsMedian: number;
}

/** Fits `heads` heads drawn from the model and compares with the truth. */
export function measureRecovery(model: HeadModel, heads: number, noise: number): Recovery {
  const count = ARKIT_CHANNELS.length;
  const active = new Float64Array(count);
  const activeError = new Float64Array(count);
  const restWeight = new Float64Array(count);
  const rotations: number[] = [];
  const times: number[] = [];
  const basis = landmarkBasis(model);
  const visible = ARKIT_CHANNELS.map((_, channel) => landmarkMotion(basis, channel) > VISIBLE_MOTION);
  for (let head = 0; head < heads; head++) {
    const truth = drawHead(model, head + 1, noise);
    const started = performance.now();
    const { state } = solvePortrait(basis, truth.observation);
    times.push(performance.now() - started);
    rotations.push((rotationDistance(state.rotation, truth.rotation) * 180) / Math.PI);
    for (let channel = 0; channel < count; channel++) {
      const weight = truth.weights[channel];
      if (weight > ACTIVE_WEIGHT) {
        active[channel]++;
        activeError[channel] += Math.abs(state.weights[channel] - weight);
      } else restWeight[channel] += state.weights[channel];
    }
  }
  const toldApart = ARKIT_CHANNELS.map((name, channel) => visible[channel] && !LOOK_ALIKE.test(name));
  const sum = (values: Float64Array, counted: readonly boolean[]): number =>
    values.reduce((total, value, channel) => total + (counted[channel] ? value : 0), 0);
  return {
    heads,
    rotationMedian: median(rotations),
    rotationWorst: Math.max(...rotations),
    activeError: sum(activeError, visible) / sum(active, visible),
    toldApartError: sum(activeError, toldApart) / sum(active, toldApart),
    channels: ARKIT_CHANNELS.map((name, channel) => ({
      name,
      visible: visible[channel],
      toldApart: toldApart[channel],
      active: active[channel],
      activeError: activeError[channel] / Math.max(1, active[channel]),
      restWeight: restWeight[channel] / Math.max(1, heads - active[channel]),
    })),
    millisecondsMedian: median(times),
  };
}

/** Largest motion of a landmark at weight 1, metres. */
function landmarkMotion(basis: LandmarkBasis, channel: number): number {
  const row = basis.expressions.subarray(
    channel * LANDMARK_COORDINATES,
    (channel + 1) * LANDMARK_COORDINATES,
  );
  let most = 0;
  for (let i = 0; i < row.length; i += 3) most = Math.max(most, Math.hypot(row[i], row[i + 1], row[i + 2]));
  return most;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
