import type { FaceObservation } from '#common/tracking/faceObservation';

/**
 * What landmarks say of a face's expression, as lengths in eye spans. The axes are the face's own in the picture
 * (x along the eyes, y up), so that a little roll does not matter; the head should look at the camera.
 */
export const FACE_MEASURES = [
  'mouthOpening',
  'eyeOpennessLeft',
  'eyeOpennessRight',
  'cornerPullLeft',
  'cornerPullRight',
  'innerBrowHeight',
  'mouthWidth',
  'mouthRoundness',
] as const;

export type FaceMeasure = (typeof FACE_MEASURES)[number];
export type FaceMeasures = Readonly<Record<FaceMeasure, number>>;

/** Two dimensional frame of a face: the middle of the inner eye corners, unit axes, the unit of length. */
interface FaceFrame {
  readonly originX: number;
  readonly originY: number;
  readonly acrossX: number;
  readonly acrossY: number;
  readonly unit: number;
}

type Point = readonly [across: number, up: number];

const INNER_LIPS = [[13, 14], [82, 87], [312, 317]] as const; // prettier-ignore
const LIDS_LEFT = [[386, 374], [385, 380], [387, 373]] as const; // prettier-ignore
const LIDS_RIGHT = [[159, 145], [158, 153], [160, 144]] as const; // prettier-ignore
const INNER_BROWS = [107, 66, 55, 336, 296, 285] as const;
const OUTER_LIP_COLUMNS = [[0, 17], [37, 84], [267, 314]] as const; // prettier-ignore
const CORNER_LEFT = 291;
const CORNER_RIGHT = 61;
const NOSE_WINGS = [64, 294] as const;

/**
 * Measures one observed face. Left and right are the subject's own.
 *
 * @param eyeSpan pixels between the outer eye corners; by default this face's own. For a series give the first
 *   frame's, so that lids and corners do not change the unit.
 */
export function measureFace(
  { landmarks }: Pick<FaceObservation, 'landmarks'>,
  eyeSpan?: number,
): FaceMeasures {
  const frame = faceFrame(landmarks, eyeSpan);
  const at = (index: number): Point => pointInFrame(landmarks, index, frame);
  const gap = (pairs: readonly (readonly [number, number])[]): number =>
    pairs.reduce((sum, [upper, lower]) => sum + Math.max(0, at(upper)[1] - at(lower)[1]), 0) / pairs.length;
  const noseUp = NOSE_WINGS.reduce((sum, index) => sum + at(index)[1] / NOSE_WINGS.length, 0);
  const left = at(CORNER_LEFT);
  const right = at(CORNER_RIGHT);
  const mouthWidth = Math.hypot(left[0] - right[0], left[1] - right[1]);
  return {
    mouthOpening: gap(INNER_LIPS),
    eyeOpennessLeft: gap(LIDS_LEFT),
    eyeOpennessRight: gap(LIDS_RIGHT),
    // A smile takes the corner up and out: its way along that diagonal.
    cornerPullLeft: (left[0] + left[1] - noseUp) / Math.SQRT2,
    cornerPullRight: (-right[0] + right[1] - noseUp) / Math.SQRT2,
    innerBrowHeight: INNER_BROWS.reduce((sum, index) => sum + at(index)[1] / INNER_BROWS.length, 0),
    mouthWidth,
    mouthRoundness: gap(OUTER_LIP_COLUMNS) / mouthWidth,
  };
}

/** Pixels between the outer corners of the eyes. */
export function eyeSpanOf({ landmarks }: Pick<FaceObservation, 'landmarks'>): number {
  return Math.hypot(landmarks[263 * 3] - landmarks[33 * 3], landmarks[263 * 3 + 1] - landmarks[33 * 3 + 1]);
}

function faceFrame(landmarks: Float32Array, eyeSpan = eyeSpanOf({ landmarks })): FaceFrame {
  const [dx, dy] = [0, 1].map((axis) => landmarks[263 * 3 + axis] - landmarks[33 * 3 + axis]);
  const length = Math.hypot(dx, dy);
  return {
    originX: (landmarks[133 * 3] + landmarks[362 * 3]) / 2,
    originY: (landmarks[133 * 3 + 1] + landmarks[362 * 3 + 1]) / 2,
    acrossX: dx / length,
    acrossY: dy / length,
    unit: eyeSpan,
  };
}

/** The subject's left is to the right of the picture: across grows towards it. */
function pointInFrame(landmarks: Float32Array, index: number, frame: FaceFrame): Point {
  const dx = landmarks[index * 3] - frame.originX;
  const dy = landmarks[index * 3 + 1] - frame.originY;
  return [
    (dx * frame.acrossX + dy * frame.acrossY) / frame.unit,
    (dx * frame.acrossY - dy * frame.acrossX) / frame.unit,
  ];
}
