import type { RgbaImage } from '#common/image/rasterImage';
import type { FaceObservation, VideoFaceTracker } from '#common/tracking/faceObservation';
import type { FaceFinder } from '#engine/tracking/mesh/FaceFinder';
import { MINIMUM_PRESENCE } from '#engine/tracking/mesh/FaceFinder';
import type { LandmarkSmootherOptions } from '#engine/tracking/LandmarkSmoother';
import { LandmarkSmoother } from '#engine/tracking/LandmarkSmoother';
import { regionFromLandmarks } from '#engine/tracking/mesh/meshRegion';
import { PicturePyramid } from '#engine/tracking/PicturePyramid';
import { boxOverlap } from '#engine/tracking/detector/suppressOverlaps';
import type { TaskQueue } from '#engine/tracking/TaskQueue';

/**
 * Follows one face from frame to frame: the mesh model looks where the face was; only when it no longer sees
 * one there, the detector searches the whole picture. A face found again is the one that overlaps the lost
 * one most, else the largest. A change of the picture's size starts anew.
 */
export function trackVideo(
  queue: TaskQueue,
  finder: () => Promise<FaceFinder>,
  smoothing?: LandmarkSmootherOptions,
): VideoFaceTracker {
  const smoother = smoothing && new LandmarkSmoother(smoothing);
  let last: FaceObservation | undefined;

  const search = async (faces: FaceFinder, pyramid: PicturePyramid): Promise<FaceObservation | undefined> => {
    smoother?.reset();
    const found = await faces.find(pyramid);
    const lost = last;
    if (lost === undefined) return found[0];
    const scores = found.map((face) => boxOverlap(face.box, lost.box));
    const best = Math.max(0, ...scores);
    return found[best > 0 ? scores.indexOf(best) : 0];
  };

  const follow = async (image: RgbaImage): Promise<FaceObservation | undefined> => {
    const faces = await finder();
    const pyramid = new PicturePyramid(image);
    if (last?.imageWidth !== image.width || last.imageHeight !== image.height) last = undefined;
    if (last === undefined) return search(faces, pyramid);
    const result = await faces.follow(pyramid, regionFromLandmarks(last.landmarks), 1);
    if (result.confidence < MINIMUM_PRESENCE) return search(faces, pyramid);
    return faces.describe(pyramid, result, 'tracked');
  };

  return {
    next: (image, timeSeconds) =>
      queue.run(async () => {
        last = await follow(image);
        if (last === undefined || smoother === undefined) return last;
        return { ...last, landmarks: smoother.smooth(last.landmarks, timeSeconds) };
      }),
  };
}
