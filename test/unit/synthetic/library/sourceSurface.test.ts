import { describe, expect, it } from 'vitest';
import type { HeadModel } from '#common/head/headModel';
import { meanPlaces, placeHair } from '#common/synthetic/library/placeHair';
import {
  NO_SOURCE,
  readSourceSurface,
  readSourceVertices,
  skinCorners,
} from '#common/synthetic/library/sourceSurface';

/** Two quads side by side, the second cut off from the first in the texture, and a helper that is not drawn. */
const BODY = {
  vertices: [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 2, 0, 0, 2, 1, 0, 0, 3, 0],
  uvs: [[0, 0, 0.5, 0, 0.5, 0.5, 0, 0.5, 0.6, 0.6, 1, 0.6, 1, 1, 0.6, 1]],
  faces: [
    ...[11, 0, 1, 2, 3, 0, 0, 1, 2, 3],
    ...[11, 1, 4, 5, 2, 0, 4, 5, 6, 7],
    ...[11, 0, 1, 6, 6, 3, 0, 1, 2, 3],
  ],
};

/** Cut from the first four and two more vertices, twice as large and moved by 10. */
const SOURCE_OF = Uint16Array.of(3, 0, 1, 2, 4, NO_SOURCE);
const MODEL = {
  template: Float32Array.from([
    ...[10, 12, 10, 10, 10, 10, 12, 10, 10, 12, 12, 10, 14, 10, 10],
    ...[0, 0, 0],
  ]),
  indices: Uint32Array.of(1, 2, 3, 2, 4, 3, 2, 4, 5),
  parts: [{ name: 'skin', firstIndex: 0, indexCount: 9, firstVertex: 0, vertexCount: 6 }],
} as unknown as HeadModel;

describe('the body of a library', () => {
  const surface = readSourceSurface(BODY);

  it('is what is drawn, with v down', () => {
    expect([...surface.quads]).toEqual([0, 1, 2, 3, 1, 4, 5, 2]);
    expect([...surface.quadUvs.slice(0, 4)]).toEqual([0, 1, 0.5, 1]);
  });

  it('gives each triangle the texture of its own quad, and none where it has no such triangle', () => {
    const corners = skinCorners(MODEL, SOURCE_OF, surface);
    expect([...corners.slice(0, 6)]).toEqual([0, 1, 0.5, 1, 0.5, 0.5]);
    // The shared edge has another place in the second quad's chart.
    expect(corners[6]).toBeCloseTo(0.6);
    expect([...corners.slice(12)].every(Number.isNaN)).toBe(true);
  });

  it('is read from little-endian numbers', () => {
    expect([...readSourceVertices(Uint8Array.of(1, 0, 0xff, 0xff))]).toEqual([1, NO_SOURCE]);
  });

  it('has hair where the head model has the vertices it hangs on', () => {
    const placeOf = meanPlaces(MODEL, SOURCE_OF, surface);
    const out = new Float64Array(3);
    placeOf(2, out);
    expect([...out]).toEqual([12, 12, 10]);
    // A helper goes with what is near it: scale 2 and shift 10 as everything.
    placeOf(6, out);
    expect([...out].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([10, 16, 10]);
  });

  it('splits hair where its texture is cut', () => {
    const proxy = {
      ref_vIdxs: [0, 1, 2, 3].map((v) => [v, 0, 1]),
      weights: [0, 1, 2, 3].map(() => [1, 0, 0]),
      offsets: [0, 1, 2, 3].map(() => [0, 0, 0]),
      uvs: [[0, 0, 1, 0, 1, 1, 0, 1, 0.5, 0.5]],
      faces: [...[11, 0, 1, 2, 0, 0, 0, 1, 2, 0], ...[11, 0, 2, 3, 3, 0, 4, 2, 3, 3]],
    };
    const texture = { width: 1, height: 1, channels: 4 as const, data: new Uint8Array(4) };
    // Scales are measured between vertices that this body lacks.
    const hair = placeHair('long01', proxy, (v, out) => out.set([v, v, v]), texture);
    expect(hair.positions.length / 3).toBe(5);
    expect([...hair.indices]).toEqual([0, 1, 2, 3, 2, 4]);
  });
});
