import { describe, expect, it } from 'vitest';
import { channelIndex } from '#common/head/arkitChannels';
import type { SceneMesh } from '#common/synthetic/scene';
import { glassesPieces } from '#common/synthetic/heads/accessories/glassesPieces';
import { hatPieces } from '#common/synthetic/heads/accessories/hatPieces';
import { beardPieces } from '#common/synthetic/heads/beard/beardPieces';
import { clothesPieces } from '#common/synthetic/heads/garments/clothesPieces';
import { hairPieces } from '#common/synthetic/heads/hair/hairPieces';
import { headHull } from '#common/synthetic/heads/hair/headHull';
import { createSeededRandom } from '#common/math/seededRandom';
import { buildSyntheticHead } from '#common/synthetic/heads/buildSyntheticHead';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import {
  BEARD_STYLES,
  CLOTHES_STYLES,
  GLASSES_STYLES,
  HAIR_STYLES,
  HAT_STYLES,
} from '#common/synthetic/heads/identityRecipe';
import { poseSyntheticHead } from '#common/synthetic/heads/poseSyntheticHead';
import { readHeadModel } from '../../head/readHeadModel';

const model = readHeadModel();
const neutral = new Float32Array(52);
const anybody = sampleIdentity(createSeededRandom(11), { ageYears: 40, isMale: true });

function dressed(index: number): IdentityRecipe {
  return {
    ...anybody,
    hair: { ...anybody.hair, style: HAIR_STYLES[index % HAIR_STYLES.length] },
    beard: { ...anybody.beard, style: BEARD_STYLES[index % BEARD_STYLES.length] },
    clothes: { ...anybody.clothes, style: CLOTHES_STYLES[index % CLOTHES_STYLES.length] },
    glasses: { ...anybody.glasses, style: GLASSES_STYLES[index % GLASSES_STYLES.length] },
    hat: { ...anybody.hat, style: HAT_STYLES[index % 5 === 4 ? 1 + (index % 3) : 0] },
  };
}

const build = (recipe: IdentityRecipe) => buildSyntheticHead(model, recipe, { skinSize: 64 });

/** Arrays agree, indices exist, all within half a metre of the head's centre. */
function expectSound(mesh: SceneMesh): void {
  const vertices = mesh.positions.length / 3;
  expect([mesh.uvs.length / 2, mesh.canonical.length / 3, mesh.indices.length % 3]).toEqual([
    vertices,
    vertices,
    0,
  ]);
  expect(mesh.indices.every((vertex) => vertex < vertices)).toBe(true);
  expect(mesh.positions.every((value) => Math.abs(value) < 0.5)).toBe(true);
}

describe('a synthetic head', () => {
  it('is the same for the same recipe', () => {
    const [a, b] = [build(dressed(6)), build(dressed(6))];
    expect(a.pieces.map(({ name }) => name)).toEqual(b.pieces.map(({ name }) => name));
    a.pieces.forEach((piece, k) => {
      expect(piece.rest).toEqual(b.pieces[k].rest);
      expect(piece.uvs).toEqual(b.pieces[k].uvs);
    });
  });

  it('has sound meshes in every style', () => {
    const body = build(dressed(0));
    const neutralPositions = body.geometry.positions;
    const ground = { model, neutral: neutralPositions, hull: headHull(model, neutralPositions) };
    for (let style = 0; style < HAIR_STYLES.length; style++) {
      const recipe = dressed(style);
      const pieces = [hairPieces, beardPieces, clothesPieces, glassesPieces, hatPieces].flatMap((make) =>
        make(ground, recipe),
      );
      for (const mesh of poseSyntheticHead({ ...body, recipe, pieces }, neutral)) expectSound(mesh);
    }
  });

  it('carries hair and hats with the head and leaves clothes where they are', () => {
    const head = build({ ...dressed(1), hat: { ...anybody.hat, style: 'cap' } });
    const turned = poseSyntheticHead(head, neutral, { head: { yaw: 0.4, pitch: 0, roll: 0 } });
    const shift = (name: string): number => {
      const index = head.pieces.findIndex((piece) => piece.name === name);
      const { rest } = head.pieces[index];
      let most = 0;
      turned[index].positions.forEach((value, k) => (most = Math.max(most, Math.abs(value - rest[k]))));
      return most;
    };
    expect(shift('hat')).toBeGreaterThan(0.02);
    expect(shift('hair')).toBeGreaterThan(0.02);
    expect(shift('clothes')).toBeLessThan(0.02);
  });

  it('moves the beard with the jaw and closes hanging lids on a blink', () => {
    const head = build({ ...dressed(5), beard: { ...anybody.beard, style: 'full' } });
    const weights = new Float32Array(52);
    weights[channelIndex('jawOpen')] = 1;
    const still = poseSyntheticHead(head, neutral);
    const open = poseSyntheticHead(head, weights);
    const beard = head.pieces.findIndex(({ name }) => name === 'beard');
    let fall = 0;
    open[beard].positions.forEach((value, k) => {
      if (k % 3 === 1) fall = Math.min(fall, value - still[beard].positions[k]);
    });
    expect(fall).toBeLessThan(-0.015);
    weights.fill(0)[channelIndex('eyeBlinkLeft')] = 1;
    const droopy = { ...head, recipe: { ...head.recipe, eyes: { ...head.recipe.eyes, lidDrop: 0.3 } } };
    const shut = poseSyntheticHead(head, weights)[0].positions;
    // The other eye hangs lower, the shut one is as shut.
    const hanging = poseSyntheticHead(droopy, weights)[0].positions;
    const left = [...shut.keys()].filter((k) => k % 3 === 1 && model.template[k - 1] > 0.015);
    for (const k of left) expect(hanging[k]).toBeCloseTo(shut[k], 6);
    expect(hanging).not.toEqual(shut);
  });

  it('does not change its own data when posed', () => {
    const head = build(dressed(2));
    const before = head.pieces.map(({ rest }) => rest.slice());
    poseSyntheticHead(
      head,
      neutral.map((_, k) => (k % 3) / 3),
      { neck: { yaw: 0.2, pitch: 0.1, roll: 0 } },
    );
    head.pieces.forEach(({ rest }, k) => expect(rest).toEqual(before[k]));
  });
});
