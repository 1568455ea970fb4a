/** Input size of the short-range face detector, pixels. */
export const DETECTOR_SIZE = 128;

/**
 * Steps of the feature maps and how many anchors each cell holds. MediaPipe's SSD options name strides
 * 8, 16, 16, 16 with two anchors per layer; layers of equal stride share one map.
 */
const LAYERS = [
  { stride: 8, anchorsPerCell: 2 },
  { stride: 16, anchorsPerCell: 6 },
] as const;

/**
 * Anchor centres in the unit square, x then y for each of the 896 boxes, in the model's order. All anchors
 * have size one (`fixed_anchor_size`), so only the centres matter.
 */
export function createDetectorAnchors(): Float32Array {
  const centres: number[] = [];
  for (const { stride, anchorsPerCell } of LAYERS) {
    const cells = DETECTOR_SIZE / stride;
    for (let y = 0; y < cells; y++) {
      for (let x = 0; x < cells; x++) {
        for (let anchor = 0; anchor < anchorsPerCell; anchor++) {
          centres.push((x + 0.5) / cells, (y + 0.5) / cells);
        }
      }
    }
  }
  return Float32Array.from(centres);
}
