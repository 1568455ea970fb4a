import { describe, expect, it } from 'vitest';
import { landmarkPositions } from '#common/head/evaluateHead';
import { createSeededRandom } from '#common/math/seededRandom';
import { lidEdges, pointOnEdge } from '#common/synthetic/heads/eyes/lidEdges';
import { shapeLids } from '#common/synthetic/heads/eyes/shapeLids';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import { readHeadModel } from '../../head/readHeadModel';

const model = readHeadModel();
const joints = model.joints.flatMap(({ position }) => [...position]);
const usual = sampleIdentity(createSeededRandom(1)).eyes;
const before = landmarkPositions(model, model.template);

function shaped(change: Partial<typeof usual>): { vertices: Float32Array; points: Float32Array } {
  const vertices = model.template.slice();
  shapeLids(model, vertices, joints, { ...usual, width: 1, height: 1, tilt: 0, ...change });
  return { vertices, points: landmarkPositions(model, vertices) };
}

const across = (points: Float32Array, a: number, b: number, axis: number): number =>
  Math.abs(points[a * 3 + axis] - points[b * 3 + axis]);

describe('lids of a person', () => {
  it('stay where they are at 1, 1 and 0', () => {
    expect(shaped({}).vertices).toEqual(model.template);
  });

  it('are wider and taller by what is asked, on both sides', () => {
    const { points } = shaped({ width: 1.2, height: 1.3 });
    for (const [inner, outer, upper, lower] of [
      [362, 263, 386, 374],
      [133, 33, 159, 145],
    ]) {
      expect(across(points, inner, outer, 0) / across(before, inner, outer, 0)).toBeCloseTo(1.2, 1);
      expect(across(points, upper, lower, 1) / across(before, upper, lower, 1)).toBeCloseTo(1.3, 1);
    }
  });

  it('tilt with the outer corner up', () => {
    const { points } = shaped({ tilt: 0.1 });
    for (const [inner, outer] of [
      [362, 263],
      [133, 33],
    ]) {
      const rise = (at: Float32Array): number => at[outer * 3 + 1] - at[inner * 3 + 1];
      expect(rise(points) - rise(before)).toBeGreaterThan(0.0018);
    }
  });

  it('slide on the eyeball and leave nose, brows and eyeballs alone', () => {
    const { vertices, points } = shaped({ width: 1.2, height: 1.3, tilt: 0.1 });
    const at = model.joints.findIndex(({ name }) => name === 'eyeLeft') * 3;
    const fromBall = (from: Float32Array, point: number): number =>
      Math.hypot(...[0, 1, 2].map((c) => from[point * 3 + c] - joints[at + c]));
    for (const point of [386, 374, 263])
      expect(fromBall(points, point)).toBeCloseTo(fromBall(before, point), 3);
    for (const point of [4, 334])
      expect(points.slice(point * 3, point * 3 + 3)).toEqual(before.slice(point * 3, point * 3 + 3));
    const eye = model.parts.find(({ name }) => name === 'eyeLeft')!;
    const ball = [eye.firstVertex * 3, (eye.firstVertex + eye.vertexCount) * 3] as const;
    expect(vertices.slice(...ball)).toEqual(model.template.slice(...ball));
  });
});

describe('edges of the lids', () => {
  it('run from the inner to the outer corner, the upper over the lower', () => {
    const { upper, lower } = lidEdges(model);
    for (const side of [0, 1] as const) {
      expect(upper[side][0]).toBe(lower[side][0]);
      expect(upper[side].at(-1)).toBe(lower[side].at(-1));
      const middle = (edge: readonly number[]): number => pointOnEdge(model, edge, model.template, 0.5)[1];
      expect(middle(upper[side]) - middle(lower[side])).toBeGreaterThan(0.006);
      expect(Math.abs(pointOnEdge(model, upper[side], model.template, 1)[0])).toBeGreaterThan(
        Math.abs(pointOnEdge(model, upper[side], model.template, 0)[0]) + 0.02,
      );
    }
  });
});
