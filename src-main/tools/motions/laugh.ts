import { addBlinks, addBreathAndSway, addGazeHold, addSaccades } from '#tools/motions/lifeSigns';
import { ease, MotionScore } from '#tools/motions/motionScore';

/** Two bursts of laughter: breath pulses near five a second that weaken, head thrown back, then a lasting smile. */
export function laugh(): MotionScore {
  const about = { name: 'Laugh', description: 'Two bursts of laughter and the smile after.' };
  const score = new MotionScore(about, 7, 31);
  const amused = score.envelope({ start: 0.4, attack: 0.45, hold: 4.3, release: 1.3 });
  score.addMix(
    {
      mouthSmileLeft: 0.85, mouthSmileRight: 0.8, cheekSquint: 0.65, eyeSquint: 0.4, mouthUpperUp: 0.22, mouthDimple: 0.1,
      browOuterUp: 0.12, noseSneer: 0.1,
    },
    amused,
  ); // prettier-ignore
  addBurst(score, { start: 0.75, pulses: 8, rate: 4.9, strength: 1 });
  addBurst(score, { start: 3.0, pulses: 6, rate: 4.6, strength: 0.75 });
  addBreathAndSway(score, 0.6);
  addGazeHold(score, 0.6);
  addSaccades(score, 0.8);
  addBlinks(score, [0.3, 2.62, 4.75, 6.2]);
  return score;
}

function addBurst(
  score: MotionScore,
  burst: { start: number; pulses: number; rate: number; strength: number },
): void {
  const { start, pulses, rate, strength } = burst;
  const length = pulses / rate;
  const body = score.envelope({ start: start - 0.15, attack: 0.3, hold: length - 0.2, release: 0.7 });
  // The lids narrow to slits at the height of the laugh.
  score.addMix(
    { jawOpen: 0.26 * strength, mouthLowerDown: 0.16, eyeBlink: 0.34 * strength, eyeSquint: 0.25, 'head.pitch': -5.5 * strength, 'neck.pitch': -2.5 * strength, 'head.roll': 2.5 * strength },
    body,
  ); // prettier-ignore
  const pulse = score.wrapped(start, length, (t) => {
    const phase = (t * rate) % 1;
    // A sharp breath out and a slower return.
    const beat = phase < 0.35 ? ease(phase / 0.35) : 1 - ease((phase - 0.35) / 0.65);
    return beat * (1 - 0.5 * (t / length)) * strength;
  });
  score.addMix(
    { jawOpen: 0.15, mouthUpperUp: 0.07, cheekSquint: 0.12, browInnerUp: 0.06, 'head.pitch': -1.6, 'neck.pitch': 1.1, 'head.yaw': 0.4 },
    pulse,
  ); // prettier-ignore
}
