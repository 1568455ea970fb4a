import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { applyDomain } from '#common/synthetic/domains/applyDomain';
import { buildSyntheticHead } from '#common/synthetic/heads/buildSyntheticHead';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import { poseSyntheticHead } from '#common/synthetic/heads/poseSyntheticHead';
import type { LightRig, SceneMesh, SurfaceSamples } from '#common/synthetic/scene';
import { readHeadModel, weightsOf } from '../../head/readHeadModel';
import { readRecipes } from './readRecipes';

const none = { direction: [0, 0, 1], color: [0, 0, 0] } as const;
const even: LightRig = {
  key: { ...none, color: [1, 1, 1], softness: 1 },
  fill: none,
  rim: none,
  sky: [1, 1, 1],
  ground: [1, 1, 1],
};

/** The colours of a posed mesh's vertices under an even light, seen from the front. */
function vertexColors(mesh: SceneMesh): Float32Array {
  const count = mesh.positions.length / 3;
  const front = Float32Array.from({ length: count * 3 }, (_, k) => (k % 3 === 2 ? 1 : 0));
  const samples: SurfaceSamples = {
    count,
    triangles: new Int32Array(count),
    barycentrics: new Float32Array(count * 3),
    positions: mesh.positions,
    normals: front,
    views: front,
    canonical: mesh.canonical,
    uvs: mesh.uvs,
    curvature: new Float32Array(count),
    occlusion: new Float32Array(count).fill(1),
    keyVisibility: new Float32Array(count).fill(1),
    footprint: new Float32Array(count).fill(0.0005),
  };
  const out = new Float32Array(count * 4);
  mesh.material.shade(samples, mesh, even, out);
  return out;
}

const recipes = readRecipes();
const plain = buildSyntheticHead(readHeadModel(), sampleIdentity(createSeededRandom(4)), { skinSize: 64 });

describe('painted patterns', () => {
  it.each([
    'stained-glass',
    'graffiti',
    'pencil',
    'ink',
    'retro',
    'pixel-art',
    'greek-statue',
    'peking-opera',
  ])('of %s stay where they are when head and face move', (id) => {
    const recipe = recipes.get(id);
    if (!recipe) throw new Error(`no recipe ${id}`);
    const head = applyDomain(plain, recipe);
    const skin = head.pieces.findIndex(({ part }) => part === 'skin');
    const still = poseSyntheticHead(head, new Float32Array(52))[skin];
    const moved = poseSyntheticHead(head, weightsOf({ jawOpen: 0.8, mouthSmileLeft: 1, eyeBlinkRight: 1 }), {
      head: { yaw: 0.5, pitch: -0.2, roll: 0.2 },
    })[skin];
    expect(moved.positions).not.toEqual(still.positions);
    const colors = vertexColors(still);
    expect(vertexColors(moved)).toEqual(colors);
    // The pattern is there at all.
    const reds = colors.filter((_, k) => k % 4 === 0);
    expect(Math.max(...reds) - Math.min(...reds)).toBeGreaterThan(0.05);
  });
});
