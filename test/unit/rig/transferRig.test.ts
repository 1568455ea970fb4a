import { describe, expect, it } from 'vitest';
import { channelIndex, type ArkitChannel } from '#common/head/arkitChannels';
import type { HeadModel } from '#common/head/headModel';
import type { AvatarGeometry, AvatarJoint } from '#common/rig/avatarGeometry';
import { rotationFromEuler } from '#common/rig/eulerRotation';
import { RigEvaluator } from '#common/rig/evaluateRig';
import { heightOverEyeball, measureEyeball } from '#common/rig/transfer/eyeballShape';
import { findLids, measureLids } from '#common/rig/transfer/lidColumns';
import { neutralPose, type RigPose } from '#common/rig/rigPose';
import { transferRig, type FittedHead } from '#common/rig/transferRig';
import { weldMesh } from '#common/rig/transfer/weldedMesh';
import { aHeadModel, COLUMNS, RINGS } from '#test/helpers/aHeadModel';

type Warp = (x: number, y: number, z: number) => [number, number, number];

/** A person whose every point is the template's point moved by `warp`. */
function aPerson(model: HeadModel, warp: Warp): FittedHead {
  const neutral = model.template.slice();
  for (let v = 0; v < model.vertexCount; v++) {
    neutral.set(warp(neutral[v * 3], neutral[v * 3 + 1], neutral[v * 3 + 2]), v * 3);
  }
  const joints: AvatarJoint[] = model.joints.map((joint) => ({
    ...joint,
    position: warp(...joint.position),
  }));
  return { neutral, joints };
}

/** Each eye region grows about its own centre; the mouth widens. */
const bigEyes: Warp = (x, y, z) => {
  if (y < -0.01) return [x * 1.3, y * 1.1, z];
  const eye = [Math.sign(x) * 0.031, 0.028, 0.075];
  return [eye[0] * 1.6 + 2 * (x - eye[0]), eye[1] + 2 * (y - eye[1]), eye[2] + 2 * (z - eye[2])];
};
const asIs: Warp = (x, y, z) => [x, y, z];

function aPose(weights: Partial<Record<ArkitChannel, number>>): RigPose {
  const pose = neutralPose();
  for (const [name, value] of Object.entries(weights))
    pose.weights[channelIndex(name as ArkitChannel)] = value;
  return pose;
}

/** Widest opening between the lids of a posed mesh, degrees about the eye; negative where they overlap throughout. */
function lidGap(
  model: HeadModel,
  rig: AvatarGeometry,
  posed: Float32Array,
  name: 'eyeLeft' | 'eyeRight',
): number {
  const part = model.parts.find((candidate) => candidate.name === name)!;
  const joint = model.joints.find((candidate) => candidate.name === name)!;
  const eye = measureEyeball(part, model.template, rig.positions, joint.position);
  const mesh = weldMesh(model.indices, model.weld);
  const lids = findLids(model, mesh, eye, rig.positions)!;
  const moved = posed.map((value, k) => value - rig.positions[k]);
  const { upper, lower } = measureLids(mesh, eye, lids, rig.positions, moved);
  let widest = -Infinity;
  for (let k = lids.first; k <= lids.last; k++) widest = Math.max(widest, upper[k] - lower[k]);
  return (widest * 180) / Math.PI;
}

/** Largest distance between the two lips of a posed mesh, metres. */
function lipGap(posed: Float32Array): number {
  let largest = 0;
  for (let column = 0; column < COLUMNS; column++) {
    const [a, b] = [4, 5].map((grid) => (grid * RINGS * COLUMNS + column) * 3);
    largest = Math.max(largest, Math.hypot(...[0, 1, 2].map((c) => posed[a + c] - posed[b + c])));
  }
  return largest;
}

/** Lowest height of any lid vertex over its eyeball in a posed mesh. */
function lowestLid(model: HeadModel, rig: AvatarGeometry, posed: Float32Array): number {
  const part = model.parts.find(({ name }) => name === 'eyeLeft')!;
  const eye = measureEyeball(part, model.template, rig.positions, model.joints[4].position);
  const direction = new Float64Array(3);
  let lowest = Infinity;
  for (let v = 0; v < 2 * COLUMNS * RINGS; v++) {
    const height = heightOverEyeball(eye, posed[v * 3], posed[v * 3 + 1], posed[v * 3 + 2], direction);
    lowest = Math.min(lowest, height);
  }
  return lowest;
}

describe('a rig transferred to a person', () => {
  it("is the model's own rig where the person is the template", () => {
    const model = aHeadModel();
    const rig = transferRig(model, aPerson(model, asIs));
    const posed = new RigEvaluator(rig).evaluate(aPose({ jawOpen: 1 }));
    const delta = model.expressions[channelIndex('jawOpen')].delta;
    for (let k = 0; k < posed.length; k++) expect(posed[k]).toBeCloseTo(model.template[k] + delta[k], 5);
  });

  it('turns and stretches displacements with the surface', () => {
    const model = aHeadModel();
    const r = rotationFromEuler({ yaw: 0.3, pitch: 0.2, roll: -0.4 });
    const turn = (x: number, y: number, z: number): [number, number, number] =>
      [0, 3, 6].map((k) => 1.4 * (r[k] * x + r[k + 1] * y + r[k + 2] * z)) as [number, number, number];
    const rig = transferRig(model, aPerson(model, turn));
    const source = model.expressions[channelIndex('mouthUpperUpLeft')].delta;
    const morph = rig.morphs[channelIndex('mouthUpperUpLeft')];
    expect(morph.vertices.length).toBeGreaterThan(50);
    morph.vertices.forEach((v, i) => {
      const from = model.weld[v] * 3;
      const expected = turn(source[from], source[from + 1], source[from + 2]);
      for (let c = 0; c < 3; c++) expect(morph.deltas[i * 3 + c]).toBeCloseTo(expected[c], 5);
    });
  });

  it.each([
    ['on the template', asIs],
    ['with doubled eyes', bigEyes],
  ])('closes the lids %s, however roughly the model closes them', (_, warp) => {
    for (const sloppy of [0.002, 0, -0.002]) {
      const model = aHeadModel(sloppy);
      const rig = transferRig(model, aPerson(model, warp));
      const evaluator = new RigEvaluator(rig);
      expect(lidGap(model, rig, evaluator.evaluate(neutralPose()), 'eyeLeft')).toBeGreaterThan(30);
      for (const extra of [{}, { eyeLookDownLeft: 1 }, { eyeSquintLeft: 0.6 }]) {
        const closed = evaluator.evaluate(aPose({ eyeBlinkLeft: 1, ...extra }));
        expect(lidGap(model, rig, closed, 'eyeLeft')).toBeLessThan(0.2);
        expect(lidGap(model, rig, closed, 'eyeLeft')).toBeGreaterThan(-4);
        expect(lidGap(model, rig, closed, 'eyeRight')).toBeGreaterThan(30);
      }
    }
  });

  it.each([
    ['on the template', asIs],
    ['with doubled eyes', bigEyes],
  ])('keeps the lids out of the eyeball through a blink and a squint %s', (_, warp) => {
    const model = aHeadModel(-0.001);
    const rig = transferRig(model, aPerson(model, warp));
    const evaluator = new RigEvaluator(rig);
    for (const weight of [0, 0.2, 0.5, 0.8, 1]) {
      const blink = lowestLid(model, rig, evaluator.evaluate(aPose({ eyeBlinkLeft: weight })));
      expect(blink, `blink ${weight}`).toBeGreaterThan(-1e-4);
      const squint = lowestLid(model, rig, evaluator.evaluate(aPose({ eyeSquintLeft: weight })));
      expect(squint, `squint ${weight}`).toBeGreaterThan(-1e-4);
    }
  });

  it('lifts lids that the fit left inside the eyeball and leaves the others alone', () => {
    const model = aHeadModel();
    const person = aPerson(model, asIs);
    const sunk = 10;
    for (let c = 0; c < 3; c++) {
      person.neutral[sunk * 3 + c] += 0.1 * (model.joints[4].position[c] - person.neutral[sunk * 3 + c]);
    }
    const rig = transferRig(model, person);
    expect(lowestLid(model, rig, rig.positions)).toBeGreaterThan(2e-4);
    const moved = [...rig.positions.keys()].filter((k) => rig.positions[k] !== person.neutral[k]);
    expect(new Set(moved.map((k) => model.weld[Math.floor(k / 3)]))).toEqual(new Set([model.weld[sunk]]));
  });

  it('turns the eyeballs about their own centres without shrinking them, also halfway', () => {
    const model = aHeadModel();
    const rig = transferRig(model, aPerson(model, bigEyes));
    const evaluator = new RigEvaluator(rig);
    const part = model.parts.find(({ name }) => name === 'eyeLeft')!;
    const centre = rig.joints[4].position;
    const front = part.firstVertex;
    for (const weight of [0.5, 1]) {
      const posed = evaluator.evaluate(aPose({ eyeLookOutLeft: weight }));
      const [x, y, z] = [0, 1, 2].map((c) => posed[front * 3 + c] - centre[c]);
      expect(Math.hypot(x, y, z)).toBeCloseTo(0.025, 5);
      expect(Math.atan2(x, z)).toBeCloseTo((weight * Math.PI) / 6, 3);
    }
  });

  it('turns teeth and tongue rigidly about the jaw joint of this person, also halfway', () => {
    const model = aHeadModel();
    const rig = transferRig(model, aPerson(model, bigEyes));
    const evaluator = new RigEvaluator(rig);
    const jaw = rig.joints[3].position;
    for (const weight of [0.5, 1]) {
      const posed = evaluator.evaluate(aPose({ jawOpen: weight }));
      const r = rotationFromEuler({ yaw: 0, pitch: 0.3 * weight, roll: 0 });
      for (const name of ['teethLower', 'tongue'] as const) {
        const part = model.parts.find((candidate) => candidate.name === name)!;
        for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) {
          const p = [0, 1, 2].map((c) => rig.positions[v * 3 + c] - jaw[c]);
          for (let c = 0; c < 3; c++) {
            const expected = jaw[c] + r[c * 3] * p[0] + r[c * 3 + 1] * p[1] + r[c * 3 + 2] * p[2];
            expect(posed[v * 3 + c]).toBeCloseTo(expected, 5);
          }
        }
      }
    }
  });

  it('lets the lips meet with an open jaw', () => {
    const model = aHeadModel();
    const rig = transferRig(model, aPerson(model, bigEyes));
    const evaluator = new RigEvaluator(rig);
    expect(lipGap(evaluator.evaluate(aPose({ jawOpen: 1 })))).toBeGreaterThan(0.015);
    for (const weight of [0.1, 0.3, 0.5, 0.8, 1]) {
      const closed = evaluator.evaluate(aPose({ jawOpen: weight, mouthClose: weight }));
      expect(lipGap(closed), `at ${weight}`).toBeLessThan(0.0012);
    }
  });

  it('moves both sides of a uv seam alike', () => {
    const model = aHeadModel(0.001);
    const rig = transferRig(model, aPerson(model, bigEyes));
    const pose = neutralPose();
    pose.weights.fill(0.7);
    const posed = new RigEvaluator(rig).evaluate(pose);
    const seams = [...model.weld.keys()].filter((v) => model.weld[v] !== v);
    expect(seams.length).toBeGreaterThan(20);
    for (const v of seams) {
      expect([...posed.subarray(v * 3, v * 3 + 3)]).toEqual([
        ...posed.subarray(model.weld[v] * 3, model.weld[v] * 3 + 3),
      ]);
    }
  });

  it('gives rising vertices, all 52 names and finite numbers', () => {
    const model = aHeadModel();
    const rig = transferRig(model, aPerson(model, bigEyes));
    expect(rig.morphs.map(({ name }) => name)).toEqual(model.expressions.map(({ name }) => name));
    for (const sparse of [...rig.morphs, ...rig.correctives]) {
      expect(sparse.deltas.length).toBe(sparse.vertices.length * 3);
      expect(sparse.deltas.every(Number.isFinite)).toBe(true);
      expect(sparse.vertices.every((v, i) => i === 0 || v > sparse.vertices[i - 1])).toBe(true);
    }
  });
});
