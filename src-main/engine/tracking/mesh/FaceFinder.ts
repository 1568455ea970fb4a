import type { DetectedFace, FaceObservation, PixelBox } from '#common/tracking/faceObservation';
import { FaceDetector } from '#engine/tracking/detector/FaceDetector';
import { meanLandmark } from '#engine/tracking/mesh/canonicalLandmarks';
import type { MeshResult } from '#engine/tracking/mesh/FaceMesh';
import { FaceMesh } from '#engine/tracking/mesh/FaceMesh';
import { DEFAULT_MINIMUM_SCORE, findFaces } from '#engine/tracking/detector/findFaces';
import { headRotationOf } from '#engine/tracking/mesh/headPose';
import type { CanonicalFace } from '#engine/tracking/mesh/readCanonicalFace';
import type { FaceModels } from '#engine/tracking/loadTrackingModels';
import { boxOfLandmarks, regionFromDetection, regionFromLandmarks } from '#engine/tracking/mesh/meshRegion';
import type { PicturePyramid } from '#engine/tracking/PicturePyramid';
import { boxOverlap } from '#engine/tracking/detector/suppressOverlaps';
import type { Region } from '#engine/tracking/warpRegion';

/** Face flag below which MediaPipe drops a face. */
export const MINIMUM_PRESENCE = 0.5;
/** Two meshes that overlap by more than this are one face found twice. */
const SAME_FACE_OVERLAP = 0.3;
/**
 * Mean distance between the detector's points and the mesh', in eye distances, beyond which they saw
 * different things: 0.05 to 0.25 on real faces, up to 0.4 on drawn ones, 0.3 to 0.9 on things. Below the
 * detector's usual score things outnumber faces, so less is forgiven there.
 */
const LARGEST_DISAGREEMENT = { sure: 0.5, unsure: 0.4 } as const;
/** Face flag asked of faces below the detector's usual score. */
const UNSURE_PRESENCE = 0.9;
/** Passes of the mesh model per face: the second looks where the first found the face (see README.md). */
const DEFAULT_PASSES = 2;

export interface FindOptions {
  readonly minimumScore?: number;
  readonly passes?: number;
}

/** Detector, mesh and pose together, for one picture at a time. */
export class FaceFinder {
  private readonly detector: FaceDetector;
  private readonly mesh: FaceMesh;
  private readonly models: FaceModels;

  constructor(models: FaceModels) {
    this.models = models;
    this.detector = new FaceDetector(models.detector);
    this.mesh = new FaceMesh(models.mesh);
  }

  get canonicalFace(): CanonicalFace {
    return this.models.canonicalFace;
  }

  /** All faces of a picture, largest first. */
  async find(pyramid: PicturePyramid, options: FindOptions = {}): Promise<FaceObservation[]> {
    const minimumScore = options.minimumScore ?? DEFAULT_MINIMUM_SCORE;
    const { faces, rung } = await findFaces(this.detector, pyramid, minimumScore);
    const isSure = rung === 'whole' || rung === 'tiles';
    const presence = isSure ? MINIMUM_PRESENCE : UNSURE_PRESENCE;
    const disagreement = isSure ? LARGEST_DISAGREEMENT.sure : LARGEST_DISAGREEMENT.unsure;
    const observations: FaceObservation[] = [];
    for (const face of faces) {
      const result = await this.follow(pyramid, regionFromDetection(face), options.passes ?? DEFAULT_PASSES);
      if (result.confidence >= presence && keypointDistance(face, result.landmarks) <= disagreement) {
        observations.push(this.describe(pyramid, result, 'tracked'));
      }
    }
    return dropDoubles(observations).sort((a, b) => areaOf(b) - areaOf(a));
  }

  /** The detector's boxes, largest first: where a picture's matte has to be good. */
  async findBoxes(pyramid: PicturePyramid): Promise<PixelBox[]> {
    const { faces } = await findFaces(this.detector, pyramid, DEFAULT_MINIMUM_SCORE);
    return faces.map((face) => face.box).sort((a, b) => b.width * b.height - a.width * a.height);
  }

  /** Runs the mesh model on a region, then again where it found the face. */
  async follow(pyramid: PicturePyramid, region: Region, passes: number): Promise<MeshResult> {
    let result = await this.mesh.run(pyramid, region);
    for (let pass = 1; pass < passes && result.confidence >= MINIMUM_PRESENCE; pass++) {
      result = await this.mesh.run(pyramid, regionFromLandmarks(result.landmarks));
    }
    return result;
  }

  describe(pyramid: PicturePyramid, result: MeshResult, origin: FaceObservation['origin']): FaceObservation {
    return {
      imageWidth: pyramid.width,
      imageHeight: pyramid.height,
      landmarks: result.landmarks,
      confidence: result.confidence,
      box: boxOfLandmarks(result.landmarks),
      headRotation: headRotationOf(result.landmarks, this.models.canonicalFace),
      origin,
    };
  }

  /** Frees the models; the finder is of no use afterwards. */
  async dispose(): Promise<void> {
    await this.models.detector.session.dispose();
    await this.models.mesh.session.dispose();
  }
}

/** Landmarks whose mean stands for each of the detector's first four points. */
const KEYPOINT_LANDMARKS: readonly (readonly number[])[] = [[33, 133], [362, 263], [1], [13, 14]];

function keypointDistance({ keypoints }: DetectedFace, landmarks: Float32Array): number {
  const eyes = Math.hypot(keypoints[0] - keypoints[2], keypoints[1] - keypoints[3]);
  let sum = 0;
  KEYPOINT_LANDMARKS.forEach((indices, point) => {
    const [x, y] = meanLandmark(landmarks, indices);
    sum += Math.hypot(x - keypoints[point * 2], y - keypoints[point * 2 + 1]);
  });
  return sum / KEYPOINT_LANDMARKS.length / eyes;
}

function areaOf(observation: FaceObservation): number {
  return observation.box.width * observation.box.height;
}

function dropDoubles(observations: readonly FaceObservation[]): FaceObservation[] {
  const kept: FaceObservation[] = [];
  for (const candidate of [...observations].sort((a, b) => b.confidence - a.confidence)) {
    if (kept.every((other) => boxOverlap(other.box, candidate.box) <= SAME_FACE_OVERLAP))
      kept.push(candidate);
  }
  return kept;
}
