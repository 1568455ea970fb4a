import { describe, expect, it } from 'vitest';
import type { FaceMeasures } from '#tools/evaluate/faceMeasures';
import { rampFaults, rampFigures } from '#tools/evaluate/measureExpression';
import { correlation, largestDrop, median, regressionSlope } from '#tools/evaluate/statistics';

const STILL: FaceMeasures = {
  mouthOpening: 0,
  eyeOpennessLeft: 0.1,
  eyeOpennessRight: 0.1,
  cornerPullLeft: 0,
  cornerPullRight: 0,
  innerBrowHeight: 0.3,
  mouthWidth: 0.5,
  mouthRoundness: 0.4,
};
const BLINK = {
  channel: 'eyeBlinkLeft',
  measure: 'eyeOpennessLeft',
  sign: -1,
  otherSide: 'eyeOpennessRight',
} as const;

function blink(left: readonly number[], right: readonly number[]): (FaceMeasures | undefined)[] {
  return left.map((eyeOpennessLeft, step) => ({
    ...STILL,
    eyeOpennessLeft,
    eyeOpennessRight: right[step],
  }));
}

describe('rampFigures', () => {
  it('finds no fault in an eye that closes evenly while the other stays', () => {
    const figures = rampFigures('x', BLINK, blink([0.1, 0.06, 0.03, 0.01], [0.1, 0.1, 0.1, 0.1]));
    expect(rampFaults(figures)).toEqual([]);
    expect(figures.closed).toBeCloseTo(0.1);
  });

  it('names an eye that stays open, reopens, and takes the other one along', () => {
    const figures = rampFigures('x', BLINK, blink([0.1, 0.05, 0.09, 0.06], [0.1, 0.075, 0.095, 0.08]));
    expect(rampFaults(figures)).toEqual(['correlation', 'not monotone', 'leak', 'stays open']);
    expect(figures.leak).toBeCloseTo(0.5);
  });

  it('compares found frames with their own weights and counts the lost', () => {
    const seen = blink([0.1, 0.075, 0.05, 0.025, 0], [0.1, 0.1, 0.1, 0.1, 0.1]);
    seen[1] = undefined;
    const figures = rampFigures('x', BLINK, seen);
    expect(figures).toMatchObject({ lost: 1, series: [0.1, 0.05, 0.025, 0] });
    expect(figures.correlation).toBeCloseTo(1, 6);
  });

  it('calls a channel that does the opposite uncorrelated', () => {
    const figures = rampFigures('x', BLINK, blink([0.05, 0.06, 0.08, 0.1], [0.1, 0.1, 0.1, 0.1]));
    expect(figures.correlation).toBeLessThan(-0.9);
    expect(rampFaults(figures)).toContain('correlation');
  });
});

describe('statistics', () => {
  it('knows perfect, opposite and absent correlation', () => {
    expect(correlation([0, 1, 2], [5, 7, 9])).toBeCloseTo(1);
    expect(correlation([0, 1, 2], [9, 7, 5])).toBeCloseTo(-1);
    expect(correlation([0, 1, 2], [4, 4, 4])).toBe(0);
  });

  it('finds the slope of one series on another', () => {
    expect(regressionSlope([0, 1, 2], [3, 2.5, 2])).toBeCloseTo(-0.5);
    expect(regressionSlope([1, 1], [0, 5])).toBe(0);
  });

  it('measures the deepest fall from a height reached before', () => {
    expect(largestDrop([0, 4, 3, 1, 10])).toBeCloseTo(0.3);
    expect(largestDrop([1, 2, 3])).toBe(0);
    expect(largestDrop([2, 2])).toBe(0);
  });

  it('takes the middle of an even list between its two middle values', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});
