import type { PinholeCamera } from '#common/camera/pinholeCamera';

/**
 * Where the source picture stands when it is laid over the avatar: on a card through the head's centre, upright to
 * the camera that took it. From that camera it lies exactly on the avatar; orbiting turns card and head together.
 *
 * Maps a picture point of the viewing camera to the source picture, both in picture widths with y down:
 * (a, b, c) = M (u, v, 1), source = (a / c, b / c).
 *
 * @returns 9 numbers, column-major; undefined where the card is seen edge-on
 */
export function cardMatrix(view: PinholeCamera, source: PinholeCamera): Float32Array | undefined {
  // Card to view picture: a point of the card is X(p, q) = origin + p * right + q * down, at the head's depth.
  const depth = source.translation[2];
  const cardToView = multiply(intrinsics(view), cardFrame(view, source, depth));
  const cardToSource = multiply(intrinsics(source), cardFrame(source, source, depth));
  const viewToCard = invert(cardToView);
  if (viewToCard === undefined) return undefined;
  const rows = multiply(cardToSource, viewToCard);
  return Float32Array.of(rows[0], rows[3], rows[6], rows[1], rows[4], rows[7], rows[2], rows[5], rows[8]);
}

type Matrix = readonly number[];

function intrinsics({ focal, principalX, principalY }: PinholeCamera): Matrix {
  return [focal, 0, principalX, 0, focal, principalY, 0, 0, 1];
}

/** Columns: the card's right, down and origin in `camera`'s axes; the card is upright to `source`. */
function cardFrame(camera: PinholeCamera, source: PinholeCamera, depth: number): Matrix {
  const s = source.rotation;
  const t = source.translation;
  // World point on the source's axis at `depth`: R^T ((0, 0, depth) - t).
  const offset = [-t[0], -t[1], depth - t[2]];
  const origin = [0, 1, 2].map((k) => s[k] * offset[0] + s[3 + k] * offset[1] + s[6 + k] * offset[2]);
  const columns = [
    rotate(camera, [s[0], s[1], s[2]]),
    rotate(camera, [s[3], s[4], s[5]]),
    rotate(camera, origin).map((value, row) => value + camera.translation[row]),
  ];
  return [0, 1, 2].flatMap((row) => columns.map((column) => column[row]));
}

function rotate({ rotation: r }: PinholeCamera, v: readonly number[]): number[] {
  return [0, 3, 6].map((row) => r[row] * v[0] + r[row + 1] * v[1] + r[row + 2] * v[2]);
}

function multiply(a: Matrix, b: Matrix): number[] {
  const product = new Array<number>(9);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      product[row * 3 + column] =
        a[row * 3] * b[column] + a[row * 3 + 1] * b[3 + column] + a[row * 3 + 2] * b[6 + column];
    }
  }
  return product;
}

function invert(m: Matrix): number[] | undefined {
  const [a, b, c, d, e, f, g, h, i] = m;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (Math.abs(determinant) < 1e-9) return undefined;
  return [
    e * i - f * h, c * h - b * i, b * f - c * e,
    f * g - d * i, a * i - c * g, c * d - a * f,
    d * h - e * g, b * g - a * h, a * e - b * d,
  ].map((value) => value / determinant); // prettier-ignore
}
