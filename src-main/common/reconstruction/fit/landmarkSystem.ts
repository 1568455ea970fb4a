import { CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import { multiplyMat3 } from '#common/math/mat3';
import { CHANNELS, POSE_SIZE, stateLandmarks } from '#common/reconstruction/fit/fitState';
import type { FitFreedom, FitState } from '#common/reconstruction/fit/fitState';
import type { FitTargets, HeadPlacement } from '#common/reconstruction/fit/fitTargets';
import { activation, LANDMARK_COORDINATES } from '#common/reconstruction/fit/landmarkBasis';
import type { LandmarkBasis } from '#common/reconstruction/fit/landmarkBasis';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import { norm2 } from '#common/math/portableMath';

/**
 * Neighbouring landmarks err together (the tracker regresses them from one picture), so 478 points do not
 * weigh as 478 independent measurements against the priors.
 */
const INDEPENDENCE = 0.6;

/** Huber's threshold in standard deviations. */
const HUBER = 2.5;

/** The landmarks from here on are the irises. */
const FIRST_IRIS = 468;

/** Sums to add to: size * size, of which the lower triangle is filled, and size. */
export interface NormalEquations {
  readonly hessian: Float64Array;
  readonly gradient: Float64Array;
}

/** The data term: reprojection of the landmarks and, weakly, the tracker's depth. */
export class LandmarkSystem {
  readonly #basis: LandmarkBasis;
  readonly #targets: FitTargets;
  readonly #freedom: FitFreedom;
  readonly #size: number;
  readonly #identityCount: number;
  // One landmark's Jacobian: its non-zero columns, and for each three rows (normal, tangent, depth).
  readonly #columns: Int32Array;
  readonly #rows: Float64Array;

  constructor(
    basis: LandmarkBasis,
    targets: FitTargets,
    freedom: FitFreedom,
    size: number,
    identityCount: number,
  ) {
    this.#basis = basis;
    this.#targets = targets;
    this.#freedom = freedom;
    this.#size = size;
    this.#identityCount = identityCount;
    this.#columns = new Int32Array(size);
    this.#rows = new Float64Array(size * 3);
  }

  dataCost(state: FitState): number {
    const landmarks = stateLandmarks(this.#basis, state, this.#freedom.neutral);
    const residual = new Float64Array(3);
    let cost = 0;
    for (let i = 0; i < LANDMARK_COUNT; i++) {
      this.#residual(state, landmarks, i, residual);
      cost += huberCost(residual);
    }
    return cost * INDEPENDENCE;
  }

  /** Adds the lower triangle of the reweighted normal equations; returns the data cost. */
  linearise(state: FitState, out: NormalEquations): number {
    const landmarks = stateLandmarks(this.#basis, state, this.#freedom.neutral);
    const expressionRows = this.#freedom.expression ? this.#expressionTangent(state) : undefined;
    const residual = new Float64Array(3);
    let cost = 0;
    for (let i = 0; i < LANDMARK_COUNT; i++) {
      const camera = this.#residual(state, landmarks, i, residual);
      const planar = norm2(residual[0], residual[1]);
      cost += huberCost(residual);
      const weight = INDEPENDENCE * Math.min(1, HUBER / Math.max(planar, 1e-12));
      const depthWeight = INDEPENDENCE * Math.min(1, HUBER / Math.max(Math.abs(residual[2]), 1e-12));
      const count = this.#jacobian(state, i, camera, expressionRows);
      this.#accumulate(count, residual, [weight, depthWeight], out);
    }
    return cost * INDEPENDENCE;
  }

  /** d landmarks / d weights at a state: 52 rows, correctives included. */
  #expressionTangent(state: FitState): Float64Array {
    const { expressions, correctives } = this.#basis;
    if (correctives.length === 0) return expressions;
    const rows = expressions.slice();
    for (const { drivers, delta } of correctives) {
      for (let d = 0; d < drivers.length; d++) {
        const { channel, shape } = drivers[d];
        const slope = shape === 'hat' ? 4 - 8 * state.weights[channel] : 1;
        const factor = activation(drivers, state.weights, d) * slope;
        if (factor === 0) continue;
        const offset = channel * LANDMARK_COORDINATES;
        for (let k = 0; k < LANDMARK_COORDINATES; k++) rows[offset + k] += factor * delta[k];
      }
    }
    return rows;
  }

  /** Residuals of one landmark in standard deviations; returns its camera coordinates. */
  #residual(state: FitState, landmarks: Float64Array, i: number, out: Float64Array): Vec3Like {
    const { points, depths, normals, spreads, depthSpread } = this.#targets;
    const camera = toCamera(state, landmarks, i);
    const du = (CANONICAL_FOCAL * camera[0]) / camera[2] - points[i * 2];
    const dv = (CANONICAL_FOCAL * camera[1]) / camera[2] - points[i * 2 + 1];
    const nx = normals[i * 2];
    const ny = normals[i * 2 + 1];
    out[0] = (nx * du + ny * dv) / spreads[i * 2];
    out[1] = (-ny * du + nx * dv) / spreads[i * 2 + 1];
    const depth = ((camera[2] - state.translation[2]) * CANONICAL_FOCAL) / state.translation[2];
    // The tracker gives the irises no depth of their own.
    out[2] = i < FIRST_IRIS ? (depth - depths[i] + state.depthOffset) / depthSpread : 0;
    return camera;
  }

  #jacobian(state: FitState, i: number, camera: Vec3Like, expressionRows?: Float64Array): number {
    const { normals, spreads, depthSpread } = this.#targets;
    const columns = this.#columns;
    const rows = this.#rows;
    const { rotation: R, translation } = state;
    const s = CANONICAL_FOCAL / camera[2];
    const u = camera[0] / camera[2];
    const v = camera[1] / camera[2];
    const nx = normals[i * 2] / spreads[i * 2];
    const ny = normals[i * 2 + 1] / spreads[i * 2];
    const tx = -normals[i * 2 + 1] / spreads[i * 2 + 1];
    const ty = normals[i * 2] / spreads[i * 2 + 1];
    // Gradients of the three residuals with respect to the camera-space point.
    const g = [
      s * nx, s * ny, -s * (u * nx + v * ny),
      s * tx, s * ty, -s * (u * tx + v * ty),
      0, 0, i < FIRST_IRIS ? CANONICAL_FOCAL / (translation[2] * depthSpread) : 0,
    ]; // prettier-ignore
    const arm = [camera[0] - translation[0], camera[1] - translation[1], camera[2] - translation[2]];
    for (let row = 0; row < 3; row++) {
      const [a, b, c] = [g[row * 3], g[row * 3 + 1], g[row * 3 + 2]];
      rows[row] = c * arm[1] - b * arm[2];
      rows[3 + row] = a * arm[2] - c * arm[0];
      rows[6 + row] = b * arm[0] - a * arm[1];
      rows[9 + row] = a;
      rows[12 + row] = b;
      // Relative depth is measured from the translation, so moving away leaves it (nearly) alone.
      rows[15 + row] = row === 2 ? 0 : c;
      rows[18 + row] = row === 2 && i < FIRST_IRIS ? 1 / depthSpread : 0;
    }
    for (let k = 0; k < POSE_SIZE; k++) columns[k] = k;
    // The same gradients with respect to the model-space point.
    const m = multiplyMat3(g, R);
    let count = POSE_SIZE;
    if (this.#identityCount > 0) count = this.#append(this.#basis.identity, i, m, POSE_SIZE, count);
    if (expressionRows) count = this.#append(expressionRows, i, m, this.#size - CHANNELS, count);
    return count;
  }

  /** Appends the columns of `fields` that move landmark i; `m` maps model motion to residuals. */
  #append(fields: Float64Array, i: number, m: Float64Array, firstColumn: number, start: number): number {
    let count = start;
    const fieldCount = fields.length / LANDMARK_COORDINATES;
    for (let field = 0; field < fieldCount; field++) {
      const at = field * LANDMARK_COORDINATES + i * 3;
      const x = fields[at];
      const y = fields[at + 1];
      const z = fields[at + 2];
      if (x === 0 && y === 0 && z === 0) continue;
      this.#columns[count] = firstColumn + field;
      this.#rows[count * 3] = m[0] * x + m[1] * y + m[2] * z;
      this.#rows[count * 3 + 1] = m[3] * x + m[4] * y + m[5] * z;
      this.#rows[count * 3 + 2] = m[6] * x + m[7] * y + m[8] * z;
      count++;
    }
    return count;
  }

  #accumulate(
    count: number,
    residual: Float64Array,
    weights: readonly [number, number],
    out: NormalEquations,
  ): void {
    const { hessian, gradient } = out;
    const [weight, depthWeight] = weights;
    const rows = this.#rows;
    const columns = this.#columns;
    const size = this.#size;
    for (let a = 0; a < count; a++) {
      const r0 = weight * rows[a * 3];
      const r1 = weight * rows[a * 3 + 1];
      const r2 = depthWeight * rows[a * 3 + 2];
      const column = columns[a];
      gradient[column] += r0 * residual[0] + r1 * residual[1] + r2 * residual[2];
      const line = column * size;
      for (let b = 0; b <= a; b++) {
        hessian[line + columns[b]] += r0 * rows[b * 3] + r1 * rows[b * 3 + 1] + r2 * rows[b * 3 + 2];
      }
    }
  }
}

type Vec3Like = readonly [number, number, number];

function toCamera(state: HeadPlacement, landmarks: Float64Array, i: number): Vec3Like {
  const { rotation: R, translation: t } = state;
  const x = landmarks[i * 3];
  const y = landmarks[i * 3 + 1];
  const z = landmarks[i * 3 + 2];
  return [
    R[0] * x + R[1] * y + R[2] * z + t[0],
    R[3] * x + R[4] * y + R[5] * z + t[1],
    R[6] * x + R[7] * y + R[8] * z + t[2],
  ];
}

function huberCost(residual: Float64Array): number {
  return huber(norm2(residual[0], residual[1])) + huber(Math.abs(residual[2]));
}

function huber(distance: number): number {
  return distance <= HUBER ? 0.5 * distance * distance : HUBER * (distance - 0.5 * HUBER);
}
