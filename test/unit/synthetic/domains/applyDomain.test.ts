import { describe, expect, it } from 'vitest';
import { channelIndex } from '#common/head/arkitChannels';
import { createSeededRandom } from '#common/math/seededRandom';
import { adaptIdentity } from '#common/synthetic/domains/adaptIdentity';
import { applyDomain } from '#common/synthetic/domains/applyDomain';
import { buildSyntheticHead } from '#common/synthetic/heads/buildSyntheticHead';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import { poseSyntheticHead } from '#common/synthetic/heads/poseSyntheticHead';
import type { SyntheticHead } from '#common/synthetic/heads/syntheticHead';
import { readHeadModel } from '../../head/readHeadModel';
import { readRecipes } from './readRecipes';

const model = readHeadModel();
const recipes = readRecipes();
const person = sampleIdentity(createSeededRandom(11), { ageYears: 30, isMale: true });
const plain = buildSyntheticHead(model, person, { skinSize: 64 });

function dress(id: string): SyntheticHead {
  const recipe = recipes.get(id);
  if (!recipe) throw new Error(`no recipe ${id}`);
  return applyDomain(plain, recipe);
}

const known = new Map<string, SyntheticHead>();

/** Made once for all tests of the file. */
function dressed(id: string): SyntheticHead {
  const head = known.get(id) ?? dress(id);
  known.set(id, head);
  return head;
}

const weightsOf = (weights: Record<string, number>): Float32Array => {
  const out = new Float32Array(52);
  for (const [name, value] of Object.entries(weights)) out[channelIndex(name as 'jawOpen')] = value;
  return out;
};

/** Vertical opening of the left eye at its middle, metres, between the landmarks of its margins. */
function opening(head: SyntheticHead, weights: Float32Array): number {
  const skin = poseSyntheticHead(head, weights).find(({ part }) => part === 'skin');
  if (!skin) throw new Error('a head has skin');
  const at = (landmark: number): number => {
    let y = 0;
    for (let k = 0; k < 3; k++) {
      const vertex = model.landmarkVertices[landmark * 3 + k] - model.parts[0].firstVertex;
      y += model.landmarkWeights[landmark * 3 + k] * skin.positions[vertex * 3 + 1];
    }
    return y;
  };
  return at(386) - at(374);
}

describe('applyDomain', () => {
  it.each([...recipes.keys()])('makes %s of finite, well-indexed pieces with names of their own', (id) => {
    const head = dressed(id);
    expect(new Set(head.pieces.map(({ name }) => name)).size).toBe(head.pieces.length);
    for (const mesh of poseSyntheticHead(head, weightsOf({ jawOpen: 0.7, eyeBlinkLeft: 1 }))) {
      const count = mesh.positions.length / 3;
      expect(mesh.indices.reduce((most, v) => Math.max(most, v), 0)).toBeLessThan(count);
      expect(mesh.canonical).toHaveLength(count * 3);
      expect(mesh.uvs).toHaveLength(count * 2);
      // Everything stays near the person: 45 cm holds hats and ears.
      expect(mesh.positions.every((value) => Math.abs(value) < 0.45)).toBe(true);
    }
  });

  it('leaves the given head as it was', () => {
    const before = plain.geometry.positions.slice();
    const pieces = plain.pieces.map(({ rest }) => rest.reduce((sum, value) => sum + value, 0));
    dress('orc');
    expect(plain.geometry.positions).toEqual(before);
    expect(plain.pieces.map(({ rest }) => rest.reduce((sum, value) => sum + value, 0))).toEqual(pieces);
  });

  it('gives the same head each time', () => {
    const a = dressed('steampunk');
    const b = dress('steampunk');
    expect(a.pieces.map(({ name }) => name)).toEqual(b.pieces.map(({ name }) => name));
    a.pieces.forEach((piece, index) => expect(piece.rest).toEqual(b.pieces[index].rest));
  });

  it.each(['pixar', 'aam', 'lego', 'orc', 'yoda', 'toon'])(
    'still closes the eyes of %s with a blink',
    (id) => {
      const head = dressed(id);
      const open = opening(head, new Float32Array(52));
      expect(open).toBeGreaterThan(0.004);
      expect(Math.abs(opening(head, weightsOf({ eyeBlinkLeft: 1 })))).toBeLessThan(open * 0.2);
    },
  );

  it('enlarges drawn eyes', () => {
    const still = new Float32Array(52);
    expect(opening(dressed('aam'), still)).toBeGreaterThan(1.6 * opening(plain, still));
  });

  it('turns horns with the head and opens the jaw of skulls', () => {
    const devil = dressed('devil');
    const tip = (yaw: number): number => {
      const rotations = { head: { yaw, pitch: 0, roll: 0 } };
      const posed = poseSyntheticHead(devil, new Float32Array(52), rotations);
      const horn = posed[devil.pieces.findIndex(({ name }) => name === 'hornLeft')];
      return horn.positions[2];
    };
    expect(Math.abs(tip(0.5) - tip(0))).toBeGreaterThan(0.01);
    const skull = dressed('skeleton');
    const tooth = skull.pieces.findIndex(({ name }) => name === 'toothLower0Left');
    const height = (weights: Float32Array): number => poseSyntheticHead(skull, weights)[tooth].positions[1];
    expect(height(new Float32Array(52)) - height(weightsOf({ jawOpen: 1 }))).toBeGreaterThan(0.015);
  });
});

describe('adaptIdentity', () => {
  it('changes what the domain asks for and nothing else', () => {
    const elf = recipes.get('elf');
    if (!elf) throw new Error('there is an elf');
    const adapted = adaptIdentity(person, elf, model, createSeededRandom(1));
    expect(adapted.hair.style).toBe('bald');
    expect(adapted.glasses.style).toBe('none');
    expect(adapted.shape[1]).toBeCloseTo(person.shape[1] - 1.2);
    expect(adapted.skin).toEqual(person.skin);
  });
});
