/** A function of x through given points, linear between them and constant outside. */
export interface Curve {
  at(x: number): number;
  readonly low: number;
  readonly high: number;
}

/** Points in any order; of those within `resolution` of each other the mean is taken. */
export function curveThrough(points: readonly (readonly [number, number])[], resolution: number): Curve {
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < sorted.length;) {
    let n = 0;
    let [x, y] = [0, 0];
    for (; i + n < sorted.length && sorted[i + n][0] - sorted[i][0] <= resolution; n++) {
      x += sorted[i + n][0];
      y += sorted[i + n][1];
    }
    xs.push(x / n);
    ys.push(y / n);
    i += n;
  }
  const last = xs.length - 1;
  return {
    low: xs[0],
    high: xs[last],
    at(x) {
      if (x <= xs[0]) return ys[0];
      if (x >= xs[last]) return ys[last];
      let k = 1;
      while (xs[k] < x) k++;
      const t = (x - xs[k - 1]) / (xs[k] - xs[k - 1]);
      return ys[k - 1] + t * (ys[k] - ys[k - 1]);
    },
  };
}
