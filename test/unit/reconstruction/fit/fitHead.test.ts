import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#common/contract/errors';
import { channelIndex } from '#common/head/arkitChannels';
import type { HeadModel } from '#common/head/headModel';
import { decodeHeadModel } from '#common/head/headModelCodec';
import { rotationFromVector } from '#common/math/rotation';
import { fitExpression } from '#common/reconstruction/fit/fitExpression';
import { fitHead } from '#common/reconstruction/fit/fitHead';
import { sampleLandmarks } from '#common/reconstruction/fit/landmarkBasis';
import { INNER_LIP_PAIRS, LEFT_EYE, RIGHT_EYE } from '#common/reconstruction/fit/landmarkSets';
import { openness } from '#common/reconstruction/fit/naturalNeutral';
import { sourceView } from '#common/reconstruction/fit/sourceView';
import { jointTransforms, posePoint, TRANSFORM_SIZE } from '#common/rig/jointTransforms';
import type { FaceObservation } from '#common/tracking/faceObservation';
import { observeHead } from '#test/bench/headSamples';
import { measureRecovery } from '#test/bench/recoveryTable';

let model: HeadModel;
beforeAll(() => {
  model = decodeHeadModel(new Uint8Array(readFileSync('assets/head/head-v1.bin')));
});

function weightsOf(entries: Record<string, number>): Float64Array {
  const weights = new Float64Array(52);
  for (const [name, value] of Object.entries(entries)) weights[channelIndex(name as 'jawOpen')] = value;
  return weights;
}

/** The model's mean face with something of a person, seen frontally or turned. */
function aFace(entries: Record<string, number> = {}, yaw = 0.2): FaceObservation {
  const identity = Float64Array.from(model.identity, (_, k) => Math.sin(k * 1.7) * 0.7);
  const facing = Float64Array.of(1, 0, 0, 0, -1, 0, 0, 0, -1);
  const turned = rotationFromVector([0, -yaw, 0]);
  const rotation = turned.map((_, i) => {
    const [row, column] = [Math.floor(i / 3), i % 3];
    return turned[row * 3 + column] * facing[column * 4];
  });
  return observeHead(model, {
    identity,
    weights: weightsOf(entries),
    rotation,
    translation: [0.01, -0.02, 1.88],
  });
}

/** Moves the landmarks as a cartoon would: huge eyes, a broad round face, next to no nose. */
function stylised(observation: FaceObservation): FaceObservation {
  const landmarks = observation.landmarks.slice();
  const centre = (points: readonly number[], axis: number): number =>
    points.reduce((sum, point) => sum + observation.landmarks[point * 3 + axis] / points.length, 0);
  const middle = [centre([168, 2], 0), centre([168, 2], 1)];
  const span = Math.abs(observation.landmarks[263 * 3] - observation.landmarks[33 * 3]);
  for (let i = 0; i < 478; i++) {
    const x = observation.landmarks[i * 3];
    const y = observation.landmarks[i * 3 + 1];
    let dx = 0.12 * (x - middle[0]);
    let dy = -0.05 * (y - middle[1]);
    for (const eye of [RIGHT_EYE, LEFT_EYE]) {
      const cx = centre(eye.corners, 0);
      const cy = centre(eye.corners, 1);
      const near = Math.exp(-(((x - cx) / (0.28 * span)) ** 2) - ((y - cy) / (0.28 * span)) ** 2);
      dx += 0.45 * near * (x - cx);
      dy += 0.9 * near * (y - cy);
    }
    landmarks[i * 3] += dx;
    landmarks[i * 3 + 1] += dy;
  }
  return { ...observation, landmarks };
}

/** Extent of the left eyeball along one axis, metres. */
function eyeExtent(vertices: Float32Array, axis: number): number {
  const part = model.parts.find(({ name }) => name === 'eyeLeft')!;
  const values = Array.from(
    { length: part.vertexCount },
    (_, k) => vertices[(part.firstVertex + k) * 3 + axis],
  );
  return Math.max(...values) - Math.min(...values);
}
const eyeWidth = (vertices: Float32Array): number => eyeExtent(vertices, 0);
const eyeHeight = (vertices: Float32Array): number => eyeExtent(vertices, 1);

function lipGap(landmarks: Float64Array): number {
  return Math.max(...INNER_LIP_PAIRS.map(([u, l]) => Math.abs(landmarks[u * 3 + 1] - landmarks[l * 3 + 1])));
}

describe('fitHead', () => {
  it('finds pose and expression of heads drawn from the model', () => {
    const recovery = measureRecovery(model, 12, 0.01);
    expect(recovery.rotationWorst).toBeLessThan(2);
    expect(recovery.rotationMedian).toBeLessThan(0.8);
    // 200 heads average better (bench:fit).
    expect(recovery.toldApartError).toBeLessThan(0.095);
  });

  it('meets the landmarks and keeps a smile out of the neutral face', () => {
    const still = fitHead(model, aFace());
    const smiling = fitHead(model, aFace({ mouthSmileLeft: 0.8, mouthSmileRight: 0.8, jawOpen: 0.15 }));
    expect(still.finalResidual).toBeLessThan(0.005);
    expect(smiling.finalResidual).toBeLessThan(0.005);
    expect(smiling.weights[channelIndex('mouthSmileLeft')]).toBeGreaterThan(0.6);
    const a = sampleLandmarks(model, still.neutral);
    const b = sampleLandmarks(model, smiling.neutral);
    const smile = sampleLandmarks(model, smiling.source);
    for (const corner of [61, 291]) {
      const left = Math.hypot(a[corner * 3] - b[corner * 3], a[corner * 3 + 1] - b[corner * 3 + 1]);
      const moved = Math.hypot(a[corner * 3] - smile[corner * 3], a[corner * 3 + 1] - smile[corner * 3 + 1]);
      expect(left).toBeLessThan(0.3 * moved);
    }
    expect(lipGap(b)).toBeLessThan(0.002);
  });

  it('leaves nothing of a laugh in the neutral mouth', () => {
    const laugh = { mouthSmileLeft: 0.8, mouthSmileRight: 0.8, jawOpen: 0.5, mouthUpperUpLeft: 0.7, mouthUpperUpRight: 0.7 }; // prettier-ignore
    const still = sampleLandmarks(model, fitHead(model, aFace()).neutral);
    const fit = fitHead(model, aFace(laugh));
    const calm = sampleLandmarks(model, fit.neutral);
    expect(lipGap(calm)).toBeLessThan(0.002);
    for (const [outer, inner] of [[0, 13], [17, 14]] as const) {
      const thickness = (face: Float64Array) => Math.abs(face[outer * 3 + 1] - face[inner * 3 + 1]);
      expect(Math.abs(thickness(calm) - thickness(still))).toBeLessThan(0.003);
    }
    const close = channelIndex('mouthClose');
    expect(fit.weights[close]).toBeLessThan(fit.weights[channelIndex('jawOpen')] + 0.05);
  }); // prettier-ignore

  it('gives a turned head an even neutral face, whatever the tracker guesses of its far side', () => {
    const face = aFace({}, 0.6);
    const trust = fitHead(model, face).confidences;
    const span = Math.abs(face.landmarks[263 * 3] - face.landmarks[33 * 3]);
    const landmarks = face.landmarks.map((value, k) =>
      trust[Math.floor(k / 3)] < 0.4 && k % 3 < 2 ? value + 0.06 * span : value,
    );
    const neutral = sampleLandmarks(model, fitHead(model, { ...face, landmarks }).neutral);
    for (const [left, right] of [[50, 280], [61, 291], [33, 263], [205, 425]] as const) {
      expect(Math.abs(neutral[left * 3] + neutral[right * 3])).toBeLessThan(0.002);
      expect(Math.abs(neutral[left * 3 + 2] - neutral[right * 3 + 2])).toBeLessThan(0.002);
    }
    for (const middle of [1, 152, 17]) expect(Math.abs(neutral[middle * 3])).toBeLessThan(0.0015);
  }); // prettier-ignore

  it('bends to huge eyes and a round face without folding the skin', () => {
    const fit = fitHead(model, stylised(aFace({}, 0)));
    expect(fit.finalResidual).toBeLessThan(0.01);
    expect(fit.folds.after).toBeLessThan(model.indices.length / 3 / 500);
    const plain = fitHead(model, aFace({}, 0));
    expect(eyeHeight(fit.neutral)).toBeGreaterThan(1.1 * eyeHeight(plain.neutral));
    expect(eyeHeight(fit.neutral)).toBeCloseTo(eyeWidth(fit.neutral), 3);
    expect(openness(LEFT_EYE, sampleLandmarks(model, fit.neutral))).toBeGreaterThan(0.3);
    expect(fit.neutral.every(Number.isFinite)).toBe(true);
  });

  it('gives a camera and pose that see head points where the fit has them', () => {
    const fit = fitHead(model, aFace({ jawOpen: 0.4 }, 0.5));
    const { camera, pose } = sourceView(fit);
    const head = fit.joints.findIndex((joint) => joint.name === 'head');
    const transforms = jointTransforms(fit.joints, pose);
    for (const point of [
      [0.02, 0.05, 0.09],
      [-0.07, -0.03, 0.01],
    ] as const) {
      const posed = posePoint(transforms, head * TRANSFORM_SIZE, point);
      for (let row = 0; row < 3; row++) {
        let seen = camera.translation[row];
        let wanted = fit.translation[row];
        for (let axis = 0; axis < 3; axis++) {
          seen += camera.rotation[row * 3 + axis] * posed[axis];
          wanted += fit.rotation[row * 3 + axis] * point[axis];
        }
        expect(seen).toBeCloseTo(wanted, 9);
      }
    }
  });

  it('is deterministic', () => {
    const face = aFace({ mouthPucker: 0.5 });
    expect(fitHead(model, face).neutral).toEqual(fitHead(model, face).neutral);
  });

  it('refuses landmarks that are no face', () => {
    const face = aFace();
    const bad = (landmarks: Float32Array) => () => fitHead(model, { ...face, landmarks });
    expect(bad(new Float32Array(30))).toThrow(AppError);
    expect(bad(face.landmarks.map((v, i) => (i === 5 ? NaN : v)))).toThrow(/not a finite number/);
    expect(bad(new Float32Array(478 * 3).fill(7))).toThrow(/span/);
  });
});

describe('fitExpression', () => {
  it('follows a known person through a ramp, warm started', () => {
    const person = fitHead(model, aFace());
    let previous = fitExpression(model, person, aFace());
    let last = -1;
    for (const jawOpen of [0, 0.25, 0.5, 0.75, 1]) {
      previous = fitExpression(model, person, aFace({ jawOpen }), previous);
      const found = previous.weights[channelIndex('jawOpen')];
      expect(found).toBeGreaterThan(last);
      last = found;
    }
    expect(last).toBeGreaterThan(0.6);
  });
});
