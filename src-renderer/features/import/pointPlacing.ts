import type { FacePointName, PicturePoint } from '$services/import/facePoints';
import { FACE_POINTS } from '$services/import/facePoints';

type PlacedPoints = Partial<Record<FacePointName, PicturePoint>>;

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A point kept inside the picture, to a tenth of a pixel. */
export function clampToPicture([x, y]: PicturePoint, { width, height }: PictureSize): PicturePoint {
  const clamp = (value: number, limit: number): number =>
    Math.round(Math.min(limit - 1, Math.max(0, value)) * 10) / 10;
  return [clamp(x, width), clamp(y, height)];
}

/** Where a pointer is on the picture, pixels of the upright picture. */
export function pointFromPointer(
  pointer: { readonly clientX: number; readonly clientY: number },
  box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  size: PictureSize,
): PicturePoint {
  return clampToPicture(
    [
      ((pointer.clientX - box.left) / box.width) * size.width,
      ((pointer.clientY - box.top) / box.height) * size.height,
    ],
    size,
  );
}

/** The first point in the order of placing that is still missing. */
export function nextMissing(points: PlacedPoints): FacePointName | undefined {
  return FACE_POINTS.find(({ name }) => points[name] === undefined)?.name;
}

/** The placed point near a place, within `reach` picture pixels. */
export function pointNear(
  points: PlacedPoints,
  [x, y]: PicturePoint,
  reach: number,
): FacePointName | undefined {
  let best: FacePointName | undefined;
  let bestDistance = reach;
  for (const { name } of FACE_POINTS) {
    const point = points[name];
    if (point === undefined) continue;
    const distance = Math.hypot(point[0] - x, point[1] - y);
    if (distance <= bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Where a point starts that is placed with the keys: where it would lie in a face that fills the middle of the
 * picture, or, once the eyes are there, in a face with these eyes.
 */
export function firstGuess(name: FacePointName, points: PlacedPoints, size: PictureSize): PicturePoint {
  const guideOf = (wanted: FacePointName): readonly [number, number] =>
    FACE_POINTS.find((point) => point.name === wanted)?.guide ?? [0.5, 0.5];
  const [guideX, guideY] = guideOf(name);
  const { rightEye, leftEye } = points;
  if (rightEye === undefined || leftEye === undefined) {
    const side = Math.min(size.width, size.height) * 0.7;
    const left = (size.width - side) / 2;
    const top = (size.height - side) / 2;
    return clampToPicture([left + guideX * side, top + guideY * side], size);
  }
  // The similarity that brings the guide's eyes onto the placed ones.
  const [startX, startY] = guideOf('rightEye');
  const span = guideOf('leftEye')[0] - startX;
  const alongX = (leftEye[0] - rightEye[0]) / span;
  const alongY = (leftEye[1] - rightEye[1]) / span;
  const dx = guideX - startX;
  const dy = guideY - startY;
  return clampToPicture(
    [rightEye[0] + dx * alongX - dy * alongY, rightEye[1] + dx * alongY + dy * alongX],
    size,
  );
}

/** How far an arrow key moves a point, picture pixels; undefined for other keys. `pixel` is one of the screen's. */
export function nudgeOf(
  press: { readonly key: string; readonly shiftKey: boolean },
  pixel: number,
): PicturePoint | undefined {
  const step = pixel * (press.shiftKey ? 10 : 1);
  const steps: Readonly<Record<string, PicturePoint>> = {
    ArrowLeft: [-step, 0],
    ArrowRight: [step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
  };
  return steps[press.key];
}
