import { describe, expect, it } from 'vitest';
import { LEFT_EYE, RIGHT_EYE } from '#common/reconstruction/fit/landmarkSets';
import { readHeadModel } from './readHeadModel';

const model = readHeadModel();

/** Position of a landmark on the mean head, millimetres. */
function landmark(index: number): number[] {
  return [0, 1, 2].map((axis) =>
    [0, 1, 2].reduce((sum, corner) => {
      const at = index * 3 + corner;
      return sum + 1000 * model.landmarkWeights[at] * model.template[model.landmarkVertices[at] * 3 + axis];
    }, 0),
  );
}

describe('lid landmarks of the head model', () => {
  it.each([
    ['left', LEFT_EYE],
    ['right', RIGHT_EYE],
  ] as const)('lie apart and in order along both lids of the %s eye', (_, { corners, lidPairs }) => {
    for (const lid of [0, 1]) {
      const line = [corners[0], ...lidPairs.map((pair) => pair[lid]), corners[1]].map(landmark);
      for (let k = 1; k < line.length; k++) {
        const inwards = Math.abs(line[k - 1][0]) - Math.abs(line[k][0]);
        expect(inwards, `point ${k} of lid ${lid}`).toBeGreaterThan(0.8);
        expect(inwards, `point ${k} of lid ${lid}`).toBeLessThan(7);
      }
    }
  });
});
