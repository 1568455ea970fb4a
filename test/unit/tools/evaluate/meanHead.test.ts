import { describe, expect, it } from 'vitest';
import { LID_RING, lidRings } from '#common/head/lidRings';
import { shippedHeadModel } from '#test/helpers/paintedHead';
import { meanHead } from '#tools/evaluate/meanHead';

const model = shippedHeadModel();
const { atlas } = meanHead(model);

/** Green of the atlas at a chart position, 0..255. */
function greenAt(u: number, v: number): number {
  return atlas.data[(Math.floor(v * atlas.height) * atlas.width + Math.floor(u * atlas.width)) * 4 + 1];
}

/** Half way between the given landmarks. */
function landmarkGreen(...landmarks: number[]): number {
  const [u, v] = [0, 1].map((axis) =>
    landmarks
      .flatMap((landmark) => [0, 1, 2].map((corner) => landmark * 3 + corner))
      .reduce((sum, at) => {
        const uv = model.uvs[model.landmarkVertices[at] * 2 + axis];
        return sum + (model.landmarkWeights[at] * uv) / landmarks.length;
      }, 0),
  );
  return greenAt(u, v);
}

describe('the mean head as an avatar', () => {
  it('has a lash line a tracker can read when the eye is closed', () => {
    const rings = lidRings(model);
    const lid = model.joints.find(({ name }) => name === 'eyeLeft')?.position ?? [0, 0, 0];
    const edge = [...rings.keys()].filter(
      (v) =>
        rings[v] === LID_RING.edge + 1 &&
        Math.abs(model.template[v * 3] - lid[0]) < 0.008 &&
        model.template[v * 3 + 1] > lid[1],
    );
    expect(edge.length).toBeGreaterThan(2);
    const cheek = landmarkGreen(280);
    for (const v of edge) expect(greenAt(model.uvs[v * 2], model.uvs[v * 2 + 1])).toBeLessThan(0.5 * cheek);
  });

  it('has brows as wide as a face has, and bare lids below them', () => {
    const lid = landmarkGreen(257);
    expect(landmarkGreen(105, 52)).toBeLessThan(0.75 * lid);
    expect(landmarkGreen(334, 282)).toBeLessThan(0.75 * lid);
  });
});
