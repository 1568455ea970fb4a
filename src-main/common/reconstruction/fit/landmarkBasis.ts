import { ARKIT_CHANNELS, channelIndex } from '#common/head/arkitChannels';
import type { Corrective, HeadModel } from '#common/head/headModel';
import { distance3, pointAt } from '#common/math/vec3';
import { EYE_SPAN } from '#common/reconstruction/fit/landmarkSets';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import { norm3 } from '#common/math/portableMath';

/** Coordinates of one set of landmarks: LANDMARK_COUNT * 3. */
export const LANDMARK_COORDINATES = LANDMARK_COUNT * 3;

/**
 * The head model seen only at its 478 landmarks: what the solver works with. Model space, metres.
 *
 *   landmarks(beta, w) = template + identity beta + expressions w + sum_j activation_j(w) corrective_j
 */
export interface LandmarkBasis {
  /** LANDMARK_COORDINATES. */
  readonly template: Float64Array;
  /** identityCount rows of LANDMARK_COORDINATES. */
  readonly identity: Float64Array;
  readonly identityCount: number;
  /** 52 rows of LANDMARK_COORDINATES. */
  readonly expressions: Float64Array;
  readonly correctives: readonly LandmarkCorrective[];
  /** Unit outward normals of the template's surface around each landmark, LANDMARK_COORDINATES. */
  readonly normals: Float64Array;
  /** Distance of the template's outer eye corners, metres. */
  readonly eyeSpan: number;
}

export interface LandmarkCorrective {
  readonly drivers: readonly { readonly channel: number; readonly shape: 'linear' | 'hat' }[];
  readonly delta: Float64Array;
}

const CACHE = new WeakMap<HeadModel, LandmarkBasis>();

/** The basis of a model; extracted on first use and kept while the model lives. */
export function landmarkBasis(model: HeadModel): LandmarkBasis {
  const known = CACHE.get(model);
  if (known) return known;
  const rows = (fields: readonly Float32Array[]): Float64Array => {
    const out = new Float64Array(fields.length * LANDMARK_COORDINATES);
    fields.forEach((field, row) => sampleLandmarks(model, field, out, row * LANDMARK_COORDINATES));
    return out;
  };
  const template = rows([model.template]);
  const basis: LandmarkBasis = {
    template,
    identity: rows(model.identity.map((mode) => mode.delta)),
    identityCount: model.identity.length,
    expressions: rows(model.expressions.map((expression) => expression.delta)),
    correctives: model.correctives.map((corrective) => ({
      drivers: indexDrivers(corrective.drivers),
      delta: rows([corrective.delta]),
    })),
    normals: landmarkNormals(model),
    eyeSpan: distance3(pointAt(template, EYE_SPAN[0]), pointAt(template, EYE_SPAN[1])),
  };
  CACHE.set(model, basis);
  return basis;
}

/** Barycentric samples of a per-vertex field (vertexCount * 3) at the landmarks. */
export function sampleLandmarks(
  model: Pick<HeadModel, 'landmarkVertices' | 'landmarkWeights'>,
  field: ArrayLike<number>,
  out: Float64Array = new Float64Array(LANDMARK_COORDINATES),
  offset = 0,
): Float64Array {
  const { landmarkVertices, landmarkWeights } = model;
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    for (let axis = 0; axis < 3; axis++) {
      let sum = 0;
      for (let corner = i * 3; corner < i * 3 + 3; corner++) {
        sum += landmarkWeights[corner] * field[landmarkVertices[corner] * 3 + axis];
      }
      out[offset + i * 3 + axis] = sum;
    }
  }
  return out;
}

/** Adds the 52 expressions and the correctives at `weights` to `landmarks`, in place. */
export function addLandmarkExpression(
  basis: Pick<LandmarkBasis, 'expressions' | 'correctives'>,
  weights: ArrayLike<number>,
  landmarks: Float64Array,
): void {
  for (let channel = 0; channel < ARKIT_CHANNELS.length; channel++) {
    addScaled(landmarks, basis.expressions, channel * LANDMARK_COORDINATES, weights[channel]);
  }
  for (const { drivers, delta } of basis.correctives)
    addScaled(landmarks, delta, 0, activation(drivers, weights));
}

/** Product over the drivers, leaving out the one at `except`. */
export function activation(
  drivers: LandmarkCorrective['drivers'],
  weights: ArrayLike<number>,
  except = -1,
): number {
  let product = 1;
  for (let i = 0; i < drivers.length; i++) {
    if (i === except) continue;
    const weight = weights[drivers[i].channel];
    product *= drivers[i].shape === 'hat' ? 4 * weight * (1 - weight) : weight;
  }
  return product;
}

export function indexDrivers(drivers: Corrective['drivers']): LandmarkCorrective['drivers'] {
  return drivers.map(({ channel, shape }) => ({ channel: channelIndex(channel), shape }));
}

export function addScaled(out: Float64Array, rows: Float64Array, offset: number, factor: number): void {
  if (factor === 0) return;
  for (let i = 0; i < LANDMARK_COORDINATES; i++) out[i] += factor * rows[offset + i];
}

function landmarkNormals(model: HeadModel): Float64Array {
  const { template, indices, weld } = model;
  const normals = new Float64Array(template.length);
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [weld[indices[t]] * 3, weld[indices[t + 1]] * 3, weld[indices[t + 2]] * 3];
    const e1 = [0, 1, 2].map((k) => template[b + k] - template[a + k]);
    const e2 = [0, 1, 2].map((k) => template[c + k] - template[a + k]);
    for (let k = 0; k < 3; k++) {
      const [i, j] = [(k + 1) % 3, (k + 2) % 3];
      const area = e1[i] * e2[j] - e1[j] * e2[i];
      for (const corner of [a, b, c]) normals[corner + k] += area;
    }
  }
  for (let v = 0; v < weld.length; v++) {
    for (let k = 0; k < 3; k++) normals[v * 3 + k] = normals[weld[v] * 3 + k];
  }
  return averageNearby(sampleLandmarks(model, model.template), sampleLandmarks(model, normals));
}

/** Metres around a landmark that tell which way its part of the face looks. */
const NEARBY = 0.015;

/** Unit normals of whole regions: at the rim of lips and lids the skin's own normal turns into the opening. */
function averageNearby(landmarks: Float64Array, normals: Float64Array): Float64Array {
  const unit = unitVectors(normals);
  const sums = new Float64Array(normals.length);
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    for (let j = 0; j < LANDMARK_COUNT; j++) {
      if (distance3(pointAt(landmarks, i), pointAt(landmarks, j)) > NEARBY) continue;
      for (let k = 0; k < 3; k++) sums[i * 3 + k] += unit[j * 3 + k];
    }
  }
  return unitVectors(sums);
}

function unitVectors(vectors: Float64Array): Float64Array {
  const out = vectors.slice();
  for (let i = 0; i < out.length; i += 3) {
    const length = norm3(out[i], out[i + 1], out[i + 2]) || 1;
    for (let k = 0; k < 3; k++) out[i + k] /= length;
  }
  return out;
}
