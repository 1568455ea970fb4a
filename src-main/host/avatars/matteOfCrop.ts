import { createFloatImage, createRgbaImage, type FloatImage } from '#common/image/rasterImage';
import type { SourceCrop } from '#common/reconstruction/sourceCrop';
import { validRectangle } from '#common/reconstruction/shell/shellGrid';
import type { FaceTracker } from '#common/tracking/faceObservation';

/**
 * Person coverage of the source crop. Only the part that is picture goes to the tracker, since what is
 * mirrored around it would show pieces of the person again; the result's own border is repeated back.
 */
export async function matteOfCrop(tracker: FaceTracker, source: SourceCrop): Promise<FloatImage> {
  const { crop } = source;
  const { left, top, right, bottom } = validRectangle(source.validMask);
  const width = right - left;
  const height = bottom - top;
  if (width === crop.width && height === crop.height) return await tracker.matte(crop);
  const picture = createRgbaImage(width, height);
  for (let y = 0; y < height; y++) {
    const from = ((y + top) * crop.width + left) * 4;
    picture.data.set(crop.data.subarray(from, from + width * 4), y * width * 4);
  }
  const seen = await tracker.matte(picture);
  const matte = createFloatImage(crop.width, crop.height);
  for (let y = 0; y < crop.height; y++) {
    const row = Math.min(height - 1, Math.max(0, y - top));
    for (let x = 0; x < crop.width; x++) {
      const column = Math.min(width - 1, Math.max(0, x - left));
      matte.data[y * crop.width + x] = seen.data[row * width + column];
    }
  }
  return matte;
}
