import { createColorImage } from '#common/image/colorImage';
import { rasterizeHeadChart } from '#common/reconstruction/texture/head/headChart';
import { LID_RING, lidRings } from '#common/head/lidRings';
import { paintLids } from '#common/reconstruction/texture/head/lidTexture';
import { shippedHeadModel, templateGeometry } from '#test/helpers/paintedHead';
import { describe, expect, it } from 'vitest';

const SIZE = 512;
const SKIN = [0.7, 0.5, 0.4];
const HAIR = 0.1;

/** Texel of a landmark in the chart. */
function landmarkTexel(landmark: number): { x: number; y: number } {
  const model = shippedHeadModel();
  let [x, y] = [0, 0];
  for (let corner = landmark * 3; corner < landmark * 3 + 3; corner++) {
    const vertex = model.landmarkVertices[corner];
    x += model.landmarkWeights[corner] * model.uvs[vertex * 2] * SIZE;
    y += model.landmarkWeights[corner] * model.uvs[vertex * 2 + 1] * SIZE;
  }
  return { x, y };
}

describe('paintLids', () => {
  it.each([
    { side: 'right', margin: 159, fold: 27 },
    { side: 'left', margin: 386, fold: 257 },
  ])(
    'makes the $side lid skin with a dark line at its margin, whatever hair was on it',
    ({ margin, fold }) => {
      const geometry = templateGeometry(shippedHeadModel());
      const chart = rasterizeHeadChart(geometry, SIZE);
      const number = geometry.parts.findIndex(({ name }) => name === 'skin') + 1;
      const below = landmarkTexel(margin);
      const above = landmarkTexel(fold);
      const target = createColorImage(SIZE, SIZE);
      const known = new Float32Array(SIZE * SIZE).fill(1);
      // Brow hair reaches down to the middle of the lid.
      for (let texel = 0; texel < known.length; texel++) {
        const y = Math.floor(texel / SIZE);
        const isHair = y > above.y - 12 && y < 0.5 * (above.y + below.y);
        for (let c = 0; c < 3; c++) target.data[texel * 3 + c] = isHair ? HAIR : SKIN[c];
      }
      paintLids({ geometry, model: shippedHeadModel() }, chart, [0.02, 0.02, 0.02], {
        target,
        known,
        number,
      });
      const at = (t: number) => {
        const x = Math.floor(below.x + t * (above.x - below.x));
        return Math.floor(below.y + t * (above.y - below.y)) * SIZE + x;
      };
      for (const t of [0.65, 0.8]) {
        for (let c = 0; c < 3; c++) expect(target.data[at(t) * 3 + c]).toBeGreaterThan(0.7 * SKIN[c]);
      }
      expect(target.data[at(0.1) * 3]).toBeLessThan(0.5 * SKIN[0]);
      expect(known[at(0.8)]).toBeLessThan(0.2);
      // The brow itself stays.
      expect(target.data[at(1.6) * 3]).toBeCloseTo(HAIR, 5);
    },
  );

  it("draws the upper lash line from corner to corner on the rim's outer edge", () => {
    const model = shippedHeadModel();
    const geometry = templateGeometry(model);
    const chart = rasterizeHeadChart(geometry, SIZE);
    const number = geometry.parts.findIndex(({ name }) => name === 'skin') + 1;
    const target = createColorImage(SIZE, SIZE);
    target.data.forEach((_, i) => (target.data[i] = SKIN[i % 3]));
    const known = new Float32Array(SIZE * SIZE).fill(1);
    paintLids({ geometry, model }, chart, [0.02, 0.02, 0.02], { target, known, number });
    const rings = lidRings(model);
    const [inner, outer] = [362, 263].map((landmark) => landmarkTexel(landmark).x);
    let texels = 0;
    for (let vertex = 0; vertex < model.parts[0].vertexCount; vertex++) {
      const [x, y] = [model.uvs[vertex * 2] * SIZE, model.uvs[vertex * 2 + 1] * SIZE];
      const isUpper = y < Math.min(landmarkTexel(362).y, landmarkTexel(263).y) - 3;
      if (rings[vertex] !== LID_RING.edge + 1 || !isUpper || x < inner || x > outer) continue;
      texels++;
      expect(target.data[(Math.floor(y) * SIZE + Math.floor(x)) * 3], `at ${x}, ${y}`).toBeLessThan(
        0.5 * SKIN[0],
      );
    }
    expect(texels).toBeGreaterThan(5);
  });
});
