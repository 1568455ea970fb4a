/**
 * The files of one record inside a shard, after its key. Pictures are what any viewer opens; numbers that are not
 * pictures are numpy arrays or JSON.
 */
export const RECORD_FILES = {
  /** sRGB over its background. */
  color: 'color.webp',
  /** 8-bit coverage of the head. */
  alpha: 'alpha.png',
  /** 8-bit index into SCENE_PARTS. */
  parts: 'parts.png',
  /** 16-bit, DEPTH_STEP metres along the camera's axis, 0 where nothing is. */
  depth: 'depth.png',
  /** 8-bit RGB, (n + 1) / 2 of the unit normal in world space; 0 where nothing is. */
  normals: 'normals.png',
  /** 16-bit RGB: u, v of the part's chart (v down), the third is coverage. */
  uvs: 'uvs.png',
  /**
   * 16-bit RGB [D, D]: u, v in [-1, 1] and coverage of the driving mesh seen orthographically, the head straight
   * (spec 2.8). Rows run upwards, as those of feature planes do.
   */
  driving: 'driving.png',
  /** float32 [478, 5]: x, y in pixels (y down), then x, y, z in world metres. */
  landmarks: 'landmarks.npy',
  /** RecordLabels. */
  labels: 'json',
} as const;

export type RecordFile = keyof typeof RECORD_FILES;

/** Metres per step of a depth picture; 65535 steps reach 3.28 m, twice as far as any head. */
export const DEPTH_STEP = 5e-5;

/** Side of the driving raster of a record. */
export const DRIVING_SIZE = 128;
