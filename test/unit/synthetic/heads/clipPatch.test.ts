import { describe, expect, it } from 'vitest';
import { clipPatch } from '#common/synthetic/heads/bind/clipPatch';

/** A unit square of two triangles in the plane z = 0. */
const patch = {
  vertices: Uint32Array.of(10, 11, 12, 13),
  indices: Uint32Array.of(0, 1, 2, 0, 2, 3),
  rest: Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0),
  canonical: Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0),
  anchors: {
    corners: Uint32Array.of(10, 11, 12, 10, 11, 12, 10, 11, 12, 10, 12, 13),
    weights: new Float32Array(12),
  },
};

describe('clipping a patch', () => {
  it('keeps exactly the positive side', () => {
    const field = Float32Array.from([0, 1, 2, 3], (v) => 0.25 - patch.rest[v * 3 + 1]);
    const cut = clipPatch(patch, field);
    let area = 0;
    for (let t = 0; t < cut.indices.length; t += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => cut.indices[t + k] * 3);
      const p = cut.rest;
      area += ((p[b] - p[a]) * (p[c + 1] - p[a + 1]) - (p[c] - p[a]) * (p[b + 1] - p[a + 1])) / 2;
    }
    expect(area).toBeCloseTo(0.25, 6);
    expect(Math.max(...cut.rest.filter((_, k) => k % 3 === 1))).toBeCloseTo(0.25, 6);
  });

  it('anchors each vertex to where it is on the model', () => {
    const cut = clipPatch(patch, Float32Array.of(0.5, 0.5, -0.5, -0.5));
    const model = new Map([...patch.vertices].map((vertex, v) => [vertex, v]));
    const { corners, weights } = cut.anchors;
    for (let v = 0; v < cut.field.length; v++)
      for (let c = 0; c < 3; c++) {
        let value = 0;
        for (let k = 0; k < 3; k++)
          value += weights[v * 3 + k] * patch.rest[(model.get(corners[v * 3 + k]) ?? 0) * 3 + c];
        expect(value).toBeCloseTo(cut.rest[v * 3 + c], 6);
      }
  });
});
