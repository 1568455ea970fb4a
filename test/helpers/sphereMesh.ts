import { createRgbaImage } from '#common/image/rasterImage';
import type { RgbaImage } from '#common/image/rasterImage';
import type { RasterMesh } from '#common/raster/renderMesh';

/**
 * A bumpy ellipsoid about the origin with one texture chart: (columns + 1) * (rows + 1) vertices and
 * 2 * columns * rows triangles, counter-clockwise seen from outside.
 *
 * @param radii half extents in metres
 */
export function sphereMesh(
  columns: number,
  rows: number,
  radii: readonly [number, number, number] = [0.1, 0.13, 0.11],
): RasterMesh {
  const positions: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  for (let row = 0; row <= rows; row++) {
    const polar = (Math.PI * row) / rows;
    for (let column = 0; column <= columns; column++) {
      const turn = (2 * Math.PI * (column % columns)) / columns;
      const bump = 1 + 0.03 * Math.sin(6 * turn) * Math.sin(5 * polar) * Math.sin(polar);
      positions.push(
        -radii[0] * bump * Math.sin(polar) * Math.sin(turn),
        radii[1] * bump * Math.cos(polar),
        -radii[2] * bump * Math.sin(polar) * Math.cos(turn),
      );
      uvs.push(column / columns, row / rows);
    }
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const a = row * (columns + 1) + column;
      const b = a + columns + 1;
      indices.push(a, b, a + 1, a + 1, b, b + 1);
    }
  }
  return {
    positions: Float32Array.from(positions),
    uvs: Float32Array.from(uvs),
    indices: Uint32Array.from(indices),
  };
}

/** A picture of coloured noise and lines, the same each time. */
export function noisePicture(size: number): RgbaImage {
  const image = createRgbaImage(size, size);
  let state = 12345;
  for (let pixel = 0; pixel < size * size; pixel++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const x = pixel % size;
    const y = Math.floor(pixel / size);
    const isLine = x % 64 === 0 || y % 64 === 0;
    const value = isLine ? 30 : 150 + (state >>> 26);
    image.data.set([value, Math.round((value * x) / size), Math.round((value * y) / size), 255], pixel * 4);
  }
  return image;
}
