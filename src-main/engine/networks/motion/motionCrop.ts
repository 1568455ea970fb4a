/** A point of a picture: pixels from the left and from the top, centres at halves. */
export type PixelPoint = readonly [x: number, y: number];

/** Where the outer frame of 224 pixels has the eyes and the middle of the mouth (spec 6.2). */
const ANCHORS: readonly PixelPoint[] = [[87, 59], [137, 59], [112, 120]]; // prettier-ignore

/** The part of the frame that is kept: 192 pixels, from its top, 16 from its left. */
const KEPT = { left: 16, top: 0, size: 192 };

/** x' = scale * (cos x - sin y) + shiftX, y' = scale * (sin x + cos y) + shiftY, as [a, b, x, y] with a + ib the factor. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

/**
 * How to cut the square that the motion encoder looks at: from a point of the crop, in pixels of `cropSize`, to the
 * point of the picture it shows. The least-squares similarity of both eyes and the middle of the mouth, eyes named by
 * where they are in the picture.
 */
export function motionCrop(
  points: { readonly leftEye: PixelPoint; readonly rightEye: PixelPoint; readonly mouth: PixelPoint },
  cropSize: number,
): Similarity {
  const targets = [points.leftEye, points.rightEye, points.mouth];
  const factor = cropSize / KEPT.size;
  const sources = ANCHORS.map(([x, y]): PixelPoint => [(x - KEPT.left) * factor, (y - KEPT.top) * factor]);
  const [fromX, fromY] = middle(sources);
  const [toX, toY] = middle(targets);
  let [along, across, length] = [0, 0, 0];
  sources.forEach(([x, y], index) => {
    const [dx, dy] = [x - fromX, y - fromY];
    const [ex, ey] = [targets[index][0] - toX, targets[index][1] - toY];
    along += dx * ex + dy * ey;
    across += dx * ey - dy * ex;
    length += dx * dx + dy * dy;
  });
  const [a, b] = [along / length, across / length];
  return { a, b, shiftX: toX - a * fromX + b * fromY, shiftY: toY - b * fromX - a * fromY };
}

/** The point of the picture that a point of the crop shows. */
export function applySimilarity({ a, b, shiftX, shiftY }: Similarity, [x, y]: PixelPoint): PixelPoint {
  return [a * x - b * y + shiftX, b * x + a * y + shiftY];
}

function middle(points: readonly PixelPoint[]): PixelPoint {
  const sum = points.reduce(([x, y], [px, py]): PixelPoint => [x + px, y + py], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}
