import { addBlink, addBreathAndSway, addSaccades } from '#tools/motions/lifeSigns';
import { ease, MotionScore, type Curve } from '#tools/motions/motionScore';

/** Where to look from when on, degrees from straight ahead. */
const STOPS = [
  { time: 0, yaw: 0, pitch: 0 },
  { time: 0.8, yaw: 25, pitch: -3 },
  { time: 2.3, yaw: 17, pitch: 11 },
  { time: 3.6, yaw: -21, pitch: 3 },
  { time: 5.0, yaw: -26, pitch: -9 },
  { time: 6.5, yaw: 2, pitch: -13 },
  { time: 7.7, yaw: 0, pitch: 0 },
] as const;

/** Shares of a look that the joints take in the end; the eyes make up the rest. */
const HEAD = 0.4;
const NECK = 0.22;

/**
 * The eyes jump to the new place within 70 ms, the head starts a tenth of a second later and takes half a second,
 * the neck later still; meanwhile the eyes turn back, because their target stays where it is (Land 2006).
 */
export function lookAround(): MotionScore {
  const about = { name: 'Look around', description: 'Eyes lead, head and neck follow.' };
  const score = new MotionScore(about, 9, 41);
  for (const axis of ['yaw', 'pitch'] as const) {
    const head = follow(axis, HEAD, 0.1, 0.5);
    const neck = follow(axis, NECK, 0.2, 0.7);
    const look = follow(axis, 1, 0, 0.07);
    score.add(`head.${axis}`, head);
    score.add(`neck.${axis}`, neck);
    // The eyes wait at the end of their reach until the head has come along.
    const reach = axis === 'yaw' ? 25 : 16;
    score.add(`gaze.${axis}`, (t) => Math.min(reach, Math.max(-reach, look(t) - head(t) - neck(t))));
  }
  // A turning head tilts a little the other way.
  const tilt = follow('yaw', -0.09, 0.12, 0.6);
  score.add('head.roll', tilt);
  // Looking up lifts the brows.
  const up = follow('pitch', -1, 0.05, 0.3);
  score.addMix({ browInnerUp: 0.02, browOuterUp: 0.022 }, (t) => Math.max(0, up(t)));
  addBreathAndSway(score, 0.5);
  addSaccades(score, 0.9);
  for (const stop of [STOPS[1], STOPS[3], STOPS[6]]) addBlink(score, stop.time - 0.06, 0.9);
  addBlink(score, 5.75);
  score.addMix(
    { mouthPress: 0.15, mouthLeft: 0.12 },
    score.envelope({ start: 4.1, attack: 0.3, hold: 0.7, release: 0.5 }),
  );
  return score;
}

/** A share of the look's angle, each step eased over `seconds` after a delay. */
function follow(axis: 'yaw' | 'pitch', share: number, delay: number, seconds: number): Curve {
  return (t) => {
    let angle: number = STOPS[0][axis];
    for (let k = 1; k < STOPS.length; k++) {
      angle += (STOPS[k][axis] - STOPS[k - 1][axis]) * ease((t - STOPS[k].time - delay) / seconds);
    }
    return share * angle;
  };
}
