import { CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import { AppError } from '#common/contract/errors';
import type { HeadModel } from '#common/head/headModel';
import { deformHead } from '#common/reconstruction/fit/deformHead';
import { stateLandmarks } from '#common/reconstruction/fit/fitState';
import type { FitTargets, HeadPlacement } from '#common/reconstruction/fit/fitTargets';
import type { HeadFit } from '#common/reconstruction/fit/headFit';
import {
  landmarkBasis,
  LANDMARK_COORDINATES,
  sampleLandmarks,
} from '#common/reconstruction/fit/landmarkBasis';
import { FACE_OVAL } from '#common/reconstruction/fit/landmarkSets';
import { solvePortrait } from '#common/reconstruction/fit/solveParameters';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import type { FaceObservation } from '#common/tracking/faceObservation';

/**
 * Fits the head model to one face in a square source crop (EG3D framing, canonical focal length): pose,
 * identity and expression by a robust bounded least-squares solver, then a smooth non-rigid step that makes
 * the mesh meet the landmarks, stylised proportions included. Deterministic; about 0.2 s after the first call
 * for a model, which also extracts the landmark basis.
 *
 * @param observation in pixels of that crop.
 * @throws AppError `input.badLandmarks` for coordinates that are not finite, a wrong count, or points that coincide.
 */
export function fitHead(model: HeadModel, observation: FaceObservation): HeadFit {
  checkObservation(observation);
  const basis = landmarkBasis(model);
  const fit = solvePortrait(basis, observation);
  const { state, targets } = fit;
  const bent = deformHead(model, basis, fit);
  const all = Array.from({ length: LANDMARK_COUNT }, (_, i) => i);
  const oval = new Set(FACE_OVAL);
  const inner = all.filter((i) => !oval.has(i) && targets.confidences[i] > 0.5);
  return {
    headModelVersion: model.version,
    identity: Float32Array.from(state.identity),
    weights: Float32Array.from(bent.weights),
    shownWeights: Float32Array.from(bent.shown),
    rotation: state.rotation,
    translation: Float64Array.from(state.translation),
    neutral: bent.neutral,
    source: bent.source,
    joints: bent.joints,
    eyeballs: bent.eyeballs,
    residual: residualOver(all, stateLandmarks(basis, state), state, targets),
    finalResidual: residualOver(inner, sampleLandmarks(model, bent.source), state, targets),
    confidences: targets.confidences,
    folds: bent.folds,
  };
}

/** Also what `fitExpression` asks of an observation. */
export function checkObservation(observation: FaceObservation): void {
  const { landmarks, imageWidth, imageHeight } = observation;
  const fail = (what: string): never => {
    throw new AppError('input.badLandmarks', `The face cannot be fitted: ${what}.`, {
      details: { count: landmarks.length / 3, imageWidth, imageHeight },
    });
  };
  if (landmarks.length !== LANDMARK_COORDINATES) {
    fail(`${LANDMARK_COUNT} landmarks of three coordinates are needed, ${landmarks.length} numbers came`);
  }
  if (!(imageWidth > 0) || !(imageHeight > 0)) fail('the picture it was seen in has no size');
  if (!landmarks.every(Number.isFinite)) fail('a landmark is not a finite number');
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < landmarks.length; i += 3) {
    low = Math.min(low, landmarks[i]);
    high = Math.max(high, landmarks[i]);
  }
  if (high - low < 4) fail(`its landmarks span ${(high - low).toFixed(1)} pixels; at least 4 are needed`);
}

/** Root mean square distance in the picture, weighted by trust, as a fraction of the eye span. Oval points count across the outline only. */
function residualOver(
  which: readonly number[],
  landmarks: Float64Array,
  placement: HeadPlacement,
  targets: FitTargets,
): number {
  const { rotation: R, translation: t } = placement;
  const oval = new Set(FACE_OVAL);
  let sum = 0;
  let total = 0;
  for (const i of which) {
    const [x, y, z] = [landmarks[i * 3], landmarks[i * 3 + 1], landmarks[i * 3 + 2]];
    const depth = R[6] * x + R[7] * y + R[8] * z + t[2];
    const scale = CANONICAL_FOCAL / depth;
    const du = scale * (R[0] * x + R[1] * y + R[2] * z + t[0]) - targets.points[i * 2];
    const dv = scale * (R[3] * x + R[4] * y + R[5] * z + t[1]) - targets.points[i * 2 + 1];
    const across = du * targets.normals[i * 2] + dv * targets.normals[i * 2 + 1];
    const square = oval.has(i) ? across * across : du * du + dv * dv;
    sum += targets.confidences[i] * square;
    total += targets.confidences[i];
  }
  return Math.sqrt(sum / total) / targets.eyeSpan;
}
