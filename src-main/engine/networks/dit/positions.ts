import type { DitConfig } from '#engine/networks/dit/ditConfig';
import { tokenGrid } from '#engine/networks/dit/ditConfig';

/** Longest wavelength of positions and timesteps, in cells and in steps, over 2 pi. */
export const LONGEST_PERIOD = 10_000;

/**
 * What is added to each token so that it knows its place: [tokens, width], fixed. Sines, then cosines of each coordinate
 * at wavelengths from 2 pi to 10,000 * 2 pi.
 */
export function tokenPositions(config: DitConfig): Float32Array {
  const { rows, columns } = tokenGrid(config);
  const coordinates = config.positions === 'published' ? squareRaster(rows, columns) : placesOf(columns);
  const table = new Float32Array(rows * columns * config.width);
  for (let token = 0; token < rows * columns; token++) {
    const own = coordinates(token);
    const part = config.width / own.length;
    own.forEach((coordinate, k) => writeWaves(table, token * config.width + k * part, part, coordinate));
  }
  return table;
}

/** Column, then row, of a square raster with as many cells as there are tokens; stretched as the grid is. */
function squareRaster(rows: number, columns: number): (token: number) => readonly number[] {
  const side = Math.sqrt(rows * columns);
  return (token) => [(token % side) * (columns / side), Math.floor(token / side) * (rows / side)];
}

/** Plane, row and column. */
function placesOf(columns: number): (token: number) => readonly number[] {
  return (token) => {
    const row = Math.floor(token / columns);
    return [Math.floor(row / columns), row % columns, token % columns];
  };
}

function writeWaves(table: Float32Array, start: number, size: number, coordinate: number): void {
  const half = size / 2;
  for (let k = 0; k < half; k++) {
    const angle = coordinate * LONGEST_PERIOD ** (-k / half);
    table[start + k] = Math.sin(angle);
    table[start + half + k] = Math.cos(angle);
  }
}
