import { AppError } from '#common/contract/errors';
import { evaluateMultiquadricField, fitMultiquadricField } from '#common/math/multiquadricField';
import { fitSimilarity } from '#common/math/similarity';
import type { FaceObservation, ManualFacePoints } from '#common/tracking/faceObservation';
import { canonicalLandmarks, meanLandmark } from '#engine/tracking/mesh/canonicalLandmarks';
import type { FaceFinder } from '#engine/tracking/mesh/FaceFinder';
import { MINIMUM_PRESENCE } from '#engine/tracking/mesh/FaceFinder';
import { regionFromLandmarks } from '#engine/tracking/mesh/meshRegion';
import type { PicturePyramid } from '#engine/tracking/PicturePyramid';

/** Landmarks whose mean stands for each hand-placed point: lid corners, nose tip, mouth corners. */
const POINT_LANDMARKS = {
  rightEye: [33, 133],
  leftEye: [362, 263],
  noseTip: [1],
  mouthRight: [61],
  mouthLeft: [291],
} as const satisfies Record<keyof ManualFacePoints, readonly number[]>;

const POINT_NAMES = Object.keys(POINT_LANDMARKS) as (keyof ManualFacePoints)[];

/** Mean distance to the given points, in eye distances, beyond which the mesh model looked at something else. */
const LARGEST_DISAGREEMENT = 0.2;
const SMALLEST_EYE_DISTANCE = 4;
/** Reach of the warp around each hand-placed point, in eye distances. */
const WARP_SOFTNESS = 0.5;

/**
 * Landmarks from five points placed by hand. The canonical face is laid on the points; the mesh model runs
 * where that puts the face and its result counts if it sees a face there and agrees with the points. If
 * not (drawings with odd proportions), the canonical face itself, bent through the points, is the answer:
 * `confidence` then is the model's, below MINIMUM_PRESENCE or with landmarks far from the points.
 * @throws AppError input.badLandmarks for points that no face can have.
 */
export async function observeManually(
  finder: FaceFinder,
  pyramid: PicturePyramid,
  points: ManualFacePoints,
): Promise<FaceObservation> {
  checkPoints(points);
  const bent = bendCanonicalFace(canonicalLandmarks(finder.canonicalFace), points);
  const seen = await finder.follow(pyramid, regionFromLandmarks(bent), 1);
  const isTrusted =
    seen.confidence >= MINIMUM_PRESENCE && disagreement(seen.landmarks, points) <= LARGEST_DISAGREEMENT;
  const landmarks = isTrusted ? seen.landmarks : bent;
  return finder.describe(pyramid, { landmarks, confidence: seen.confidence }, 'manual');
}

function eyeDistance({ leftEye, rightEye }: ManualFacePoints): number {
  return Math.hypot(leftEye[0] - rightEye[0], leftEye[1] - rightEye[1]);
}

function checkPoints(points: ManualFacePoints): void {
  const fail = (what: string): never => {
    throw new AppError('input.badLandmarks', what, { details: { ...points } });
  };
  for (const name of POINT_NAMES) {
    if (!points[name].every(Number.isFinite)) fail(`The point ${name} is not a pair of finite numbers.`);
  }
  const distance = eyeDistance(points);
  if (distance < SMALLEST_EYE_DISTANCE) {
    fail(`The eyes lie ${distance.toFixed(1)} pixels apart; at least ${SMALLEST_EYE_DISTANCE} are needed.`);
  }
  const { leftEye, rightEye, mouthLeft, mouthRight } = points;
  const eyesX = leftEye[0] - rightEye[0];
  const eyesY = leftEye[1] - rightEye[1];
  const downX = (mouthLeft[0] + mouthRight[0] - leftEye[0] - rightEye[0]) / 2;
  const downY = (mouthLeft[1] + mouthRight[1] - leftEye[1] - rightEye[1]) / 2;
  if (eyesX * downY - eyesY * downX <= 0) {
    fail(
      "The points are mirrored: left and right are the subject's own, so its left eye is on the picture's right.",
    );
  }
}

/** Mean distance between the landmarks and the given points, in eye distances. */
function disagreement(landmarks: Float32Array, points: ManualFacePoints): number {
  let sum = 0;
  for (const name of POINT_NAMES) {
    const [x, y] = meanLandmark(landmarks, POINT_LANDMARKS[name]);
    sum += Math.hypot(x - points[name][0], y - points[name][1]);
  }
  return sum / POINT_NAMES.length / eyeDistance(points);
}

/**
 * Lays frontal landmarks on five points: the best similarity of the picture plane, then a smooth field that
 * carries them through the points exactly. Depth is scaled along.
 */
export function bendCanonicalFace(canonical: Float32Array, points: ManualFacePoints): Float32Array {
  const source = new Float64Array(POINT_NAMES.length * 3);
  const target = new Float64Array(POINT_NAMES.length * 3);
  POINT_NAMES.forEach((name, index) => {
    const [x, y] = meanLandmark(canonical, POINT_LANDMARKS[name]);
    source.set([x, y, 0], index * 3);
    target.set([points[name][0], points[name][1], 0], index * 3);
  });
  const { rotation, scale, translation } = fitSimilarity(source, target);
  const place = (x: number, y: number): [number, number] => [
    scale * (rotation[0] * x + rotation[1] * y) + translation[0],
    scale * (rotation[3] * x + rotation[4] * y) + translation[1],
  ];
  const landmarks = new Float32Array(canonical.length);
  const flat = new Float64Array(canonical.length);
  for (let at = 0; at < canonical.length; at += 3) {
    const [x, y] = place(canonical[at], canonical[at + 1]);
    landmarks.set([x, y, canonical[at + 2] * scale], at);
    flat.set([x, y, 0], at);
  }
  const field = fitResiduals(source, target, place, eyeDistance(points) * WARP_SOFTNESS);
  const shifts = evaluateMultiquadricField(field, flat);
  for (let index = 0; index < landmarks.length / 3; index++) {
    landmarks[index * 3] += shifts[index * 2];
    landmarks[index * 3 + 1] += shifts[index * 2 + 1];
  }
  return landmarks;
}

function fitResiduals(
  source: Float64Array,
  target: Float64Array,
  place: (x: number, y: number) => [number, number],
  softness: number,
): ReturnType<typeof fitMultiquadricField> {
  const count = source.length / 3;
  const centres = new Float64Array(count * 3);
  const values = new Float64Array(count * 2);
  for (let index = 0; index < count; index++) {
    const [x, y] = place(source[index * 3], source[index * 3 + 1]);
    centres.set([x, y, 0], index * 3);
    values.set([target[index * 3] - x, target[index * 3 + 1] - y], index * 2);
  }
  return fitMultiquadricField({ centres, values, components: 2, slack: new Float64Array(count), softness });
}
