import type { DetectedFace, PixelBox } from '#common/tracking/faceObservation';
import type { Region } from '#engine/tracking/warpRegion';

/** How much larger than the face's box the mesh model's view is (MediaPipe's graphs, both transitions). */
const REGION_SCALE = 1.5;
/** Outer eye corners: the subject's right (picture's left) and left. */
export const RIGHT_EYE_CORNER = 33;
export const LEFT_EYE_CORNER = 263;

function squareAround(box: PixelBox, rotation: number): Region {
  const side = Math.max(box.width, box.height) * REGION_SCALE;
  return {
    centreX: box.x + box.width / 2,
    centreY: box.y + box.height / 2,
    width: side,
    height: side,
    rotation,
  };
}

/** Region for the mesh model from a detection: its box, upright along the line of the eyes. */
export function regionFromDetection(face: DetectedFace): Region {
  const [rightX = 0, rightY = 0, leftX = 0, leftY = 0] = face.keypoints;
  return squareAround(face.box, Math.atan2(leftY - rightY, leftX - rightX));
}

/** Region for the mesh model from landmarks of the same face, as MediaPipe's video graph follows it. */
export function regionFromLandmarks(landmarks: Float32Array): Region {
  const at = (index: number): number => landmarks[index];
  const rotation = Math.atan2(
    at(LEFT_EYE_CORNER * 3 + 1) - at(RIGHT_EYE_CORNER * 3 + 1),
    at(LEFT_EYE_CORNER * 3) - at(RIGHT_EYE_CORNER * 3),
  );
  return squareAround(boxOfLandmarks(landmarks), rotation);
}

/** Smallest box around all landmarks, picture pixels. */
export function boxOfLandmarks(landmarks: Float32Array): PixelBox {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < landmarks.length; at += 3) {
    const x = landmarks[at];
    const y = landmarks[at + 1];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
