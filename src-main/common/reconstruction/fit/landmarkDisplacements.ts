import { CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import type { FitTargets, HeadPlacement } from '#common/reconstruction/fit/fitTargets';
import { LANDMARK_MIRROR } from '#common/reconstruction/fit/landmarkMirror.data';
import { FACE_OVAL } from '#common/reconstruction/fit/landmarkSets';

/** The points on the skin; the irises that follow them in the list ride on the eyeballs. */
export const SURFACE_LANDMARKS = 468;

/** How far each surface landmark has to move to meet the picture. */
export interface LandmarkDisplacements {
  /** SURFACE_LANDMARKS * 3, metres, model space (head unrotated). */
  readonly values: Float64Array;
  /** Weight in [0, 1] of meeting each landmark: 1 where it was seen, small where the tracker guessed. */
  readonly trust: Float64Array;
}

// A landmark may slide along its line of sight; these stiffnesses (relative) choose where it rests.
const MIRROR_STIFFNESS = 1;
const MODEL_STIFFNESS = 0.35;
const TRACKER_STIFFNESS = 0.25;

/** The tracker's depth is believed up to this fraction of the eye span off the model's. */
const DEPTH_LIMIT = 0.12;

/** Weight of an outline landmark: it is met where the outline is, not point by point. */
const OVAL_TRUST = 0.25;

// Confidence at which a landmark counts as guessed by the tracker, and as seen, to be met as it is.
const GUESSED = 0.1;
const SEEN = 0.5;
const LEAST_TRUST = 0.02;

interface Sight {
  /** Displacement at the model's depth, model space: 3 per landmark. */
  readonly offsets: Float64Array;
  /** Displacement per metre of depth along the line of sight, model space: 3 per landmark. */
  readonly rays: Float64Array;
  /** Metres of depth the tracker would add. */
  readonly depths: Float64Array;
}

/**
 * What a picture cannot say, the displacement along the line of sight, is chosen so that left and right move
 * alike, not far from the model and a little towards the tracker's depth. Landmarks that were not seen follow
 * their mirror image.
 *
 * @param landmarks the fitted model's landmarks in the source expression, model space.
 */
export function landmarkDisplacements(
  landmarks: Float64Array,
  placement: HeadPlacement & { readonly depthOffset: number },
  targets: FitTargets,
): LandmarkDisplacements {
  const sight = lookAlongRays(landmarks, placement, targets);
  const seen = new Float64Array(SURFACE_LANDMARKS * 3);
  for (let i = 0; i < SURFACE_LANDMARKS; i++) {
    const j = LANDMARK_MIRROR[i];
    if (j < i) continue;
    const [zi, zj] = restDepths(sight, i, j);
    for (let axis = 0; axis < 3; axis++) {
      seen[i * 3 + axis] = sight.offsets[i * 3 + axis] + zi * sight.rays[i * 3 + axis];
      seen[j * 3 + axis] = sight.offsets[j * 3 + axis] + zj * sight.rays[j * 3 + axis];
    }
  }
  return followMirror(seen, targets.confidences);
}

function lookAlongRays(
  landmarks: Float64Array,
  placement: HeadPlacement & { readonly depthOffset: number },
  targets: FitTargets,
): Sight {
  const { rotation: R, translation: t, depthOffset } = placement;
  const { points, depths: trackerDepths, normals, eyeSpan } = targets;
  const offsets = new Float64Array(SURFACE_LANDMARKS * 3);
  const rays = new Float64Array(SURFACE_LANDMARKS * 3);
  const depths = new Float64Array(SURFACE_LANDMARKS);
  const isOval = new Set(FACE_OVAL);
  const metresPerWidth = t[2] / CANONICAL_FOCAL;
  const limit = DEPTH_LIMIT * eyeSpan * metresPerWidth;
  for (let i = 0; i < SURFACE_LANDMARKS; i++) {
    const [x, y, z] = [landmarks[i * 3], landmarks[i * 3 + 1], landmarks[i * 3 + 2]];
    const px = R[0] * x + R[1] * y + R[2] * z + t[0];
    const py = R[3] * x + R[4] * y + R[5] * z + t[1];
    const pz = R[6] * x + R[7] * y + R[8] * z + t[2];
    const u = px / pz;
    const v = py / pz;
    let du = points[i * 2] / CANONICAL_FOCAL - u;
    let dv = points[i * 2 + 1] / CANONICAL_FOCAL - v;
    if (isOval.has(i)) {
      const across = du * normals[i * 2] + dv * normals[i * 2 + 1];
      du = across * normals[i * 2];
      dv = across * normals[i * 2 + 1];
    }
    const camera = [du * pz, dv * pz, 0];
    const ray = [u + du, v + dv, 1];
    for (let axis = 0; axis < 3; axis++) {
      // Rows of R^T: camera axes back to model axes.
      offsets[i * 3 + axis] = R[axis] * camera[0] + R[3 + axis] * camera[1];
      rays[i * 3 + axis] = R[axis] * ray[0] + R[3 + axis] * ray[1] + R[6 + axis] * ray[2];
    }
    const wanted = (trackerDepths[i] - depthOffset) * metresPerWidth - (pz - t[2]);
    depths[i] = Math.min(limit, Math.max(-limit, wanted));
  }
  return { offsets, rays, depths };
}

/** Depths of one mirrored pair (or of one point on the mid line) that minimise the stiffness energy. */
function restDepths(sight: Sight, i: number, j: number): readonly [number, number] {
  const { offsets, rays, depths } = sight;
  let [aii, aij, ajj, bi, bj] = [0, 0, 0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    const sign = axis === 0 ? -1 : 1;
    const gap = offsets[i * 3 + axis] - sign * offsets[j * 3 + axis];
    const ri = rays[i * 3 + axis];
    const rj = sign * rays[j * 3 + axis];
    aii += ri * ri;
    ajj += rj * rj;
    aij -= ri * rj;
    bi -= ri * gap;
    bj += rj * gap;
  }
  if (i === j) {
    // One unknown: both ends of the pair are the same point.
    const stiffness = MIRROR_STIFFNESS * (aii + 2 * aij + ajj) + MODEL_STIFFNESS + TRACKER_STIFFNESS;
    const z = (MIRROR_STIFFNESS * (bi + bj) + TRACKER_STIFFNESS * depths[i]) / stiffness;
    return [z, z];
  }
  const hold = MODEL_STIFFNESS + TRACKER_STIFFNESS;
  const hii = MIRROR_STIFFNESS * aii + hold;
  const hjj = MIRROR_STIFFNESS * ajj + hold;
  const hij = MIRROR_STIFFNESS * aij;
  const gi = MIRROR_STIFFNESS * bi + TRACKER_STIFFNESS * depths[i];
  const gj = MIRROR_STIFFNESS * bj + TRACKER_STIFFNESS * depths[j];
  const determinant = hii * hjj - hij * hij;
  return [(hjj * gi - hij * gj) / determinant, (hii * gj - hij * gi) / determinant];
}

/** Trusted points keep their own displacement; the others take over their mirror image's. */
function followMirror(seen: Float64Array, confidences: Float32Array): LandmarkDisplacements {
  const values = new Float64Array(SURFACE_LANDMARKS * 3);
  const trust = new Float64Array(SURFACE_LANDMARKS);
  const isOval = new Set(FACE_OVAL);
  for (let i = 0; i < SURFACE_LANDMARKS; i++) {
    const j = LANDMARK_MIRROR[i];
    const own = Math.min(1, Math.max(LEAST_TRUST, (confidences[i] - GUESSED) / (SEEN - GUESSED)));
    const other = (1 - own) * confidences[j];
    const total = own + other;
    for (let axis = 0; axis < 3; axis++) {
      const sign = axis === 0 ? -1 : 1;
      values[i * 3 + axis] = (own * seen[i * 3 + axis] + other * sign * seen[j * 3 + axis]) / total;
    }
    trust[i] = isOval.has(i) ? OVAL_TRUST * own : own;
  }
  return { values, trust };
}
