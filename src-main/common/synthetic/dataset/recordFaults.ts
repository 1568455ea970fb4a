import { cameraFromLabel } from '#common/camera/cameraLabel';
import { projectPoints } from '#common/camera/projectPoints';
import type { SyntheticRecord } from '#common/synthetic/dataset/decodeRecord';
import { SCENE_PARTS } from '#common/synthetic/scene';
import { norm2, norm3 } from '#common/math/portableMath';

/** Landmarks are stored as float32, so that they come back within this. */
const PIXEL_TOLERANCE = 0.01;
/** 8 bits a component. */
const NORMAL_TOLERANCE = 0.02;

/** What in a record contradicts itself, in words; empty for a sound one. */
export function recordFaults(key: string, record: SyntheticRecord, size: number): readonly string[] {
  const { labels, alpha, parts, depth, normals } = record;
  const faults: string[] = [];
  if (labels.key !== key) faults.push(`its labels are those of ${labels.key}`);
  if (labels.weights.some((weight) => weight < 0 || weight > 1)) faults.push('a weight lies outside 0 to 1');
  if (parts.some((part) => part >= SCENE_PARTS.length)) faults.push('a pixel has no part of that number');
  let [uncovered, unlike, long] = [0, 0, 0];
  for (let pixel = 0; pixel < alpha.length; pixel++) {
    const isSolid = parts[pixel] !== 0;
    if (isSolid !== Number.isFinite(depth[pixel])) unlike++;
    if (isSolid && alpha[pixel] === 0) uncovered++;
    const [x, y, z] = normals.subarray(pixel * 3, pixel * 3 + 3);
    if (isSolid && Math.abs(norm3(x, y, z) - 1) > NORMAL_TOLERANCE) long++;
  }
  if (unlike > 0) faults.push(`${unlike} pixels have a depth and no part, or a part and no depth`);
  if (uncovered > 0) faults.push(`${uncovered} pixels have a part and no coverage`);
  if (long > 0) faults.push(`${long} normals are no unit vectors`);
  if (alpha.every((value) => value === 0)) faults.push('nobody is in the picture');
  return [...faults, ...landmarkFaults(record, size)];
}

/** The landmarks in pixels must be those in space, seen by the labelled camera. */
function landmarkFaults({ landmarks, labels }: SyntheticRecord, size: number): readonly string[] {
  if (!landmarks.every(Number.isFinite)) return ['a landmark is no number'];
  const camera = cameraFromLabel(labels.camera);
  const world = new Float32Array((landmarks.length / 5) * 3);
  for (let l = 0; l < landmarks.length / 5; l++) world.set(landmarks.subarray(l * 5 + 2, l * 5 + 5), l * 3);
  const seen = projectPoints(camera, world, size);
  let worst = 0;
  for (let l = 0; l < landmarks.length / 5; l++) {
    const [x, y] = [seen[l * 3], seen[l * 3 + 1]];
    worst = Math.max(worst, norm2(x - landmarks[l * 5], y - landmarks[l * 5 + 1]));
  }
  return worst > PIXEL_TOLERANCE
    ? [`landmarks lie ${worst.toFixed(2)} pixels from where the camera sees them`]
    : [];
}
