import type { RecordPlace } from '#common/synthetic/dataset/datasetRecipe';
import type { RecordLabels } from '#common/synthetic/dataset/recordLabels';

/** One picture with everything known about it, before it is encoded. Arrays are lent until the next record. */
export interface RenderedRecord {
  readonly place: RecordPlace;
  readonly size: number;
  /** sRGB, three bytes a pixel, over the background. */
  readonly color: Uint8Array;
  /** Coverage of the head. */
  readonly alpha: Uint8Array;
  /** SCENE_PARTS index. */
  readonly parts: Uint8Array;
  /** Metres along the camera's axis, Infinity where nothing is. */
  readonly depth: Float32Array;
  /** World, unit, three a pixel; 0 where nothing is. */
  readonly normals: Float32Array;
  /** Two a pixel, v down. */
  readonly uvs: Float32Array;
  /** [DRIVING_SIZE, DRIVING_SIZE, 3]: u, v in [-1, 1], coverage. */
  readonly driving: Float32Array;
  /** [478, 5]: x, y in pixels, then world metres. */
  readonly landmarks: Float32Array;
  readonly labels: RecordLabels;
}
