import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { channelIndex } from '#common/head/arkitChannels';
import { decodeHeadModel } from '#common/head/headModelCodec';
import { createRgbaImage } from '#common/image/rasterImage';
import { assembleGeometry } from '#common/reconstruction/assembleGeometry';
import { splitFaceZone } from '#common/reconstruction/shell/faceZone';
import type { Avatar } from '#common/rig/avatar';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import { RigEvaluator } from '#common/rig/evaluateRig';
import { neutralPose } from '#common/rig/rigPose';
import { transferRig } from '#common/rig/transferRig';
import { domainRecipeSchema, type DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import { restyleAvatar } from '#common/synthetic/restyle/restyleAvatar';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

const model = decodeHeadModel(readFileSync('assets/head/head-v1.bin'));

/** The mean head as a fitted avatar without hair or clothes, in one skin colour. */
function meanAvatar(): Avatar {
  const head = transferRig(model, { neutral: model.template, joints: model.joints });
  const nothing = { vertices: new Uint32Array(0), deltas: new Float32Array(0) };
  const { geometry } = assembleGeometry(head, head.positions, splitFaceZone(model), {
    positions: new Float32Array(0),
    posedPositions: new Float32Array(0),
    uvs: new Float32Array(0),
    indices: new Uint32Array(0),
    skin: { skinJoints: new Uint8Array(0), skinWeights: new Float32Array(0) },
    morphs: head.morphs.map(() => nothing),
    correctives: head.correctives.map(() => nothing),
  });
  const atlas = createRgbaImage(512, 256);
  for (let k = 0; k < atlas.data.length; k += 4) atlas.data.set([205, 160, 135, 255], k);
  return {
    ...tinyAvatar('Mean'),
    geometry,
    atlas,
    fit: { identity: new Float32Array(0), residual: 0, headModelVersion: 1 },
  };
}

function look(changes: object): DomainRecipe {
  const green = { base: { color: '#20a040' }, shading: { kind: 'soft' } };
  const recipe = {
    version: 1,
    id: 'test-look',
    displayName: 'Test look',
    origin: 'prompt',
    prompt: '',
    grade: 'A',
    note: 'For tests.',
    hides: ['hair', 'cloth'],
    surfaces: { skin: green },
    props: [
      { kind: 'ellipsoid', name: 'nose', center: [0, 0, 110], radius: [14, 12, 12], follow: 'skin', surface: green },
      { kind: 'tube', name: 'horn', points: [[30, 100, 60], [40, 150, 60]], radii: [8, 1], isMirrored: true, surface: green },
    ],
    ...changes,
  }; // prettier-ignore
  return domainRecipeSchema.parse(recipe);
}

function expectSound({
  positions,
  uvs,
  indices,
  parts,
  morphs,
  correctives,
  skinWeights,
}: AvatarGeometry): void {
  const count = positions.length / 3;
  expect(positions.every(Number.isFinite)).toBe(true);
  expect(uvs.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(indices.every((vertex) => vertex < count)).toBe(true);
  expect(parts.reduce((sum, part) => sum + part.indexCount, 0)).toBe(indices.length);
  expect(parts.reduce((sum, part) => sum + part.vertexCount, 0)).toBe(count);
  for (const { vertices, deltas } of [...morphs, ...correctives]) {
    expect(deltas).toHaveLength(vertices.length * 3);
    expect(vertices.every((vertex, i) => vertex < count && (i === 0 || vertex > vertices[i - 1]))).toBe(true);
  }
  for (let v = 0; v < count; v++) {
    const sum = skinWeights.subarray(v * 4, v * 4 + 4).reduce((total, weight) => total + weight, 0);
    if (Math.abs(sum - 1) > 1e-3) throw new Error(`the weights of vertex ${v} sum to ${sum}`);
  }
}

describe('restyleAvatar', () => {
  it('gives a whole head with everything put on, all channels alive', () => {
    const { avatar, omitted } = restyleAvatar(meanAvatar(), model, look({ outline: { width: 1, color: '#101010', parts: ['skin'] } })); // prettier-ignore
    expectSound(avatar.geometry);
    expect(avatar.geometry.parts.map(({ name }) => name)).toEqual([
      ...model.parts.map(({ name }) => name),
      'prop',
    ]);
    expect(omitted).not.toEqual([]);
    const { positions, parts } = avatar.geometry;
    const weights = new Float32Array(52);
    weights[channelIndex('jawOpen')] = 1;
    weights[channelIndex('eyeBlinkLeft')] = 1;
    const posed = new RigEvaluator(avatar.geometry).evaluate({ ...neutralPose(), weights });
    const chin = lowestMove(positions, posed, parts[0].firstVertex, parts[0].vertexCount);
    expect(chin).toBeLessThan(-0.015);
    // The outline goes with the skin that it surrounds.
    const extras = parts[parts.length - 1];
    expect(lowestMove(positions, posed, extras.firstVertex, extras.vertexCount)).toBeCloseTo(chin, 2);
  });

  it('paints the skin with the look', () => {
    const { atlas } = restyleAvatar(meanAvatar(), model, look({})).avatar;
    const forehead = (Math.round(256 * 0.12) * 512 + 128) * 4;
    const [red, green, blue] = atlas.data.subarray(forehead, forehead + 3);
    expect(green).toBeGreaterThan(red + 40);
    expect(green).toBeGreaterThan(blue + 20);
  });

  it('rebuilds heads of blocks', () => {
    const { geometry } = restyleAvatar(meanAvatar(), model, look({ blocks: { size: 20 }, props: [] })).avatar;
    expectSound(geometry);
    // Cubes' corners are whole cubes apart, those of the plates behind the face tenths.
    const tenths = [...geometry.positions].map((value) => Math.round((value / 0.02) * 1000) % 100);
    expect(new Set(tenths)).toEqual(new Set([0, -0]));
    const whole = [...geometry.positions].filter((value) => Math.round((value / 0.02) * 1000) % 1000 === 0);
    expect(whole.length / geometry.positions.length).toBeGreaterThan(0.5);
  });

  it('is the same every time, and leaves the avatar as it was', () => {
    const avatar = meanAvatar();
    const before = structuredClone(avatar);
    const [first, second] = [1, 2].map(() => restyleAvatar(avatar, model, look({})).avatar);
    expect(second.geometry).toEqual(first.geometry);
    expect(second.atlas).toEqual(first.atlas);
    expect(avatar).toEqual(before);
  });

  it('gives people back as they are where a recipe changes nothing', () => {
    const avatar = meanAvatar();
    expect(restyleAvatar(avatar, model, look({ surfaces: {}, props: [], hides: [] })).avatar).toBe(avatar);
  });

  it('refuses a mesh that is no fitted head', () => {
    expect(() => restyleAvatar(tinyAvatar(), model, look({}))).toThrow(
      expect.objectContaining({ code: 'input.badOption' }),
    );
  });

  it('refuses an avatar that has a look already', () => {
    const { avatar } = restyleAvatar(meanAvatar(), model, look({}));
    expect(() => restyleAvatar(avatar, model, look({}))).toThrow(/restyled/);
  });
});

/** The most that a vertex goes down, metres. */
function lowestMove(from: Float32Array, to: Float32Array, firstVertex: number, count: number): number {
  let lowest = 0;
  for (let v = firstVertex; v < firstVertex + count; v++)
    lowest = Math.min(lowest, to[v * 3 + 1] - from[v * 3 + 1]);
  return lowest;
}
