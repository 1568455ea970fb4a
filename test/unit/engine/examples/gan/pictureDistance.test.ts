import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { pictureDistance, slicedDistance } from '#engine/examples/gan/pictureDistance';
import { shapePictures } from '#engine/examples/gan/shapePictures';

const normals = (seed: number, count: number, mean = 0): Float32Array => {
  const random = createSeededRandom(seed);
  return Float32Array.from({ length: count }, () => mean + random.normal());
};

const pictures = async (first: number, count: number): Promise<Float32Array> => {
  const source = shapePictures(8, first, count);
  const all = new Float32Array(count * 192);
  for (let k = 0; k < count; k++) all.set(await source.read(k), k * 192);
  return all;
};

describe('the sliced distance', () => {
  it('is 0 for equal sets whatever their order', () => {
    const rows = normals(1, 300);
    const turned = new Float32Array([...rows.subarray(150), ...rows.subarray(0, 150)]);
    expect(slicedDistance(turned, rows, 3)).toBe(0);
  });

  it('is the shift of two normal distributions in deviations along one axis', () => {
    expect(slicedDistance(normals(1, 4000, 0.5), normals(2, 4000), 1)).toBeCloseTo(0.5, 1);
  });

  it('finds noise farther from drawn pictures than other drawn pictures', async () => {
    const real = await pictures(0, 200);
    const other = pictureDistance(await pictures(5000, 200), real, 8);
    const noise = pictureDistance(normals(3, real.length), real, 8);
    expect(noise.pictures).toBeGreaterThan(3 * other.pictures);
    expect(noise.patches).toBeGreaterThan(5 * other.patches);
  });
});
