/**
 * A pinhole camera. World axes: metres, y up, the face looks to +z. Camera axes: OpenCV, x right, y down,
 * z forward. Intrinsics are normalised by the picture's width, as in the EG3D label (spec 1.1):
 * u = focal * x / z + principalX, v = focal * y / z + principalY, pixel = u * width, v * width.
 */
export interface PinholeCamera {
  /** Focal length / picture width. The canonical portrait camera uses CANONICAL_FOCAL. */
  readonly focal: number;
  readonly principalX: number;
  readonly principalY: number;
  /** Row-major 3x3 rotation, camera = rotation * world + translation. */
  readonly rotation: Float64Array;
  /** Metres. */
  readonly translation: Float64Array;
}

/** 2985.29 / 700: EG3D's FFHQ crop (spec 1.1); horizontal field of view 13.37 degrees. */
export const CANONICAL_FOCAL = 4.2647;

/**
 * Metres from the canonical camera to the head's centre. EG3D puts the camera 2.7 world units away; the
 * mean head of our model measures 1.94 EG3D units per metre (0.5 * (eye distance + 0.85 * eye to mouth) =
 * 0.122 units), hence 1.39 m: a natural portrait distance.
 */
export const CANONICAL_DISTANCE = 1.39;
