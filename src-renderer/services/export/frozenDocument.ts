import { setCamera, setPoseValues } from '#common/project/documentEdits';
import type { StudioDocument } from '#common/project/studioDocument';
import type { MotionClip } from '#common/timeline/motionClip';
import { sampleCameraOrbit } from '#common/timeline/sampleMotion';
import { motionValue, POSE_TARGETS } from '$services/pose/poseValues';

/**
 * The document as it stands at one moment of its motion, with everything held and no motion: what a still
 * picture of the playhead exports, because an export's still is the first frame.
 */
export function frozenDocument(
  document: StudioDocument,
  clip: MotionClip | undefined,
  timeSeconds: number,
): StudioDocument {
  const { motion, ...still } = document;
  if (motion === undefined || clip === undefined) return document;
  const moved = POSE_TARGETS.filter((target) => !(target in document.pose))
    .map((target) => [target, motionValue(target, clip, timeSeconds)] as const)
    .filter(([, value]) => value !== 0);
  const posed = setPoseValues(still, Object.fromEntries(moved));
  const path = sampleCameraOrbit(clip, timeSeconds);
  if (path === undefined) return posed;
  const { yaw, pitch, zoom } = document.camera;
  const degrees = 180 / Math.PI;
  return setCamera(posed, {
    yaw: yaw + path.yaw * degrees,
    pitch: pitch + path.pitch * degrees,
    zoom: zoom * path.zoom,
  });
}
