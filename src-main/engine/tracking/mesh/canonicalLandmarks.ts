import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import {
  LEFT_EYE_CONTOUR,
  LEFT_IRIS_INDICES,
  RIGHT_EYE_CONTOUR,
  RIGHT_IRIS_INDICES,
} from '#engine/tracking/mesh/refinementIndices.data';
import type { CanonicalFace } from '#engine/tracking/mesh/readCanonicalFace';

/** Radius of a human iris, centimetres; nearly the same in everyone. */
const IRIS_RADIUS = 0.585;
/** Depth zero of the mesh model in the canonical face, centimetres: mean over the portraits measured (3.8 to 4.3). */
const DEPTH_ORIGIN = 4.1;

/**
 * The canonical face as landmarks of a frontal picture at one pixel per centimetre: x right, y down, z
 * smaller nearer, with irises looking straight ahead. The starting point of what is placed by hand.
 */
export function canonicalLandmarks(face: CanonicalFace): Float32Array {
  const landmarks = new Float32Array(LANDMARK_COUNT * 3);
  for (let at = 0; at < face.positions.length; at += 3) {
    landmarks[at] = face.positions[at];
    landmarks[at + 1] = -face.positions[at + 1];
    landmarks[at + 2] = DEPTH_ORIGIN - face.positions[at + 2];
  }
  placeIris(landmarks, LEFT_IRIS_INDICES, LEFT_EYE_CONTOUR);
  placeIris(landmarks, RIGHT_IRIS_INDICES, RIGHT_EYE_CONTOUR);
  return landmarks;
}

/** Mean of some landmarks, xyz. */
export function meanLandmark(landmarks: Float32Array, indices: readonly number[]): [number, number, number] {
  const mean: [number, number, number] = [0, 0, 0];
  for (const index of indices) {
    for (let axis = 0; axis < 3; axis++) mean[axis] += landmarks[index * 3 + axis] / indices.length;
  }
  return mean;
}

/** Pupil in the middle of the lids, then the rim's points: picture's right, top, left, bottom. */
function placeIris(landmarks: Float32Array, iris: readonly number[], contour: readonly number[]): void {
  const [x, y, z] = meanLandmark(landmarks, contour);
  const offsets = [
    [0, 0],
    [IRIS_RADIUS, 0],
    [0, -IRIS_RADIUS],
    [-IRIS_RADIUS, 0],
    [0, IRIS_RADIUS],
  ];
  iris.forEach((landmark, index) => {
    landmarks.set([x + offsets[index][0], y + offsets[index][1], z], landmark * 3);
  });
}
