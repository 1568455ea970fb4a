import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import type { TrackingModel } from '#engine/tracking/loadTrackingModels';
import type { PicturePyramid } from '#engine/tracking/PicturePyramid';
import {
  LEFT_EYE_CONTOUR,
  LEFT_EYE_INDICES,
  LEFT_IRIS_INDICES,
  LIPS_INDICES,
  RIGHT_EYE_CONTOUR,
  RIGHT_EYE_INDICES,
  RIGHT_IRIS_INDICES,
} from '#engine/tracking/mesh/refinementIndices.data';
import type { Region } from '#engine/tracking/warpRegion';
import { regionToPicture, warpRegion } from '#engine/tracking/warpRegion';

/** Input size of the mesh model, pixels; its outputs are in the same pixels. */
export const MESH_SIZE = 192;

const REFINEMENTS: readonly (readonly [string, readonly number[]])[] = [
  ['output_lips', LIPS_INDICES],
  ['output_left_eye', LEFT_EYE_INDICES],
  ['output_right_eye', RIGHT_EYE_INDICES],
  ['output_left_iris', LEFT_IRIS_INDICES],
  ['output_right_iris', RIGHT_IRIS_INDICES],
];

/** Landmarks of one region, in picture pixels (see FaceObservation.landmarks), and the model's face flag. */
export interface MeshResult {
  readonly landmarks: Float32Array;
  /** Sigmoid of the face flag, in [0, 1]. */
  readonly confidence: number;
}

/**
 * MediaPipe's attention mesh: 468 points of which lips and eyes are replaced by refining heads, then ten iris
 * points. Reuses one input buffer, so calls must not overlap.
 */
export class FaceMesh {
  private readonly model: TrackingModel;
  private readonly input = new Float32Array(3 * MESH_SIZE * MESH_SIZE);

  constructor(model: TrackingModel) {
    this.model = model;
  }

  async run(pyramid: PicturePyramid, region: Region): Promise<MeshResult> {
    const size = { width: MESH_SIZE, height: MESH_SIZE };
    warpRegion(pyramid, region, size, { low: 0, high: 1, border: 'replicate' }, this.input);
    const { inputName, inputShape } = this.model.translated;
    const outputs = await this.model.session.run(inputName, this.input, inputShape);
    const flag = outputs.get('conv_faceflag')?.[0] ?? 0;
    return {
      landmarks: projectLandmarks(refineLandmarks(outputs), region),
      confidence: 1 / (1 + Math.exp(-flag)),
    };
  }
}

/** Puts the refining heads' points over the mesh' own; model pixels. */
export function refineLandmarks(outputs: ReadonlyMap<string, Float32Array>): Float32Array {
  const landmarks = new Float32Array(LANDMARK_COUNT * 3);
  landmarks.set(outputs.get('output_mesh_identity') ?? []);
  for (const [name, indices] of REFINEMENTS) {
    const points = outputs.get(name);
    if (points === undefined) continue;
    indices.forEach((landmark, index) => {
      landmarks[landmark * 3] = points[index * 2];
      landmarks[landmark * 3 + 1] = points[index * 2 + 1];
    });
  }
  setDepth(landmarks, LEFT_IRIS_INDICES, LEFT_EYE_CONTOUR);
  setDepth(landmarks, RIGHT_IRIS_INDICES, RIGHT_EYE_CONTOUR);
  return landmarks;
}

function setDepth(landmarks: Float32Array, targets: readonly number[], sources: readonly number[]): void {
  const mean = sources.reduce((sum, index) => sum + landmarks[index * 3 + 2], 0) / sources.length;
  for (const target of targets) landmarks[target * 3 + 2] = mean;
}

/** Model pixels -> picture pixels, in place; depth scales with the region's width as MediaPipe's does. */
function projectLandmarks(landmarks: Float32Array, region: Region): Float32Array {
  for (let at = 0; at < landmarks.length; at += 3) {
    const u = landmarks[at] / MESH_SIZE;
    const v = landmarks[at + 1] / MESH_SIZE;
    const [x, y] = regionToPicture(region, u, v);
    landmarks[at] = x;
    landmarks[at + 1] = y;
    landmarks[at + 2] = (landmarks[at + 2] / MESH_SIZE) * region.width;
  }
  return landmarks;
}
