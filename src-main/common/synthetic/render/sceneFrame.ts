/**
 * A rendered picture with its labels, row by row from the top. Labels belong to the surface that covers most of a pixel;
 * where less than half of it is covered they say nothing (part 0, depth Infinity).
 */
export interface SceneFrame {
  readonly size: number;
  /** sRGB, three bytes a pixel, over the background. */
  readonly color: Uint8Array;
  /** Coverage of the head with all it wears, straight. */
  readonly alpha: Uint8Array;
  /** SCENE_PARTS index. */
  readonly parts: Uint8Array;
  /** Metres along the camera's axis, Infinity where nothing is. */
  readonly depth: Float32Array;
  /** World, unit, three a pixel, of the geometry without bumps; 0 where nothing is. */
  readonly normals: Float32Array;
  /** Two a pixel, v down, in the chart of the mesh seen; 0 where nothing is. */
  readonly uvs: Float32Array;
}

export function createSceneFrame(size: number): SceneFrame {
  const pixels = size * size;
  return {
    size,
    color: new Uint8Array(pixels * 3),
    alpha: new Uint8Array(pixels),
    parts: new Uint8Array(pixels),
    depth: new Float32Array(pixels),
    normals: new Float32Array(pixels * 3),
    uvs: new Float32Array(pixels * 2),
  };
}
