import { describe, expect, it } from 'vitest';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import { eyeSpanOf, measureFace } from '#tools/evaluate/faceMeasures';

const POINTS: Readonly<Record<number, readonly [number, number]>> = {
  33: [100, 200], 133: [160, 200], 362: [240, 200], 263: [300, 200], // corners of the eyes
  386: [270, 190], 374: [270, 210], 385: [255, 190], 380: [255, 210], 387: [285, 190], 373: [285, 210],
  159: [130, 195], 145: [130, 205], 158: [145, 195], 153: [145, 205], 160: [115, 195], 144: [115, 205],
  107: [180, 170], 66: [170, 170], 55: [180, 175], 336: [220, 170], 296: [230, 170], 285: [220, 175],
  64: [180, 270], 294: [220, 270], 61: [160, 310], 291: [240, 310],
  13: [200, 305], 14: [200, 315], 82: [190, 305], 87: [190, 315], 312: [210, 305], 317: [210, 315],
  0: [200, 300], 17: [200, 320], 37: [190, 300], 84: [190, 320], 267: [210, 300], 314: [210, 320],
}; // prettier-ignore

function face(changes: Readonly<Record<number, readonly [number, number]>> = {}): {
  landmarks: Float32Array;
} {
  const landmarks = new Float32Array(LANDMARK_COUNT * 3);
  for (const [index, [x, y]] of Object.entries({ ...POINTS, ...changes }))
    landmarks.set([x, y], Number(index) * 3);
  return { landmarks };
}

describe('measureFace', () => {
  it('measures in eye spans, left being the subject’s own', () => {
    const measures = measureFace(face());
    expect(measures.eyeOpennessLeft).toBeCloseTo(20 / 200, 6);
    expect(measures.eyeOpennessRight).toBeCloseTo(10 / 200, 6);
    expect(measures.mouthOpening).toBeCloseTo(10 / 200, 6);
    expect(measures.mouthWidth).toBeCloseTo(80 / 200, 6);
    expect(measures.mouthRoundness).toBeCloseTo(20 / 80, 6);
    expect(measures.innerBrowHeight).toBeCloseTo((30 * 4 + 25 * 2) / 6 / 200, 6);
  });

  it('sees the left corner pulled up and out on the left only', () => {
    const still = measureFace(face());
    const smile = measureFace(face({ 291: [250, 300] }));
    expect(smile.cornerPullLeft - still.cornerPullLeft).toBeCloseTo((20 / 200) * Math.SQRT1_2, 6);
    expect(smile.cornerPullRight).toBe(still.cornerPullRight);
  });

  it('does not change when the picture is scaled, shifted and rolled', () => {
    const { landmarks } = face();
    const turned = new Float32Array(landmarks.length);
    for (let at = 0; at < landmarks.length; at += 3) {
      turned[at] = 1.5 * (landmarks[at] * Math.cos(0.3) - landmarks[at + 1] * Math.sin(0.3)) + 40;
      turned[at + 1] = 1.5 * (landmarks[at] * Math.sin(0.3) + landmarks[at + 1] * Math.cos(0.3)) - 20;
    }
    const [before, after] = [face(), { landmarks: turned }].map((observed) => measureFace(observed));
    for (const [name, value] of Object.entries(before)) {
      expect(after[name as keyof typeof after], name).toBeCloseTo(value, 5);
    }
  });

  it('keeps the unit it is given', () => {
    const shrunk = face({ 263: [280, 200] });
    expect(measureFace(shrunk, eyeSpanOf(face())).mouthOpening).toBeCloseTo(10 / 200, 6);
  });

  it('does not take crossed lids for an open eye', () => {
    expect(measureFace(face({ 386: [270, 215], 385: [255, 215], 387: [285, 215] })).eyeOpennessLeft).toBe(0);
  });
});
