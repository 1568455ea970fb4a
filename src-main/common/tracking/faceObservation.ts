import type { FloatImage, RgbaImage } from '#common/image/rasterImage';

/** MediaPipe face mesh with irises: 468 surface points, then 5 right-iris and 5 left-iris points. */
export const LANDMARK_COUNT = 478;

/** Axis-aligned rectangle in image pixels. */
export interface PixelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A face found by the detector, before landmarks. */
export interface DetectedFace {
  readonly box: PixelBox;
  /** Detector score in [0, 1]. */
  readonly score: number;
  /** Six points in image pixels, MediaPipe order: right eye, left eye, nose tip, mouth centre, right ear, left ear. */
  readonly keypoints: Float32Array;
}

/** What one tracker says of one face in one picture. */
export interface FaceObservation {
  readonly imageWidth: number;
  readonly imageHeight: number;
  /**
   * LANDMARK_COUNT * 3 floats. x right and y down in image pixels (pixel centres at .5); z in the same
   * pixels, smaller is nearer the camera, relative to the head's middle (MediaPipe's convention).
   */
  readonly landmarks: Float32Array;
  /** Probability in [0, 1] that the landmarks sit on a face. */
  readonly confidence: number;
  readonly box: PixelBox;
  /**
   * Rigid pose of the canonical face: row-major 3x3 rotation from model axes (x subject's left, y up,
   * z out of the face) to camera axes (x right, y down, z forward).
   */
  readonly headRotation: Float32Array;
  readonly origin: 'tracked' | 'manual';
}

export interface ObserveOptions {
  /** Lowest detector score taken as a face; the tracker lowers it in steps itself when nothing is found. */
  readonly minimumScore?: number;
}

/** Five points placed by hand, image pixels; left and right are the subject's own. */
export interface ManualFacePoints {
  readonly leftEye: readonly [number, number];
  readonly rightEye: readonly [number, number];
  readonly noseTip: readonly [number, number];
  readonly mouthLeft: readonly [number, number];
  readonly mouthRight: readonly [number, number];
}

/** One interface for every tracker: headless now, the page's later. All coordinates are in the given picture. */
export interface FaceTracker {
  /** All faces, largest first; an empty list is an answer, not an error. */
  observe(image: RgbaImage, options?: ObserveOptions): Promise<FaceObservation[]>;
  /** Landmarks seeded by hand: the mesh model runs on the region the points span, else the points warp the canonical face. */
  observeManual(image: RgbaImage, points: ManualFacePoints): Promise<FaceObservation>;
  /** Person coverage in [0, 1] at the picture's own size. */
  matte(image: RgbaImage): Promise<FloatImage>;
  /** Tracking between frames: skips the detector while the face is held. */
  startVideo(): VideoFaceTracker;
}

export interface VideoFaceTracker {
  /** `timeSeconds` grows from frame to frame. Undefined where no face is found. */
  next(image: RgbaImage, timeSeconds: number): Promise<FaceObservation | undefined>;
}
