import { describe, expect, it } from 'vitest';
import { evaluateHead, landmarkPositions } from '#common/head/evaluateHead';
import { createSeededRandom } from '#common/math/seededRandom';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import {
  SHAPE_MEAN,
  SHAPE_ROOT,
  TYPICAL_FACTORS,
} from '#common/synthetic/heads/identity/shapeStatistics.data';
import { MEASURES } from '#tools/shapeStatistics/faceStatistics.data';
import { measureFace } from '#tools/shapeStatistics/measureFace';
import { solveShapes } from '#tools/shapeStatistics/solveShapes';
import { readHeadModel } from '../../head/readHeadModel';

const model = readHeadModel();
const measure = (shape: ArrayLike<number>): ReturnType<typeof measureFace> =>
  measureFace(landmarkPositions(model, evaluateHead(model, shape)));

describe('statistics of shapes', () => {
  const solved = solveShapes(model);

  it('are those that are committed', () => {
    SHAPE_MEAN.forEach((value, mode) => expect(solved.mean[mode]).toBeCloseTo(value, 1));
    SHAPE_ROOT.forEach((value, k) => expect(Math.abs(solved.root[k] - value)).toBeLessThan(0.02));
  });

  it('give the mean face the measures asked for, chin and lips above all', () => {
    const own = measure([...TYPICAL_FACTORS, ...SHAPE_MEAN]);
    for (const { name, mean, deviation } of MEASURES)
      expect(Math.abs(own[name] - mean), name).toBeLessThan(1 * deviation);
    expect(own.chinHeight).toBeCloseTo(1.74, 1);
    expect(own.upperLipDepth).toBeCloseTo(-0.205, 1);
  });
});

describe('people drawn from them', () => {
  const adult = { ageYears: 30, ancestry: { african: 0.1, asian: 0.1, european: 0.8 } };
  const drawn = (isMale: boolean): ReturnType<typeof measureFace>[] =>
    Array.from({ length: 40 }, (_, seed) =>
      measure(sampleIdentity(createSeededRandom(seed), { ...adult, isMale }).shape),
    );
  const men = drawn(true);
  const women = drawn(false);
  const mean = (people: typeof men, name: (typeof MEASURES)[number]['name']): number =>
    people.reduce((sum, person) => sum + person[name], 0) / people.length;

  it('have lips behind their noses and chins below their mouths, all of them', () => {
    for (const person of [...men, ...women]) {
      expect(person.upperLipDepth).toBeLessThan(-0.03);
      expect(person.chinHeight - person.mouthHeight).toBeGreaterThan(0.4);
    }
  });

  it('are told apart by sex as on photographs: broad chins and low brows are men’s', () => {
    expect(mean(men, 'chinWidth') - mean(women, 'chinWidth')).toBeGreaterThan(0.04);
    expect(mean(women, 'browHeight') - mean(men, 'browHeight')).toBeGreaterThan(0.02);
    expect(mean(women, 'lowerLip')).toBeGreaterThan(mean(men, 'lowerLip'));
  });
});
