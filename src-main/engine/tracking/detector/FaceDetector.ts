import type { DetectedFace } from '#common/tracking/faceObservation';
import { DETECTOR_SIZE, createDetectorAnchors } from '#engine/tracking/detector/detectorAnchors';
import type { TrackingModel } from '#engine/tracking/loadTrackingModels';
import type { PicturePyramid } from '#engine/tracking/PicturePyramid';
import type { Region } from '#engine/tracking/warpRegion';
import { warpRegion } from '#engine/tracking/warpRegion';

const VALUES_PER_BOX = 16;
const KEYPOINT_VALUES = 12;

/** One look of the detector: a square of the picture, and the grey that stands for what lies outside. */
export interface DetectorView {
  readonly region: Region;
  readonly border: number;
}

/**
 * MediaPipe's short-range face detector on square views of a picture. Results are in picture pixels. Reuses
 * one input buffer, so calls must not overlap.
 */
export class FaceDetector {
  private readonly model: TrackingModel;
  private readonly anchors = createDetectorAnchors();
  private readonly input = new Float32Array(3 * DETECTOR_SIZE * DETECTOR_SIZE);

  constructor(model: TrackingModel) {
    this.model = model;
  }

  /** Every box of one view with at least `minimumScore`; a face gives several (see suppressOverlaps). */
  async detect(pyramid: PicturePyramid, view: DetectorView, minimumScore: number): Promise<DetectedFace[]> {
    const size = { width: DETECTOR_SIZE, height: DETECTOR_SIZE };
    warpRegion(pyramid, view.region, size, { low: -1, high: 1, border: view.border }, this.input);
    const { inputName, inputShape } = this.model.translated;
    const outputs = await this.model.session.run(inputName, this.input, inputShape);
    const boxes = outputs.get('regressors') ?? new Float32Array(0);
    const logits = outputs.get('classificators') ?? new Float32Array(0);
    return this.decode(boxes, logits, view.region, minimumScore);
  }

  private decode(
    boxes: Float32Array,
    logits: Float32Array,
    region: Region,
    minimumScore: number,
  ): DetectedFace[] {
    const minimumLogit = Math.log(minimumScore / (1 - minimumScore));
    const faces: DetectedFace[] = [];
    const left = region.centreX - region.width / 2;
    const top = region.centreY - region.height / 2;
    logits.forEach((logit, index) => {
      if (!(logit >= minimumLogit)) return;
      const at = index * VALUES_PER_BOX;
      const anchorX = this.anchors[index * 2];
      const anchorY = this.anchors[index * 2 + 1];
      const toX = (value: number): number => left + (value / DETECTOR_SIZE + anchorX) * region.width;
      const toY = (value: number): number => top + (value / DETECTOR_SIZE + anchorY) * region.height;
      const width = (boxes[at + 2] / DETECTOR_SIZE) * region.width;
      const height = (boxes[at + 3] / DETECTOR_SIZE) * region.height;
      if (!(width > 0 && height > 0)) return;
      const keypoints = new Float32Array(KEYPOINT_VALUES);
      for (let value = 0; value < KEYPOINT_VALUES; value += 2) {
        keypoints[value] = toX(boxes[at + 4 + value]);
        keypoints[value + 1] = toY(boxes[at + 5 + value]);
      }
      faces.push({
        box: {
          x: toX(boxes[at]) - width / 2,
          y: toY(boxes[at + 1]) - height / 2,
          width,
          height,
        },
        score: 1 / (1 + Math.exp(-logit)),
        keypoints,
      });
    });
    return faces;
  }
}
