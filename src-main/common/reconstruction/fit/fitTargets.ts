import { CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import type { Mat3 } from '#common/math/mat3';
import { fitSimilarity } from '#common/math/similarity';
import type { Vec3 } from '#common/math/vec3';
import type { LandmarkBasis } from '#common/reconstruction/fit/landmarkBasis';
import {
  FACE_OVAL,
  LEFT_EYE,
  LIPS_OUTER,
  INNER_LIP_PAIRS,
  INNER_LIP_CORNERS,
  NOSE,
  RIGHT_EYE,
  STABLE,
} from '#common/reconstruction/fit/landmarkSets';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import type { FaceObservation } from '#common/tracking/faceObservation';
import { norm2 } from '#common/math/portableMath';

/** Head to camera: camera = rotation * model + translation, OpenCV camera axes, metres. */
export interface HeadPlacement {
  readonly rotation: Mat3;
  readonly translation: Vec3;
}

/** What the solver tries to meet, prepared from one observation. */
export interface FitTargets {
  /** 2 per landmark, in units of the crop's width from the principal point: (x - W/2) / W. */
  readonly points: Float64Array;
  /** Relative depth in units of the crop's width, larger is farther, any offset. */
  readonly depths: Float64Array;
  /** Orthonormal image direction along which the first residual is taken (the contour's normal, or x), 2 per landmark. */
  readonly normals: Float64Array;
  /** Standard deviations along that normal and across it, 2 per landmark, in units of the crop's width. */
  readonly spreads: Float64Array;
  readonly depthSpread: number;
  /** Eye span of the head in units of the crop's width, as if seen frontally. */
  readonly eyeSpan: number;
  /** First guess of the head's place. */
  readonly placement: HeadPlacement;
  /** Trust in each landmark in [0, 1]: visibility in the picture. */
  readonly confidences: Float32Array;
}

/**
 * Spread of a landmark around the model's in fractions of the eye span: tracker noise plus the scatter of the
 * correspondence between heads (measured against ground truth: mouth 1.5 %, eyes 2.1 %, brows 3.0 %, oval 4.6 %).
 */
const SPREADS = { lid: 0.011, iris: 0.01, lip: 0.012, nose: 0.018, brow: 0.018, skin: 0.025, oval: 0.035 };

/** Oval points slide along the outline: across it they are only loosely known. */
const OVAL_TANGENT_SPREAD = 0.1;

/** The tracker's depth is a guess from a weak-perspective fit. */
const DEPTH_SPREAD = 0.1;

/** Facing (cosine to the camera) at which a landmark starts to be seen and is seen fully. */
const FACING_HIDDEN = -0.1;
const FACING_SEEN = 0.5;
const HIDDEN_TRUST = 0.05;

const BASE_SPREADS: Float64Array = buildSpreads();

function buildSpreads(): Float64Array {
  const spreads = new Float64Array(LANDMARK_COUNT).fill(SPREADS.skin);
  const set = (points: readonly number[], spread: number): void => {
    for (const point of points) spreads[point] = spread;
  };
  set(NOSE, SPREADS.nose);
  for (const eye of [RIGHT_EYE, LEFT_EYE]) {
    set(eye.brow, SPREADS.brow);
    set(eye.corners, SPREADS.lid);
    set(eye.lidPairs.flat(), SPREADS.lid);
    set(eye.iris, SPREADS.iris);
  }
  set([...LIPS_OUTER, ...INNER_LIP_PAIRS.flat(), ...INNER_LIP_CORNERS], SPREADS.lip);
  set(FACE_OVAL, SPREADS.oval);
  return spreads;
}

/**
 * @param landmarks the head's landmarks to align with for the first guess (model space), for example the template's.
 */
export function prepareTargets(
  basis: LandmarkBasis,
  observation: FaceObservation,
  landmarks: Float64Array = basis.template,
): FitTargets {
  const width = observation.imageWidth;
  const points = new Float64Array(LANDMARK_COUNT * 2);
  const depths = new Float64Array(LANDMARK_COUNT);
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    points[i * 2] = (observation.landmarks[i * 3] - observation.imageWidth / 2) / width;
    points[i * 2 + 1] = (observation.landmarks[i * 3 + 1] - observation.imageHeight / 2) / width;
    depths[i] = observation.landmarks[i * 3 + 2] / width;
  }
  const { placement, scale } = firstPlacement(landmarks, points, depths);
  const eyeSpan = scale * basis.eyeSpan;
  const confidences = landmarkTrust(basis, placement.rotation);
  const normals = new Float64Array(LANDMARK_COUNT * 2);
  const spreads = new Float64Array(LANDMARK_COUNT * 2);
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    normals[i * 2] = 1;
    const spread = (BASE_SPREADS[i] * eyeSpan) / Math.sqrt(confidences[i]);
    spreads[i * 2] = spread;
    spreads[i * 2 + 1] = spread;
  }
  slideAlongOval(points, normals, spreads, eyeSpan);
  return {
    points,
    depths,
    normals,
    spreads,
    depthSpread: DEPTH_SPREAD * eyeSpan,
    eyeSpan,
    placement,
    confidences,
  };
}

/** Similarity of the stable points in the tracker's own weak-perspective 3D, turned into a pinhole placement. */
function firstPlacement(
  landmarks: Float64Array,
  points: Float64Array,
  depths: Float64Array,
): { placement: HeadPlacement; scale: number } {
  const source = new Float64Array(STABLE.length * 3);
  const target = new Float64Array(STABLE.length * 3);
  STABLE.forEach((landmark, row) => {
    for (let axis = 0; axis < 3; axis++) source[row * 3 + axis] = landmarks[landmark * 3 + axis];
    target[row * 3] = points[landmark * 2];
    target[row * 3 + 1] = points[landmark * 2 + 1];
    target[row * 3 + 2] = depths[landmark];
  });
  const { scale, rotation, translation } = fitSimilarity(source, target);
  return {
    scale,
    placement: {
      rotation,
      translation: [translation[0] / scale, translation[1] / scale, CANONICAL_FOCAL / scale],
    },
  };
}

/** A landmark turned away from the camera is guessed by the tracker, not seen. */
function landmarkTrust(basis: LandmarkBasis, rotation: Mat3): Float32Array {
  const trust = new Float32Array(LANDMARK_COUNT);
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const normal = basis.normals;
    const facing = -(
      rotation[6] * normal[i * 3] +
      rotation[7] * normal[i * 3 + 1] +
      rotation[8] * normal[i * 3 + 2]
    );
    const t = Math.min(1, Math.max(0, (facing - FACING_HIDDEN) / (FACING_SEEN - FACING_HIDDEN)));
    trust[i] = HIDDEN_TRUST + (1 - HIDDEN_TRUST) * t * t * (3 - 2 * t);
  }
  return trust;
}

function slideAlongOval(
  points: Float64Array,
  normals: Float64Array,
  spreads: Float64Array,
  eyeSpan: number,
): void {
  const count = FACE_OVAL.length;
  for (let k = 0; k < count; k++) {
    const before = FACE_OVAL[(k + count - 1) % count];
    const after = FACE_OVAL[(k + 1) % count];
    const tx = points[after * 2] - points[before * 2];
    const ty = points[after * 2 + 1] - points[before * 2 + 1];
    const length = norm2(tx, ty);
    const i = FACE_OVAL[k];
    if (length > 1e-9) {
      normals[i * 2] = ty / length;
      normals[i * 2 + 1] = -tx / length;
    }
    spreads[i * 2 + 1] = Math.max(spreads[i * 2], OVAL_TANGENT_SPREAD * eyeSpan);
  }
}
