import { describe, expect, it } from 'vitest';
import { evaluateHead } from '#common/head/evaluateHead';
import { createSeededRandom } from '#common/math/seededRandom';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import { transferRig } from '#common/rig/transferRig';
import { faceFieldsOf } from '#common/synthetic/domains/canonical/faceFields';
import { avatarCanonical } from '#common/synthetic/domains/restyle/avatarCanonical';
import { bakeLook } from '#common/synthetic/domains/restyle/bakeLook';
import { restyleGeometry } from '#common/synthetic/domains/restyle/restyleGeometry';
import { readHeadModel } from '../../head/readHeadModel';
import { readRecipes } from './readRecipes';

const model = readHeadModel();
const recipes = readRecipes();

function aPerson(): AvatarGeometry {
  const random = createSeededRandom(8);
  const neutral = evaluateHead(
    model,
    model.identity.map(() => random.normal() * 0.7),
  );
  const geometry = transferRig(model, { neutral, joints: model.joints });
  // As an avatar's atlas has it: the head's chart is the left half.
  return { ...geometry, uvs: geometry.uvs.map((value, k) => (k % 2 === 0 ? value / 2 : value)) };
}

describe('restyling a fitted avatar', () => {
  it('finds the mean head in its chart', () => {
    const person = aPerson();
    expect(avatarCanonical(person, model)).toEqual(model.template);
  });

  it('changes proportions, keeps topology and stays finite', () => {
    const person = aPerson();
    const toon = recipes.get('toon');
    if (!toon) throw new Error('there is a toon');
    const restyled = restyleGeometry(person, avatarCanonical(person, model), toon, model);
    expect(restyled.indices).toBe(person.indices);
    expect(restyled.positions.every(Number.isFinite)).toBe(true);
    const width = (geometry: AvatarGeometry): number => {
      const part = geometry.parts.find(({ name }) => name === 'eyeLeft');
      const eye = part
        ? geometry.positions.subarray(part.firstVertex * 3, (part.firstVertex + part.vertexCount) * 3)
        : [];
      const heights = [...eye].filter((_, k) => k % 3 === 1);
      return Math.max(...heights) - Math.min(...heights);
    };
    expect(width(restyled)).toBeGreaterThan(width(person) * 1.1);
  });

  it('bakes paint where it belongs: red lips on a white face', () => {
    const look = recipes.get('peking-opera')?.surfaces.skin;
    if (!look) throw new Error('the opera has skin');
    const places = [0, -0.049, 0.108, 0, 0.06, 0.1];
    const out = new Uint8Array(8);
    const texels = {
      count: 2,
      canonical: Float32Array.from(places),
      normals: Float32Array.of(0, 0, 1, 0, 0, 1),
      uvs: new Float32Array(4),
      footprint: new Float32Array(2).fill(0.0004),
      own: new Float32Array(8).fill(0.3),
    };
    bakeLook(look, faceFieldsOf(model), texels, out);
    expect(out[0]).toBeGreaterThan(2 * out[1]);
    expect(out[7]).toBe(255);
  });
});
