import { CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import { ARKIT_CHANNELS, channelIndex } from '#common/head/arkitChannels';
import type { ArkitChannel } from '#common/head/arkitChannels';
import type { HeadModel } from '#common/head/headModel';
import { multiplyMat3 } from '#common/math/mat3';
import { createSeededRandom } from '#common/math/seededRandom';
import type { SeededRandom } from '#common/math/seededRandom';
import { stateLandmarks } from '#common/reconstruction/fit/fitState';
import { landmarkBasis } from '#common/reconstruction/fit/landmarkBasis';
import { CROP_DISTANCE } from '#common/reconstruction/sourceCrop';
import { rotationFromEuler } from '#common/rig/eulerRotation';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import type { FaceObservation } from '#common/tracking/faceObservation';

/** A head drawn from the model, and what a tracker with some noise would say of it. */
export interface HeadSample {
  readonly observation: FaceObservation;
  readonly identity: Float64Array;
  readonly weights: Float64Array;
  /** Model axes to camera axes. */
  readonly rotation: Float64Array;
}

const WIDTH = 512;
const FACING = Float64Array.of(1, 0, 0, 0, -1, 0, 0, 0, -1);
const DEGREE = Math.PI / 180;

/**
 * One head: identity normal in the model's modes, an expression as people make them, yaw +-35, pitch +-15,
 * roll +-12 degrees, distance and lens +-10 %. `noise` is the landmarks' deviation in eye spans (depth: 3x).
 */
export function drawHead(model: HeadModel, seed: number, noise: number): HeadSample {
  const random = createSeededRandom(seed);
  const identity = Float64Array.from(model.identity, () => clamp(random.normal(), -2.5, 2.5));
  const weights = drawExpression(random);
  const euler = {
    yaw: random.between(-35, 35) * DEGREE,
    pitch: random.between(-15, 15) * DEGREE,
    roll: random.between(-12, 12) * DEGREE,
  };
  const rotation = multiplyMat3(FACING, rotationFromEuler(euler));
  const focal = CANONICAL_FOCAL * random.between(0.9, 1.1);
  const distance = CROP_DISTANCE * (focal / CANONICAL_FOCAL) * random.between(0.9, 1.1);
  const centre = [random.between(-0.03, 0.03), random.between(-0.03, 0.03), distance];
  const placed = { identity, weights, rotation, translation: centre };
  const observation = observeHead(model, placed, { focal, noise, random });
  return { observation, identity, weights, rotation };
}

/** A head of the model in front of a camera. */
export interface PlacedHead {
  readonly identity: Float64Array;
  readonly weights: Float64Array;
  /** Model axes to camera axes. */
  readonly rotation: Float64Array;
  readonly translation: readonly number[];
}

interface Tracking {
  readonly focal: number;
  /** Deviation of the landmarks in eye spans; three times that for the depth. */
  readonly noise: number;
  readonly random: SeededRandom;
}

/** What a tracker would say of the head; a perfect one where `tracking` is left out. */
export function observeHead(model: HeadModel, head: PlacedHead, tracking?: Tracking): FaceObservation {
  const basis = landmarkBasis(model);
  const { rotation, translation } = head;
  const { focal, noise, random } = tracking ?? {
    focal: CANONICAL_FOCAL,
    noise: 0,
    random: createSeededRandom(1),
  };
  const points = stateLandmarks(basis, head);
  const landmarks = new Float32Array(points.length);
  const distance = translation[2];
  const scale = (focal * WIDTH) / distance;
  const jitter = noise * basis.eyeSpan * scale;
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const camera = [0, 1, 2].map((row) => {
      let sum = translation[row];
      for (let axis = 0; axis < 3; axis++) sum += rotation[row * 3 + axis] * points[i * 3 + axis];
      return sum;
    });
    landmarks[i * 3] = WIDTH * (0.5 + (focal * camera[0]) / camera[2]) + jitter * random.normal();
    landmarks[i * 3 + 1] = WIDTH * (0.5 + (focal * camera[1]) / camera[2]) + jitter * random.normal();
    landmarks[i * 3 + 2] = scale * (camera[2] - distance) + 3 * jitter * random.normal();
  }
  return {
    imageWidth: WIDTH,
    imageHeight: WIDTH,
    landmarks,
    confidence: 1,
    box: { x: 0, y: 0, width: WIDTH, height: WIDTH },
    headRotation: Float32Array.from(rotation),
    origin: 'tracked',
  };
}

/** Shares of kinds of expression after the measured recipe: smiles, speech, blinks, free mixes, emotions. */
function drawExpression(random: SeededRandom): Float64Array {
  const weights = new Float64Array(ARKIT_CHANNELS.length);
  const set = (name: ArkitChannel, value: number): void => {
    weights[channelIndex(name)] = clamp(value, 0, 1);
  };
  const both = (name: string, value: number): void => {
    set(`${name}Left` as ArkitChannel, value * random.between(0.85, 1.15));
    set(`${name}Right` as ArkitChannel, value * random.between(0.85, 1.15));
  };
  const kind = random.uniform();
  if (kind < 0.4) smile(random, set, both);
  else if (kind < 0.55) speak(random, set, both);
  else if (kind < 0.7) both(random.uniform() < 0.6 ? 'eyeBlink' : 'eyeSquint', random.between(0.3, 1));
  else if (kind < 0.9) mixFreely(random, set, both);
  else emote(random, set, both);
  look(random, set);
  return weights;
}

type Set = (name: ArkitChannel, value: number) => void;
type Both = (name: string, value: number) => void;

function smile(random: SeededRandom, set: Set, both: Both): void {
  const strength = random.between(0.2, 0.9);
  both('mouthSmile', strength);
  both('eyeSquint', strength * random.between(0, 0.5));
  if (random.uniform() < 0.6) {
    both('mouthUpperUp', strength * random.between(0.2, 0.7));
    both('mouthLowerDown', strength * random.between(0, 0.5));
    set('jawOpen', strength * random.between(0, 0.35));
  }
}

function speak(random: SeededRandom, set: Set, both: Both): void {
  set('jawOpen', random.between(0.05, 0.6));
  const sound = random.uniform();
  if (sound < 0.3) set('mouthFunnel', random.between(0.2, 0.8));
  else if (sound < 0.6) set('mouthPucker', random.between(0.2, 0.8));
  else both('mouthStretch', random.between(0.1, 0.5));
  if (random.uniform() < 0.4) both('mouthLowerDown', random.between(0.1, 0.5));
}

const FREE_PAIRS = ['browDown', 'browOuterUp', 'eyeWide', 'eyeSquint', 'mouthSmile', 'mouthFrown', 'mouthStretch', 'mouthUpperUp', 'mouthLowerDown', 'mouthDimple', 'mouthPress', 'noseSneer', 'cheekSquint']; // prettier-ignore
const FREE_SINGLES = ['browInnerUp', 'jawOpen', 'jawLeft', 'jawRight', 'jawForward', 'mouthFunnel', 'mouthPucker', 'mouthLeft', 'mouthRight', 'mouthRollLower', 'mouthRollUpper', 'mouthShrugLower', 'mouthShrugUpper', 'cheekPuff'] as const; // prettier-ignore

function mixFreely(random: SeededRandom, set: Set, both: Both): void {
  for (let count = 2 + random.integer(3); count > 0; count--) {
    const value = random.between(0.2, 0.8);
    if (random.uniform() < 0.6) both(FREE_PAIRS[random.integer(FREE_PAIRS.length)], value);
    else set(FREE_SINGLES[random.integer(FREE_SINGLES.length)], value);
  }
}

function emote(random: SeededRandom, set: Set, both: Both): void {
  const strength = random.between(0.4, 1);
  const emotion = random.integer(3);
  if (emotion === 0) {
    set('browInnerUp', strength);
    both('browOuterUp', strength * 0.8);
    both('eyeWide', strength * 0.8);
    set('jawOpen', strength * 0.5);
  } else if (emotion === 1) {
    both('browDown', strength);
    both('noseSneer', strength * 0.4);
    both('mouthFrown', strength * 0.5);
  } else {
    set('browInnerUp', strength * 0.7);
    both('mouthFrown', strength * 0.8);
    set('mouthShrugLower', strength * 0.4);
  }
}

/** Both eyes look the same way. */
function look(random: SeededRandom, set: Set): void {
  const side = clamp(random.normal() * 0.35, -1, 1);
  const height = clamp(random.normal() * 0.3, -1, 1);
  set('eyeLookOutLeft', side);
  set('eyeLookInRight', side);
  set('eyeLookInLeft', -side);
  set('eyeLookOutRight', -side);
  for (const eye of ['Left', 'Right'] as const) {
    set(`eyeLookUp${eye}`, height);
    set(`eyeLookDown${eye}`, -height);
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
