import { describe, expect, it } from 'vitest';
import { channelIndex } from '#common/head/arkitChannels';
import { createSeededRandom } from '#common/math/seededRandom';
import { LANDMARK_COORDINATES } from '#common/reconstruction/fit/landmarkBasis';
import { LANDMARK_MIRROR } from '#common/reconstruction/fit/landmarkMirror.data';
import { INNER_LIP_PAIRS, LEFT_EYE, RIGHT_EYE } from '#common/reconstruction/fit/landmarkSets';
import {
  believedAsymmetry,
  expressionEffort,
  makeNeutralNatural,
} from '#common/reconstruction/fit/naturalNeutral';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';

const SURFACE = 468;

/** A face of next to nothing: eyes wide open, lips closed, everything else at the origin. */
function aTemplate(): Float64Array {
  const template = new Float64Array(LANDMARK_COORDINATES);
  for (const eye of [RIGHT_EYE, LEFT_EYE]) {
    template[eye.corners[0] * 3] = 0.03;
    for (const [upper] of eye.lidPairs) template[upper * 3 + 1] = 0.02;
  }
  return template;
}

interface Doubts {
  readonly effort?: number;
  readonly confidences?: (landmark: number) => number;
  readonly asymmetry?: number;
}

function natural(displacements: Float64Array, { effort = 0, confidences, asymmetry = 1 }: Doubts = {}) {
  const template = aTemplate();
  const values = displacements.slice();
  makeNeutralNatural(
    {
      template,
      neutral: template,
      effort: new Float64Array(LANDMARK_COUNT).fill(effort),
      confidences: Float64Array.from({ length: LANDMARK_COUNT }, (_, i) => confidences?.(i) ?? 1),
      asymmetry,
    },
    values,
  );
  return values;
}

function randomDisplacements(): Float64Array {
  const random = createSeededRandom(5);
  return Float64Array.from({ length: SURFACE * 3 }, () => random.normal() * 0.002);
}

/** Cheek landmarks that neither lips nor eyes are made of. */
const NEAR_CHEEK = 50;
const FAR_CHEEK = LANDMARK_MIRROR[NEAR_CHEEK];

describe('makeNeutralNatural', () => {
  it('closes lips that the picture shows open, and moves their outer edge along', () => {
    const open = new Float64Array(SURFACE * 3);
    for (const [upper, lower] of INNER_LIP_PAIRS) {
      open[upper * 3 + 1] = 0.01;
      open[lower * 3 + 1] = -0.006;
    }
    open[0 * 3 + 1] = 0.01;
    const closed = natural(open);
    for (const [upper, lower] of INNER_LIP_PAIRS) {
      expect(closed[upper * 3 + 1]).toBeCloseTo(closed[lower * 3 + 1], 9);
    }
    expect(closed[0 * 3 + 1]).toBeCloseTo(closed[13 * 3 + 1], 9);
  });

  it('keeps what a calm, frontal picture shows', () => {
    const seen = randomDisplacements();
    const kept = natural(seen);
    expect(kept[NEAR_CHEEK * 3]).toBe(seen[NEAR_CHEEK * 3]);
    expect(kept[FAR_CHEEK * 3]).toBe(seen[FAR_CHEEK * 3]);
  });

  it('shrinks and evens out what an expression pulled at', () => {
    const seen = randomDisplacements();
    const calm = natural(seen, { effort: 0.02 });
    const mean = (seen[NEAR_CHEEK * 3 + 1] + seen[FAR_CHEEK * 3 + 1]) / 2;
    expect(calm[NEAR_CHEEK * 3 + 1]).toBeCloseTo(mean / 4, 9);
    expect(calm[FAR_CHEEK * 3 + 1]).toBeCloseTo(mean / 4, 9);
  });

  it('mirrors the seen side onto the unseen one', () => {
    const seen = randomDisplacements();
    const whole = natural(seen, { confidences: (i) => (i === FAR_CHEEK ? 0 : 1), asymmetry: 0.2 });
    const most = 0.0002;
    expect(Math.abs(whole[NEAR_CHEEK * 3] - seen[NEAR_CHEEK * 3])).toBeLessThan(most);
    expect(Math.abs(whole[FAR_CHEEK * 3] + whole[NEAR_CHEEK * 3])).toBeLessThan(most);
    expect(Math.abs(whole[FAR_CHEEK * 3 + 2] - whole[NEAR_CHEEK * 3 + 2])).toBeLessThan(most);
    expect(Math.abs(seen[FAR_CHEEK * 3] + seen[NEAR_CHEEK * 3])).toBeGreaterThan(3 * most);
  });
});

describe('believedAsymmetry', () => {
  const turned = (yaw: number) => [1, 0, Math.sin(yaw), 0, 1, 0, 0, 0, 1];

  it('is whole for a frontal head and falls as it turns either way', () => {
    expect(believedAsymmetry(turned(0.05))).toBe(1);
    expect(believedAsymmetry(turned(0.3))).toBeLessThan(believedAsymmetry(turned(0.2)));
    expect(believedAsymmetry(turned(-0.8))).toBeCloseTo(0.2, 9);
  });
});

describe('expressionEffort', () => {
  it('adds up channels whose motions cancel', () => {
    const expressions = new Float64Array(52 * LANDMARK_COORDINATES);
    expressions[channelIndex('jawOpen') * LANDMARK_COORDINATES + 14 * 3 + 1] = -0.02;
    expressions[channelIndex('mouthClose') * LANDMARK_COORDINATES + 14 * 3 + 1] = 0.02;
    const weights = new Float64Array(52);
    weights[channelIndex('jawOpen')] = 0.5;
    weights[channelIndex('mouthClose')] = 0.5;
    const effort = expressionEffort({ expressions }, weights);
    expect(effort[14]).toBeCloseTo(0.02, 9);
    expect(effort[13]).toBe(0);
  });
});
