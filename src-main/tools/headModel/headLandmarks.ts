import { readFileSync } from 'node:fs';

import { LANDMARK_MIRROR } from '#common/reconstruction/fit/landmarkMirror.data';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';

import { EYE_SEGMENTS, eyeVertex, IRIS_RING } from './eyeballPart';
import type { HeadLayout } from './headLayout';

/** Points of the attention mesh before the irises. */
const FACE_POINTS = 468;

/**
 * Correspondences of the 478 MediaPipe points. `path` lists, for the 468 points of the face, three vertices of
 * the source mesh and their weights (found by tracking renders of it, synthetic-heads section 3). Iris points:
 * 468 the subject's right eye's centre, then its rim at the image's right, top, left and bottom; 473 .. 477
 * the left eye's, rim counted from the image's right as well.
 */
export function headLandmarks(
  layout: HeadLayout,
  path: string,
): { vertices: Uint32Array; weights: Float32Array } {
  const rows = JSON.parse(readFileSync(path, 'utf8')) as readonly (readonly number[])[];
  const vertices = new Uint32Array(LANDMARK_COUNT * 3);
  const weights = new Float32Array(LANDMARK_COUNT * 3);
  const outputOf = new Map<number, number>();
  layout.sourceOf.forEach((source, v) => {
    if (source >= 0 && !outputOf.has(source)) outputOf.set(source, v);
  });
  const orphans: number[] = [];
  rows.slice(0, FACE_POINTS).forEach((row, landmark) => {
    const known = [0, 1, 2].filter((k) => outputOf.has(row[k]));
    if (known.length === 0) return orphans.push(landmark);
    const total = known.reduce((sum, k) => sum + row[3 + k], 0);
    for (let k = 0; k < 3; k++) {
      const from = known.includes(k) ? k : known[0];
      vertices[landmark * 3 + k] = outputOf.get(row[from])!;
      weights[landmark * 3 + k] = known.includes(k) ? row[3 + k] / total : 0;
    }
    return landmark;
  });
  // A point on a source triangle that the head does not keep (inside of a lid) takes its mirror partner's place.
  for (const landmark of orphans) {
    for (let k = 0; k < 3; k++) {
      const partner = LANDMARK_MIRROR[landmark] * 3 + k;
      vertices[landmark * 3 + k] = layout.mirrorVertex[vertices[partner]];
      weights[landmark * 3 + k] = weights[partner];
    }
  }
  addIris(layout, 'eyeRight', FACE_POINTS, vertices, weights);
  addIris(layout, 'eyeLeft', FACE_POINTS + 5, vertices, weights);
  return { vertices, weights };
}

function addIris(
  layout: HeadLayout,
  eye: 'eyeLeft' | 'eyeRight',
  first: number,
  vertices: Uint32Array,
  weights: Float32Array,
): void {
  const { firstVertex } = layout.parts.find(({ name }) => name === eye)!;
  const rim = [0, 1, 2, 3].map((quarter) => eyeVertex(IRIS_RING, (quarter * EYE_SEGMENTS) / 4));
  [0, ...rim].forEach((v, i) => {
    vertices.fill(firstVertex + v, (first + i) * 3, (first + i) * 3 + 3);
    weights[(first + i) * 3] = 1;
  });
}
