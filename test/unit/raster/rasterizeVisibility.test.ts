import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { projectPoints } from '#common/camera/projectPoints';
import { rasterizeScreen, rasterizeVisibility } from '#common/raster/rasterizeVisibility';

/** Counts how often each pixel is covered when every triangle is drawn on its own. */
function coverageCounts(
  points: Float32Array,
  indices: Uint32Array,
  width: number,
  height: number,
): Uint8Array {
  const counts = new Uint8Array(width * height);
  for (let at = 0; at < indices.length; at += 3) {
    const { triangles } = rasterizeScreen({ points, indices: indices.slice(at, at + 3), width, height });
    triangles.forEach((triangle, pixel) => {
      if (triangle >= 0) counts[pixel]++;
    });
  }
  return counts;
}

describe('rasterizeScreen', () => {
  it('covers every pixel of a fan exactly once, whatever its spokes hit', () => {
    // Half-pixel coordinates put edges and corners right on pixel centres, the hard case of the rule.
    const half = (max: number) => fc.integer({ min: 1, max: max * 2 - 1 }).map((value) => value / 2);
    fc.assert(
      fc.property(half(16), half(16), (x, y) => {
        const points = Float32Array.from([0, 0, 16, 0, 16, 16, 0, 16, x, y]);
        const indices = Uint32Array.from([0, 1, 4, 1, 2, 4, 2, 3, 4, 3, 0, 4]);
        expect(new Set(coverageCounts(points, indices, 16, 16))).toEqual(new Set([1]));
      }),
    );
  });

  it('leaves no gap and no overlap in a random triangulated grid', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: -0.2, max: 0.2, noNaN: true })), (jitter) => {
        const points: number[] = [];
        for (let row = 0; row <= 4; row++) {
          for (let column = 0; column <= 4; column++) {
            const isInner = row % 4 !== 0 && column % 4 !== 0;
            // Cells stay convex, so their triangles never fold.
            const shift = () => (isInner ? jitter.next().value! * 5 : 0);
            points.push(column * 5 + shift(), row * 5 + shift());
          }
        }
        const indices: number[] = [];
        for (let cell = 0; cell < 16; cell++) {
          const corner = Math.floor(cell / 4) * 5 + (cell % 4);
          indices.push(corner, corner + 1, corner + 6, corner, corner + 6, corner + 5);
        }
        const counts = coverageCounts(Float32Array.from(points), Uint32Array.from(indices), 20, 20);
        expect(new Set(counts)).toEqual(new Set([1]));
      }),
      { numRuns: 30 },
    );
  });

  it('gives affine weights and the nearer depth', () => {
    const { triangles, barycentrics, depths } = rasterizeScreen({
      points: Float32Array.from([0, 0, 8, 0, 0, 8, 0, 0, 8, 0, 0, 8]),
      depths: Float32Array.from([1, 3, 5, 2, 2, 2]),
      indices: Uint32Array.from([0, 1, 2, 3, 4, 5]),
      width: 8,
      height: 8,
    });
    expect([triangles[0], triangles[6 * 8]]).toEqual([0, 1]);
    expect([...barycentrics.slice(0, 3)]).toEqual([0.875, 0.0625, 0.0625]);
    expect([depths[0], depths[6 * 8], depths[63]]).toEqual([1.375, 2, Infinity]);
  });

  it('keeps the first of two equal triangles and can cull', () => {
    const twice = Uint32Array.from([0, 1, 2, 0, 1, 2]);
    const points = Float32Array.from([0, 0, 4, 0, 0, 4]);
    expect(rasterizeScreen({ points, indices: twice, width: 4, height: 4 }).triangles[0]).toBe(0);
    // y down: this order is clockwise seen, hence a back face.
    expect(rasterizeScreen({ points, indices: twice, width: 4, height: 4, cull: 'back' }).triangles[0]).toBe(
      -1,
    );
  });
});

describe('rasterizeVisibility', () => {
  const camera = canonicalCamera({ yaw: 0.3, pitch: -0.2, roll: 0.1 });
  // A slanted triangle, so that depth varies strongly over it.
  const positions = Float32Array.from([-0.14, -0.12, 0.4, 0.12, -0.1, -0.5, 0.0, 0.14, 0.1]);
  const indices = Uint32Array.from([0, 1, 2]);

  it('weights the corners perspective-correct: they rebuild the pixel they were seen at', () => {
    const size = 64;
    const seen = rasterizeVisibility({ positions, indices, camera, width: size, height: size, cull: 'none' });
    let covered = 0;
    seen.triangles.forEach((triangle, pixel) => {
      if (triangle < 0) return;
      covered++;
      const point = [0, 1, 2].map((axis) =>
        [0, 1, 2].reduce(
          (sum, corner) => sum + seen.barycentrics[pixel * 3 + corner] * positions[corner * 3 + axis],
          0,
        ),
      );
      const [x, y, depth] = projectPoints(camera, point, size);
      // The grid of 1/256 pixel moves corners by at most half a step.
      expect(Math.abs(x - ((pixel % size) + 0.5))).toBeLessThan(0.01);
      expect(Math.abs(y - (Math.floor(pixel / size) + 0.5))).toBeLessThan(0.01);
      expect(seen.depths[pixel]).toBeCloseTo(depth, 3);
    });
    expect(covered).toBeGreaterThan(300);
  });

  it('sees only the side that is counter-clockwise', () => {
    const size = { width: 32, height: 32 };
    const front = rasterizeVisibility({ positions, indices, camera, ...size });
    const back = rasterizeVisibility({ positions, indices: indices.toReversed(), camera, ...size });
    const count = (triangles: Int32Array) => triangles.filter((triangle) => triangle >= 0).length;
    expect([count(front.triangles) > 0, count(back.triangles)]).toEqual([true, 0]);
  });

  it('clips what passes the camera instead of folding it over', () => {
    // A floor 0.1 m below the axis, from behind the camera into the distance.
    const floor = Float32Array.from([-9, -0.1, 3, 9, -0.1, 3, 9, -0.1, -60, -9, -0.1, -60]);
    const size = 64;
    const frontal = canonicalCamera();
    const seen = rasterizeVisibility({
      positions: floor, indices: Uint32Array.from([0, 1, 2, 0, 2, 3]), camera: frontal, width: size, height: size,
    }); // prettier-ignore
    for (let row = 0; row < size; row++) {
      const below = row + 0.5 - size / 2;
      const depth = (0.1 * frontal.focal * size) / below;
      for (let column = 0; column < size; column++) {
        const pixel = row * size + column;
        if (below < 0.5) {
          expect(seen.triangles[pixel]).toBe(-1);
          continue;
        }
        expect(seen.depths[pixel] / depth).toBeCloseTo(1, 2);
        const z = [0, 1, 2].reduce((sum, corner) => {
          const vertex = [[0, 1, 2], [0, 2, 3]][seen.triangles[pixel]][corner]; // prettier-ignore
          return sum + seen.barycentrics[pixel * 3 + corner] * floor[vertex * 3 + 2];
        }, 0);
        expect(1.39 - z).toBeCloseTo(seen.depths[pixel], 1);
      }
    }
  });

  it('draws nothing of a mesh behind the camera', () => {
    const behind = positions.map((value, index) => (index % 3 === 2 ? value + 5 : value));
    const seen = rasterizeVisibility({
      positions: behind, indices, camera: canonicalCamera(), width: 8, height: 8, cull: 'none',
    }); // prettier-ignore
    expect(seen.triangles.every((triangle) => triangle === -1)).toBe(true);
  });
});
