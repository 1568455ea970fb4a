import { fitSimilarity } from '#common/math/similarity';
import type { CanonicalFace } from '#engine/tracking/mesh/readCanonicalFace';
import { CANONICAL_POINT_COUNT } from '#engine/tracking/mesh/readCanonicalFace';

/**
 * Rotation of the head under weak perspective: the canonical face is laid on the landmarks (which already
 * are in camera axes: x right, y down, z forward) by a weighted similarity, with MediaPipe's own weights.
 * @returns row-major 3x3 from model axes to camera axes; a frontal face gives diag(1, -1, -1).
 */
export function headRotationOf(landmarks: Float32Array, canonicalFace: CanonicalFace): Float32Array {
  const points = landmarks.subarray(0, CANONICAL_POINT_COUNT * 3);
  const { rotation } = fitSimilarity(canonicalFace.positions, points, canonicalFace.weights);
  return Float32Array.from(rotation);
}
