import { addBlinks, addBreathAndSway, addGazeHold, addSaccades } from '#tools/motions/lifeSigns';
import { MotionScore } from '#tools/motions/motionScore';
import { addSpeech, type Sound } from '#tools/motions/speech';

/** "Hello, it is so good to see you." */
const GREETING: readonly Sound[] = [
  ['EH', 0.1], ['DTNL', 0.08], ['OH', 0.24, 1.15], ['rest', 0.16], ['IH', 0.08], ['DTNL', 0.05], ['IH', 0.06], ['SZ', 0.12],
  ['OH', 0.16], ['KG', 0.07], ['OO', 0.15, 1.2], ['DTNL', 0.06], ['DTNL', 0.05], ['OO', 0.07], ['SZ', 0.11], ['IH', 0.17, 1.1],
  ['CHSH', 0.06], ['OO', 0.2],
]; // prettier-ignore

/** "Everything I say moves my mouth from vowel to vowel." */
const REMARK: readonly Sound[] = [
  ['EH', 0.12, 1.15], ['FV', 0.08], ['R', 0.07], ['IH', 0.08], ['TH', 0.08], ['IH', 0.08], ['KG', 0.07], ['AA', 0.16, 0.9],
  ['SZ', 0.1], ['EH', 0.16, 1.1], ['rest', 0.08], ['MBP', 0.1], ['OO', 0.15, 1.2], ['FV', 0.08], ['SZ', 0.08], ['MBP', 0.08],
  ['AA', 0.13], ['MBP', 0.09], ['AA', 0.17, 1.1], ['W', 0.07], ['TH', 0.09], ['rest', 0.06], ['FV', 0.09], ['R', 0.06],
  ['AA', 0.07, 0.7], ['MBP', 0.08], ['FV', 0.09], ['AA', 0.17, 1.05], ['W', 0.08], ['DTNL', 0.07], ['DTNL', 0.06], ['OO', 0.08],
  ['FV', 0.09], ['AA', 0.2, 1.1], ['W', 0.08], ['OH', 0.08], ['DTNL', 0.14],
]; // prettier-ignore

/** Beats of the head on stressed syllables: seconds and strength. */
const BEATS = [
  [0.92, 1],
  [1.95, 0.9],
  [2.55, 0.7],
  [4.3, 1],
  [5.35, 0.8],
  [6.15, 0.7],
  [7.35, 0.9],
] as const;

/** Two sentences with a pause for thought between them. */
export function talk(): MotionScore {
  const about = { name: 'Talk', description: 'Two spoken sentences with beats of head and brows.' };
  const score = new MotionScore(about, 9, 51);
  addSpeech(score, 0.7, GREETING);
  addSpeech(score, 4.1, REMARK);
  for (const [time, strength] of BEATS) {
    const beat = score.envelope({ start: time - 0.12, attack: 0.16, hold: 0.02, release: 0.34 });
    score.addMix({ 'head.pitch': 2.6 * strength, 'neck.pitch': 0.8 * strength, browInnerUp: 0.14 * strength, browOuterUp: 0.16 * strength }, beat);
  } // prettier-ignore
  // Friendly throughout, a smile at the end of the greeting.
  score.addMix({ mouthSmile: 0.08, cheekSquint: 0.1 }, () => 1);
  score.addMix(
    { mouthSmile: 0.35, cheekSquint: 0.3, eyeSquint: 0.15, mouthDimple: 0.1 },
    score.envelope({ start: 2.45, attack: 0.4, hold: 0.5, release: 0.7 }),
  );
  // Sentences swing the head: to one side, back, to the other.
  score.addMix(
    { 'head.yaw': 4, 'neck.yaw': 2, 'head.roll': -2.5 },
    score.envelope({ start: 0.6, attack: 0.7, hold: 1, release: 0.9 }),
  );
  score.addMix(
    { 'head.yaw': -4.5, 'neck.yaw': -2, 'head.roll': 2.5 },
    score.envelope({ start: 4.0, attack: 0.8, hold: 2.2, release: 1 }),
  );
  addBreathAndSway(score, 0.8);
  addGazeHold(score);
  // Eyes go up and aside for the next thought.
  score.addMix(
    { 'gaze.yaw': 12, 'gaze.pitch': -8 },
    score.envelope({ start: 3.35, attack: 0.07, hold: 0.55, release: 0.07 }),
  );
  score.addMix(
    { browInnerUp: 0.2, browOuterUp: 0.15 },
    score.envelope({ start: 3.3, attack: 0.3, hold: 0.4, release: 0.4 }),
  );
  addSaccades(score, 1);
  addBlinks(score, [0.45, 2.7, 3.32, 5.65, 8.15]);
  return score;
}
