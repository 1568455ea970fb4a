import type { RecordPlace } from '#common/synthetic/dataset/datasetRecipe';
import type { RecordLabels } from '#common/synthetic/dataset/recordLabels';
import type { SceneFrame } from '#common/synthetic/render/sceneFrame';

/** One picture with everything known about it, before it is encoded. Arrays are lent until the next record. */
export interface RenderedRecord extends SceneFrame {
  readonly place: RecordPlace;
  /** [DRIVING_SIZE, DRIVING_SIZE, 3]: u, v in [-1, 1], coverage; the same array for all views of an expression. */
  readonly driving: Float32Array;
  /** [478, 5]: x, y in pixels, then world metres. */
  readonly landmarks: Float32Array;
  readonly labels: RecordLabels;
}
