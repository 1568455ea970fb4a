import { describe, expect, it } from 'vitest';
import { weldByPosition } from '#common/raster/shading/vertexNormals';
import { collarMesh } from '#common/synthetic/heads/garments/collarMesh';
import { headHull } from '#common/synthetic/heads/hair/headHull';
import { CLOTHES_STYLES } from '#common/synthetic/heads/identityRecipe';
import { readHeadModel } from '../../../head/readHeadModel';

const model = readHeadModel();
const hull = headHull(model, model.template);

describe('collars', () => {
  it('are closed and turned outwards', () => {
    const collars = CLOTHES_STYLES.map((style) => collarMesh(style, model.template, model, hull));
    expect(collars.filter(Boolean)).toHaveLength(4);
    for (const collar of collars) {
      if (!collar) continue;
      const { indices } = collar;
      // The ends of a closed band are computed at 0 and at 2 pi.
      const rest = collar.rest.map((value) => Math.round(value * 1e5) / 1e5);
      const weld = weldByPosition(rest);
      const edges = new Map<string, number>();
      let volume = 0;
      for (let t = 0; t < indices.length; t += 3) {
        const corners = [weld[indices[t]], weld[indices[t + 1]], weld[indices[t + 2]]];
        if (new Set(corners).size < 3) continue;
        const [a, b, c] = corners.map((vertex) => rest.subarray(vertex * 3, vertex * 3 + 3));
        volume +=
          a[0] * (b[1] * c[2] - b[2] * c[1]) +
          a[1] * (b[2] * c[0] - b[0] * c[2]) +
          a[2] * (b[0] * c[1] - b[1] * c[0]);
        corners.forEach((from, k) => {
          const to = corners[(k + 1) % 3];
          const key = from < to ? `${from}/${to}` : `${to}/${from}`;
          edges.set(key, (edges.get(key) ?? 0) + (from < to ? 1 : -1));
        });
      }
      expect([...edges.values()].filter((balance) => balance !== 0)).toEqual([]);
      expect(volume / 6).toBeGreaterThan(2e-5);
    }
  });
});
