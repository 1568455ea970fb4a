import { addBlinks, addBreathAndSway, addGazeHold } from '#tools/motions/lifeSigns';
import { MotionScore, type Mix } from '#tools/motions/motionScore';

/** Shapes one after another; each rises while the one before falls. */
const STATIONS: readonly Mix[] = [
  { browInnerUp: 0.9, browOuterUp: 0.8, eyeWide: 0.5 },
  { browDown: 0.9, eyeSquint: 0.3 },
  { eyeBlinkLeft: 1, cheekSquintLeft: 0.5, mouthSmileLeft: 0.3 },
  { eyeBlinkRight: 1, cheekSquintRight: 0.5, mouthSmileRight: 0.3 },
  { noseSneer: 0.9, mouthUpperUp: 0.4, eyeSquint: 0.4 },
  { cheekPuff: 0.9, mouthPress: 0.2 },
  { mouthSmile: 0.9, cheekSquint: 0.6, mouthDimple: 0.3 },
  { mouthFrown: 0.8, mouthShrugLower: 0.5, browInnerUp: 0.4 },
  { mouthPucker: 0.9 },
  { mouthFunnel: 0.85, jawOpen: 0.2 },
  { mouthLeft: 0.7, jawLeft: 0.5 },
  { mouthRight: 0.7, jawRight: 0.5 },
  { mouthStretch: 0.6, mouthLowerDown: 0.7, mouthUpperUp: 0.3 },
  { mouthRollUpper: 0.6, mouthRollLower: 0.7, mouthPress: 0.4 },
  { jawOpen: 0.75, eyeWide: 0.4, browOuterUp: 0.4 },
  { jawOpen: 0.35, tongueOut: 0.8 },
  { mouthShrugUpper: 0.6, mouthShrugLower: 0.7, jawForward: 0.6 },
];

const STATION_SECONDS = 0.6;

/** Twelve seconds through the range of the face, with slow turns of head and eyes underneath. */
export function showcase(): MotionScore {
  const about = { name: 'Showcase', description: 'A walk through the range of the face.' };
  const seconds = Math.ceil((STATIONS.length + 1.5) * STATION_SECONDS);
  const score = new MotionScore(about, seconds, 61);
  STATIONS.forEach((mix, index) => {
    const start = 0.3 + index * STATION_SECONDS;
    score.addMix(mix, score.envelope({ start, attack: 0.26, hold: 0.26, release: 0.26 }));
  });
  const turn = (2 * Math.PI) / seconds;
  score.add('head.yaw', (t) => 10 * Math.sin(2 * turn * t));
  score.add('neck.yaw', (t) => 6 * Math.sin(2 * turn * t - 0.35));
  score.add('head.pitch', (t) => 4.5 * Math.sin(3 * turn * t));
  score.add('neck.pitch', (t) => 2 * Math.sin(3 * turn * t - 0.35));
  score.add('head.roll', (t) => 5 * Math.sin(turn * t));
  addBreathAndSway(score, 0.4);
  addGazeHold(score, 0.7);
  addBlinks(score, [0.25, 5.0, 10.85]);
  return score;
}
