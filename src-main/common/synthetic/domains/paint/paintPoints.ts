import type { FaceFields } from '#common/synthetic/domains/canonical/faceFields';
import type { PatternPoints } from '#common/synthetic/pattern/patternPoints';

/** Points to paint. Canonical metres; the first `count` entries hold. */
export interface PaintPoints extends PatternPoints {
  /** Two per point, the surface's own chart. */
  readonly uvs: Float32Array;
  readonly fields: FaceFields;
}
