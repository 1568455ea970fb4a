import { addBlink, addBlinks, addBreathAndSway, addGazeHold, addSaccades } from '#tools/motions/lifeSigns';
import { MotionScore, type Mix } from '#tools/motions/motionScore';

interface Feeling {
  readonly name: string;
  readonly description: string;
  readonly seconds: number;
  readonly seed: number;
  /** Seconds from the first sign to the full expression; fast for surprise and fear, slow for sadness. */
  readonly onset: number;
  readonly offset: number;
  readonly face: Mix;
  /** Head and neck, degrees; they arrive a little after the face. */
  readonly posture: Mix;
  readonly sway?: number;
}

/** When the expression starts; long enough for the neutral face to be seen first. */
const START = 0.5;

/**
 * An expression that comes, lives and goes within one loop: the face leads, the head follows, amounts breathe by a
 * few percent, and the eyes stay with the viewer.
 */
function compose(feeling: Feeling): MotionScore {
  const { name, description, seconds, seed, onset, offset, face, posture } = feeling;
  const score = new MotionScore({ name, description }, seconds, seed);
  const hold = seconds - START - onset - offset - 0.35;
  const wander = score.drift([2, 3, 5]);
  const life = (t: number): number => 1 + 0.07 * wander(t);
  score.addMix(face, score.envelope({ start: START, attack: onset, hold, release: offset }), life);
  const late = {
    start: START + 0.12,
    attack: onset * 1.5 + 0.15,
    hold: hold - onset / 2 - 0.2,
    release: offset + 0.1,
  };
  score.addMix(posture, score.envelope(late), life);
  addBreathAndSway(score, feeling.sway ?? 0.7);
  addGazeHold(score);
  return score;
}

/** AU 6 + 12 with a hint of 25: a smile that reaches the eyes. */
export function joy(): MotionScore {
  const score = compose({
    name: 'Joy', description: 'A smile that reaches the eyes.', seconds: 6, seed: 21, onset: 0.55, offset: 1,
    face: {
      mouthSmileLeft: 0.8, mouthSmileRight: 0.75, cheekSquint: 0.55, eyeSquint: 0.3, mouthDimple: 0.12, mouthUpperUp: 0.16,
      jawOpen: 0.07, mouthLowerDown: 0.08, browOuterUp: 0.15, browInnerUp: 0.08,
    },
    posture: { 'head.pitch': -2.5, 'head.roll': 3.5, 'neck.roll': 1.5, 'head.yaw': -3 },
  }); // prettier-ignore
  // A small nod of recognition as the smile arrives.
  score.addMix(
    { 'head.pitch': 3.5, 'neck.pitch': 1 },
    score.envelope({ start: 1.15, attack: 0.22, hold: 0.02, release: 0.4 }),
  );
  addBlinks(score, [0.62, 3.3, 5.3]);
  addSaccades(score, 1);
  return score;
}

/** AU 4 + 5 + 7 + 23/24: brows drawn down over a fixed stare, lips pressed. */
export function anger(): MotionScore {
  const score = compose({
    name: 'Anger', description: 'Brows down, lips pressed, a fixed stare.', seconds: 6, seed: 22, onset: 0.4, offset: 0.9,
    face: {
      browDownLeft: 0.9, browDownRight: 0.85, eyeSquint: 0.32, eyeWide: 0.15, noseSneerLeft: 0.4, noseSneerRight: 0.34,
      mouthPress: 0.5, mouthFrown: 0.3, mouthRollUpper: 0.12, mouthRollLower: 0.18, mouthShrugLower: 0.25, jawForward: 0.25,
      cheekSquint: 0.15,
    },
    posture: { 'head.pitch': 5, 'neck.pitch': 2.5, 'head.yaw': 2 },
    sway: 0.4,
  }); // prettier-ignore
  score.addMix(
    { noseSneer: 0.2, mouthPress: 0.2, 'head.pitch': 1.5 },
    score.envelope({ start: 2.8, attack: 0.3, hold: 0.3, release: 0.6 }),
  );
  addBlinks(score, [0.55, 5.35]);
  addSaccades(score, 0.6);
  return score;
}

/** AU 1 + 4 + 15 + 17: inner brows up, mouth corners down, eyes that sink. */
export function sadness(): MotionScore {
  const score = compose({
    name: 'Sadness', description: 'Inner brows up, mouth corners down, a sinking head.', seconds: 8, seed: 23, onset: 1.2, offset: 1.4,
    face: {
      browInnerUp: 0.8, browDown: 0.14, mouthFrownLeft: 0.62, mouthFrownRight: 0.56, mouthShrugLower: 0.42, mouthShrugUpper: 0.12,
      mouthRollLower: 0.1, eyeSquint: 0.14, eyeBlink: 0.16, mouthPress: 0.14,
    },
    posture: { 'head.pitch': 6, 'neck.pitch': 3, 'head.roll': -4, 'neck.roll': -1.5 },
  }); // prettier-ignore
  score.addMix(
    { 'gaze.pitch': 11, 'gaze.yaw': -5 },
    score.envelope({ start: 2.9, attack: 0.35, hold: 1.6, release: 0.4 }),
  );
  addBlinks(score, [0.7, 2.95, 5.0, 7.2]);
  addSaccades(score, 0.7);
  return score;
}

/** AU 1 + 2 + 4 + 5 + 20 + 25/26: brows up and together, eyes wide, lips drawn back, a fine tremor. */
export function fear(): MotionScore {
  const score = compose({
    name: 'Fear', description: 'Wide eyes, lips drawn back, a fine tremor.', seconds: 6, seed: 24, onset: 0.22, offset: 1.1,
    face: {
      browInnerUp: 0.85, browOuterUp: 0.45, browDown: 0.22, eyeWide: 0.85, mouthStretchLeft: 0.5, mouthStretchRight: 0.56,
      jawOpen: 0.13, mouthLowerDown: 0.22, mouthFrown: 0.12,
    },
    posture: { 'head.pitch': -3.5, 'neck.pitch': -3, 'head.yaw': 4 },
    sway: 0.5,
  }); // prettier-ignore
  const shaken = score.envelope({ start: 0.8, attack: 0.4, hold: 2.6, release: 0.9 });
  score.addMix(
    { 'head.yaw': 0.45, 'head.roll': 0.3, mouthStretch: 0.04, jawOpen: 0.015 },
    (t) => shaken(t) * Math.sin(2 * Math.PI * 7 * t),
  );
  score.addMix({ 'gaze.yaw': -13 }, score.envelope({ start: 1.7, attack: 0.06, hold: 0.45, release: 0.06 }));
  score.addMix(
    { 'gaze.yaw': 11, 'gaze.pitch': 3 },
    score.envelope({ start: 2.75, attack: 0.06, hold: 0.4, release: 0.06 }),
  );
  addBlinks(score, [0.45, 3.6, 5.2]);
  addSaccades(score, 1.2);
  return score;
}

/** AU 9 + 10 + 4 with 15/17, stronger on one side, the head turning away. */
export function disgust(): MotionScore {
  const score = compose({
    name: 'Disgust', description: 'Nose wrinkled, lip raised, head turning away.', seconds: 6, seed: 25, onset: 0.45, offset: 1,
    face: {
      noseSneerLeft: 0.85, noseSneerRight: 0.7, mouthUpperUpLeft: 0.5, mouthUpperUpRight: 0.32, browDown: 0.5, eyeSquint: 0.42,
      cheekSquint: 0.4, mouthFrown: 0.32, mouthShrugLower: 0.3, mouthLowerDownRight: 0.15, jawOpen: 0.04,
    },
    posture: { 'head.yaw': -7, 'neck.yaw': -4, 'head.pitch': -3, 'head.roll': 3 },
  }); // prettier-ignore
  score.addMix(
    { tongueOut: 0.25, jawOpen: 0.1 },
    score.envelope({ start: 2.6, attack: 0.25, hold: 0.25, release: 0.35 }),
  );
  addBlinks(score, [0.5, 2.2, 5.1]);
  addSaccades(score, 0.8);
  return score;
}

/** AU 1 + 2 + 5 + 26: everything opens at once after a startled blink, then settles. */
export function surprise(): MotionScore {
  const score = compose({
    name: 'Surprise', description: 'Brows, eyes and mouth open at once.', seconds: 5, seed: 26, onset: 0.18, offset: 1.3,
    face: { browInnerUp: 0.9, browOuterUp: 0.85, eyeWide: 0.75, jawOpen: 0.38, mouthFunnel: 0.16, mouthUpperUp: 0.06 },
    posture: { 'head.pitch': -4, 'neck.pitch': -2, 'head.roll': -1.5 },
  }); // prettier-ignore
  addBlink(score, 0.36, 0.85);
  // The jaw settles while the brows stay up.
  score.addMix(
    { jawOpen: -0.2, mouthSmile: 0.25, cheekSquint: 0.12 },
    score.envelope({ start: 1.7, attack: 0.6, hold: 0.7, release: 1.2 }),
  );
  addBlinks(score, [2.1, 4.2]);
  addSaccades(score, 1);
  return score;
}
