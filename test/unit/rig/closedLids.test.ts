import { describe, expect, it } from 'vitest';
import { channelIndex } from '#common/head/arkitChannels';
import { LID_RING, lidRings } from '#common/head/lidRings';
import { RigEvaluator } from '#common/rig/evaluateRig';
import { neutralPose } from '#common/rig/rigPose';
import { transferRig } from '#common/rig/transferRig';
import { readHeadModel } from '../head/readHeadModel';

const model = readHeadModel();
const rings = lidRings(model);
const rig = transferRig(model, { neutral: model.template, joints: model.joints });

describe.each([
  { side: 'Left', sign: 1 },
  { side: 'Right', sign: -1 },
] as const)('a full blink of the $side eye', ({ side, sign }) => {
  const centre = model.joints.find(({ name }) => name === `eye${side}`)!.position;
  const pose = neutralPose();
  pose.weights[channelIndex(`eyeBlink${side}`)] = 1;
  const shut = new RigEvaluator(rig).evaluate(pose);
  const edge = [...rings.keys()]
    .filter((v) => rings[v] === LID_RING.edge && model.weld[v] === v && sign * model.template[v * 3] > 0)
    .sort((a, b) => model.template[a * 3] - model.template[b * 3]);
  /** Millimetres from the eye's middle, towards the temple and up. */
  const place = (v: number, positions: ArrayLike<number>): [number, number] => [
    1000 * sign * (positions[v * 3] - centre[0]),
    1000 * (positions[v * 3 + 1] - centre[1]),
  ];
  const corners = [edge[0], edge[edge.length - 1]].map((v) => place(v, model.template));
  const isUpper = (v: number): boolean => {
    const [x, y] = place(v, model.template);
    const share = (x - corners[0][0]) / (corners[1][0] - corners[0][0]);
    return y > corners[0][1] + share * (corners[1][1] - corners[0][1]);
  };
  const lower = edge.filter((v) => !isUpper(v)).map((v) => place(v, shut));
  const lowerAt = (x: number): number =>
    lower.reduce((best, point) => (Math.abs(point[0] - x) < Math.abs(best[0] - x) ? point : best))[1];

  it('brings the outer edges together from corner to corner: no rim shows at the inner one', () => {
    const upper = edge.filter(isUpper).map((v) => place(v, shut));
    expect(upper.length).toBeGreaterThan(10);
    for (const [x, y] of upper) expect(y - lowerAt(x), `at ${x.toFixed(1)} mm`).toBeLessThan(1.2);
  });

  it('lets the lashes hang over the lower lid where they are long, not at the corners', () => {
    const hang = edge
      .filter(isUpper)
      .map((v) => place(v, shut))
      .map(([x, y]) => ({ x, below: lowerAt(x) - y }));
    const middle = hang.filter(({ x }) => Math.abs(x) < 6);
    for (const { below } of middle) expect(below).toBeGreaterThan(0.4);
    for (const { below } of hang) expect(below).toBeLessThan(2.5);
  });
});
