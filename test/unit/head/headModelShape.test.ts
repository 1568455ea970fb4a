import { describe, expect, it } from 'vitest';

import { evaluateHead, jointPositions, landmarkPositions } from '#common/head/evaluateHead';
import { FACE_MIRROR_U } from '#common/head/headModel';
import { createSeededRandom } from '#common/math/seededRandom';

import { distanceMm, readHeadModel } from './readHeadModel';

const model = readHeadModel();
const landmarks = landmarkPositions(model, model.template);

describe('head model', () => {
  it('is the template at identity zero', () => {
    expect(evaluateHead(model, [])).toEqual(model.template);
    const joints = jointPositions(model, []);
    model.joints.forEach(({ position }, j) =>
      position.forEach((value, c) => expect(joints[j * 3 + c]).toBeCloseTo(value, 6)),
    );
  });

  it('adds modes linearly', () => {
    const plus = evaluateHead(model, [0, 1.5]);
    for (let i = 0; i < plus.length; i += 997)
      expect(plus[i]).toBeCloseTo(model.template[i] + 1.5 * model.identity[1].delta[i], 6);
  });

  it('has its origin where the space says', () => {
    const [left, right] = [model.joints[4].position, model.joints[5].position];
    expect((left[0] + right[0]) / 2).toBeCloseTo(0, 5);
    expect((left[1] + right[1]) / 2).toBeCloseTo(0.028, 3);
    expect((left[2] + right[2]) / 2).toBeCloseTo(0.075, 3);
  });

  it('has adult human measures', () => {
    expect(distanceMm(landmarks, 468, 473)).toBeGreaterThan(60);
    expect(distanceMm(landmarks, 468, 473)).toBeLessThan(67);
    expect(distanceMm(landmarks, 61, 291)).toBeGreaterThan(45);
    expect(distanceMm(landmarks, 61, 291)).toBeLessThan(60);
    expect(distanceMm(landmarks, 234, 454)).toBeGreaterThan(140);
    expect(distanceMm(landmarks, 234, 454)).toBeLessThan(165);
    expect(distanceMm(landmarks, 13, 14)).toBeLessThan(1);
  });

  it('orders landmarks as the tracker does', () => {
    const x = (l: number): number => landmarks[l * 3];
    const y = (l: number): number => landmarks[l * 3 + 1];
    // Subject's right is at negative x: 33 and 133 are its eye corners, 61 its mouth corner.
    expect(x(33)).toBeLessThan(x(133));
    expect(x(362)).toBeLessThan(x(263));
    expect(x(61)).toBeLessThan(0);
    expect(y(10)).toBeGreaterThan(y(105));
    expect(y(159)).toBeGreaterThan(y(145));
    expect(y(1)).toBeGreaterThan(y(13));
    expect(y(14)).toBeGreaterThan(y(152));
    expect(x(468)).toBeLessThan(0);
    expect(x(473)).toBeGreaterThan(0);
    expect(y(470)).toBeGreaterThan(y(472));
    const iris = distanceMm(landmarks, 469, 471);
    expect(iris).toBeGreaterThan(11);
    expect(iris).toBeLessThan(13);
  });

  it('splits skin weights into whole persons: they sum to one, the skull is rigid, the shoulders stay', () => {
    const joint = (name: string): number => model.joints.findIndex((candidate) => candidate.name === name);
    const share = (v: number, names: readonly string[]): number => {
      let sum = 0;
      for (let k = 0; k < 4; k++)
        if (names.some((name) => joint(name) === model.skinJoints[v * 4 + k]))
          sum += model.skinWeights[v * 4 + k];
      return sum;
    };
    const shoulders: number[] = [];
    for (let v = 0; v < model.vertexCount; v++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += model.skinWeights[v * 4 + k];
      expect(sum).toBeCloseTo(1, 5);
      if (model.regions.scalp[v] === 1 && model.template[v * 3 + 1] > 0)
        expect(share(v, ['head', 'jaw'])).toBe(1);
      if (model.regions.shoulders[v] === 1) shoulders.push(share(v, ['root']));
    }
    expect(shoulders.reduce((sum, value) => sum + value, 0) / shoulders.length).toBeGreaterThan(0.95);
    expect(Math.min(...shoulders)).toBeGreaterThan(0.4);
  });

  it('keeps eyeballs spheres for random people, lids on them', () => {
    const random = createSeededRandom(3);
    const eye = model.parts.find(({ name }) => name === 'eyeLeft')!;
    for (let person = 0; person < 12; person++) {
      const identity = model.identity.map(() => random.normal());
      const positions = evaluateHead(model, identity);
      const centre = jointPositions(model, identity).subarray(12, 15);
      const radii = Array.from({ length: eye.vertexCount }, (_, i) =>
        Math.hypot(...[0, 1, 2].map((c) => positions[(eye.firstVertex + i) * 3 + c] - centre[c])),
      );
      expect(Math.max(...radii) - Math.min(...radii)).toBeLessThan(0.0006);
    }
  });
});

describe('mirror map', () => {
  it('is its own inverse and mirrors the template and the charts', () => {
    let worst = 0;
    let worstUv = 0;
    for (let v = 0; v < model.vertexCount; v++) {
      const m = model.mirrorVertex[v];
      if (model.mirrorVertex[m] !== v) expect.fail(`mirrorVertex of vertex ${v} does not lead back`);
      for (let c = 0; c < 3; c++) {
        const mirrored = (c === 0 ? -1 : 1) * model.template[v * 3 + c];
        worst = Math.max(worst, Math.abs(model.template[m * 3 + c] - mirrored));
      }
      if (model.regions.face[v] === 0) continue;
      const du = model.uvs[m * 2] + model.uvs[v * 2] - 2 * FACE_MIRROR_U;
      worstUv = Math.max(worstUv, Math.abs(du), Math.abs(model.uvs[m * 2 + 1] - model.uvs[v * 2 + 1]));
    }
    expect(worst).toBeLessThan(2e-5);
    expect(worstUv).toBeLessThan(5e-5);
  });
});

describe('atlas', () => {
  const SIZE = 1024;

  it('has no folded triangle, no overlap and 60 % for the face', () => {
    const owner = new Int32Array(SIZE * SIZE).fill(-1);
    let folded = 0;
    let doubled = 0;
    let face = 0;
    for (let t = 0; t < model.indices.length; t += 3) {
      const [a, b, c] = model.indices.subarray(t, t + 3);
      const [ax, ay] = [model.uvs[a * 2] * SIZE, model.uvs[a * 2 + 1] * SIZE];
      const [bx, by] = [model.uvs[b * 2] * SIZE, model.uvs[b * 2 + 1] * SIZE];
      const [cx, cy] = [model.uvs[c * 2] * SIZE, model.uvs[c * 2 + 1] * SIZE];
      // v runs down, so what is counter-clockwise from outside has a negative area here.
      const area = -((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2;
      if (area < -0.02) folded++;
      if ([a, b, c].every((v) => model.regions.face[v] > 0)) face += area;
      for (let y = Math.floor(Math.min(ay, by, cy)); y <= Math.max(ay, by, cy); y++)
        for (let x = Math.floor(Math.min(ax, bx, cx)); x <= Math.max(ax, bx, cx); x++) {
          const edge = (px: number, py: number, qx: number, qy: number): number =>
            -((qx - px) * (y + 0.5 - py) - (x + 0.5 - px) * (qy - py));
          // Strictly inside, so that shared edges do not count.
          if (edge(ax, ay, bx, by) <= 0.05 || edge(bx, by, cx, cy) <= 0.05 || edge(cx, cy, ax, ay) <= 0.05)
            continue;
          if (owner[y * SIZE + x] >= 0) doubled++;
          owner[y * SIZE + x] = t;
        }
    }
    expect(folded).toBe(0);
    expect(doubled).toBe(0);
    expect(face / SIZE ** 2).toBeGreaterThanOrEqual(0.6);
  });
});
