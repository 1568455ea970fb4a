import type { HeadModel, HeadPart } from '#common/head/headModel';
import { transformVec3 } from '#common/math/mat3';
import { rotationFromVector, vectorFromRotation } from '#common/math/rotation';
import { fitSimilarity } from '#common/math/similarity';
import { subtract3, type Vec3 } from '#common/math/vec3';
import { squared } from '#common/math/portableMath';

/** A rigid motion of the lower jaw about its joint: p -> joint + R (p - joint) + shift. */
export interface JawMotion {
  /** Rotation vector, radians. */
  readonly turn: Vec3;
  /** Metres. */
  readonly shift: Vec3;
}

/** Motions of the teeth smaller than this (root mean square, metres) are none. */
const STILL = 1e-4;

/** The jaw motion in one template delta, read off the lower teeth; undefined where they do not move. */
export function readJawMotion(model: HeadModel, delta: Float32Array, joint: Vec3): JawMotion | undefined {
  const teeth = model.parts.find((part) => part.name === 'teethLower');
  if (teeth === undefined || teeth.vertexCount < 3) return undefined;
  const source = relativeTo(teeth, model.template, joint);
  const target = source.slice();
  let moved = 0;
  for (let k = 0; k < source.length; k++) {
    target[k] += delta[teeth.firstVertex * 3 + k];
    moved += squared(delta[teeth.firstVertex * 3 + k]);
  }
  if (Math.sqrt(moved / teeth.vertexCount) < STILL) return undefined;
  const { rotation } = fitSimilarity(source, target);
  const turn = vectorFromRotation(rotation);
  // fitSimilarity's shift belongs to its scale; without a scale it is the mean of what the turn leaves over.
  const shift: [number, number, number] = [0, 0, 0];
  for (let v = 0; v < teeth.vertexCount; v++) {
    const p: Vec3 = [source[v * 3], source[v * 3 + 1], source[v * 3 + 2]];
    const turned = transformVec3(rotation, p);
    for (let c = 0; c < 3; c++) shift[c] += (target[v * 3 + c] - turned[c]) / teeth.vertexCount;
  }
  return { turn, shift };
}

/** Displacement by a part (`fraction`) of a jaw motion of the point `p` about `joint`. */
export function jawDisplacement(motion: JawMotion, fraction: number): (p: Vec3, joint: Vec3) => Vec3 {
  const { turn, shift } = motion;
  const rotation = rotationFromVector([turn[0] * fraction, turn[1] * fraction, turn[2] * fraction]);
  return (p, joint) => {
    const arm = subtract3(p, joint);
    const turned = transformVec3(rotation, arm);
    return [
      turned[0] - arm[0] + shift[0] * fraction,
      turned[1] - arm[1] + shift[1] * fraction,
      turned[2] - arm[2] + shift[2] * fraction,
    ];
  };
}

/** Size of a part in one shape against another: ratio of the root mean square distances from its centre. */
export function partScale(part: HeadPart | undefined, from: Float32Array, to: Float32Array): number {
  if (part === undefined || part.vertexCount < 2) return 1;
  const before = partRadius(part, from);
  return before > 0 ? partRadius(part, to) / before : 1;
}

function partRadius(part: HeadPart, positions: Float32Array): number {
  const points = relativeTo(part, positions, [0, 0, 0]);
  const mean = [0, 0, 0];
  points.forEach((value, k) => (mean[k % 3] += value / part.vertexCount));
  return Math.sqrt(
    points.reduce((sum, value, k) => sum + squared(value - mean[k % 3]), 0) / part.vertexCount,
  );
}

function relativeTo(part: HeadPart, positions: Float32Array, origin: Vec3): Float64Array {
  const points = Float64Array.from(
    positions.subarray(part.firstVertex * 3, (part.firstVertex + part.vertexCount) * 3),
  );
  points.forEach((value, k) => (points[k] = value - origin[k % 3]));
  return points;
}
