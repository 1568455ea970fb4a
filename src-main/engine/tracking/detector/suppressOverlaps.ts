import type { DetectedFace, PixelBox } from '#common/tracking/faceObservation';

/** Area of the overlap over the area of the union. */
export function boxOverlap(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/**
 * MediaPipe's weighted non-maximum suppression: the best box takes in every box that overlaps it by more
 * than `threshold`; their coordinates are averaged with the scores as weights, the best score stays.
 */
export function suppressOverlaps(faces: readonly DetectedFace[], threshold: number): DetectedFace[] {
  let rest = [...faces].sort((a, b) => b.score - a.score);
  const kept: DetectedFace[] = [];
  for (let best = rest[0]; best !== undefined; best = rest[0]) {
    const leader = best;
    const group = rest.filter((face) => face === leader || boxOverlap(face.box, leader.box) > threshold);
    rest = rest.filter((face) => !group.includes(face));
    kept.push(averageFaces(group, leader.score));
  }
  return kept;
}

function averageFaces(group: readonly DetectedFace[], score: number): DetectedFace {
  const total = group.reduce((sum, face) => sum + face.score, 0);
  const keypoints = new Float32Array(group[0]?.keypoints.length ?? 0);
  let [x, y, width, height] = [0, 0, 0, 0];
  for (const face of group) {
    const weight = face.score / total;
    x += face.box.x * weight;
    y += face.box.y * weight;
    width += face.box.width * weight;
    height += face.box.height * weight;
    for (let index = 0; index < keypoints.length; index++) {
      keypoints[index] = keypoints[index] + face.keypoints[index] * weight;
    }
  }
  return { box: { x, y, width, height }, score, keypoints };
}
