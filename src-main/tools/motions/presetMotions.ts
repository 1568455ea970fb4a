import { anger, disgust, fear, joy, sadness, surprise } from '#tools/motions/emotions';
import { addBlinks, addBreathAndSway, addGazeHold, addSaccades } from '#tools/motions/lifeSigns';
import { laugh } from '#tools/motions/laugh';
import { lookAround } from '#tools/motions/lookAround';
import { MotionScore, type MotionDocument } from '#tools/motions/motionScore';
import { showcase } from '#tools/motions/showcase';
import { talk } from '#tools/motions/talk';

/** Every preset by file name; the same documents on every run. */
export function presetMotions(): Map<string, MotionDocument> {
  const scores = { idle, talk, laugh, surprise, lookAround, joy, anger, sadness, fear, disgust, showcase };
  return new Map(
    Object.entries(scores).map(([name, compose]) => [
      name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      compose().toDocument(),
    ]),
  );
}

/** Being alive and nothing else: breath, sway, blinks, small eye movements, a thought in the brows. */
function idle(): MotionScore {
  const score = new MotionScore(
    { name: 'Idle', description: 'Breath, blinks and small eye movements.' },
    10,
    11,
  );
  addBreathAndSway(score);
  addGazeHold(score);
  addSaccades(score, 1.3);
  addBlinks(score, [0.9, 3.7, 4.15, 7.6]);
  score.addMix(
    { browInnerUp: 0.1, browOuterUp: 0.07 },
    score.envelope({ start: 2.1, attack: 0.5, hold: 0.9, release: 0.9 }),
  );
  score.addMix(
    { mouthSmile: 0.1, cheekSquint: 0.06, mouthDimple: 0.05 },
    score.envelope({ start: 5.2, attack: 0.9, hold: 1.2, release: 1.4 }),
  );
  score.addMix(
    { mouthPress: 0.12, mouthRollLower: 0.05 },
    score.envelope({ start: 8.3, attack: 0.25, hold: 0.2, release: 0.5 }),
  );
  return score;
}
