import { ease, type Curve, type MotionScore } from '#tools/motions/motionScore';

/**
 * A blink as people do it: lids fall in a tenth of a second, rest for a frame or two, rise twice as slowly with a
 * soft end (Evinger et al. 1991: down-phase twice as fast as up-phase); the eyes dip and the brows give a little.
 */
export function addBlink(score: MotionScore, start: number, depth = 1): void {
  const down = 0.09;
  const hold = 0.035;
  const up = 0.22;
  const lids = (late: number): Curve =>
    score.wrapped(start + late, down + hold + up, (t) => {
      if (t < down) return depth * ease(t / down);
      if (t < down + hold) return depth;
      return depth * (1 - ease(((t - down - hold) / up) ** 0.8));
    });
  score.add('eyeBlinkLeft', lids(0));
  score.add('eyeBlinkRight', lids(0.008));
  const soft = score.envelope({ start, attack: 0.1, hold: 0.02, release: 0.25 });
  score.addMix({ browDown: 0.05 * depth, eyeSquint: 0.1 * depth, 'gaze.pitch': 1.5 * depth }, soft);
}

/** Blinks at irregular times, `gaps` seconds apart; now and then a double one. */
export function addBlinks(score: MotionScore, times: readonly number[]): void {
  for (const time of times) addBlink(score, time, score.random.between(0.94, 1));
}

/** Two breaths per eight seconds or so, in the neck against the head, and a wandering head that is never still. */
export function addBreathAndSway(score: MotionScore, amount = 1): void {
  const breaths = Math.max(1, Math.round(score.durationSeconds / 4));
  const breath: Curve = (t) => Math.sin((2 * Math.PI * breaths * t) / score.durationSeconds);
  score.add('neck.pitch', (t) => -0.7 * amount * breath(t));
  score.add('head.pitch', (t) => 0.45 * amount * breath(t - 0.25));
  score.addMix({ noseSneer: 0.02 * amount }, (t) => 0.5 + 0.5 * breath(t + 0.4));
  const slow = [1, 2, 3];
  score.addMix({ 'head.yaw': 1.3 * amount, 'neck.yaw': 0.6 * amount }, score.drift(slow));
  score.addMix({ 'head.pitch': 0.9 * amount, 'neck.pitch': 0.4 * amount }, score.drift(slow));
  score.addMix({ 'head.roll': 0.8 * amount, 'neck.roll': 0.5 * amount }, score.drift(slow));
}

/** Small irregular jumps of the eyes: each takes 40 ms and is held until the next. */
export function addSaccades(score: MotionScore, sizeDegrees = 1.2): void {
  const stops: { time: number; yaw: number; pitch: number }[] = [];
  for (let time = 0.2; time < score.durationSeconds - 0.3; time += score.random.between(0.35, 1.4)) {
    stops.push({
      time,
      yaw: sizeDegrees * score.random.normal() * 0.8,
      pitch: sizeDegrees * score.random.normal() * 0.5,
    });
  }
  score.add('gaze.yaw', stepCurve(score, stops, 'yaw'));
  score.add('gaze.pitch', stepCurve(score, stops, 'pitch'));
}

/** Steps between held values with a 40 ms ease, periodic. */
function stepCurve<Key extends string>(
  score: MotionScore,
  stops: readonly (Record<Key, number> & { time: number })[],
  key: Key,
): Curve {
  return (t) => {
    const time = t - Math.floor(t / score.durationSeconds) * score.durationSeconds;
    let index = stops.length - 1;
    while (index >= 0 && stops[index].time > time) index--;
    const now = stops[(index + stops.length) % stops.length];
    const before = stops[(index - 1 + 2 * stops.length) % stops.length];
    const since = index >= 0 ? time - now.time : 1;
    return before[key] + (now[key] - before[key]) * ease(since / 0.04);
  };
}

/** The eyes hold the viewer while the head moves (vestibulo-ocular reflex); add it after the head's layers. */
export function addGazeHold(score: MotionScore, share = 0.85): void {
  const frozen = (['head.yaw', 'neck.yaw', 'head.pitch', 'neck.pitch'] as const).map((target) => {
    const count = Math.round(score.durationSeconds * 60);
    const samples = Float64Array.from({ length: count }, (_, frame) => score.value(target, frame / 60));
    return (t: number): number => samples[((Math.round(t * 60) % count) + count) % count];
  });
  score.add('gaze.yaw', (t) => -share * (frozen[0](t) + frozen[1](t)));
  score.add('gaze.pitch', (t) => -share * (frozen[2](t) + frozen[3](t)));
}
