import type { FloatImage, RgbaImage } from '#common/image/rasterImage';
import { createFloatImage } from '#common/image/rasterImage';
import type { PixelBox } from '#common/tracking/faceObservation';
import { fitLocalModels } from '#engine/tracking/matte/guidedFilter';
import type { TrackingModel } from '#engine/tracking/loadTrackingModels';
import type { PicturePyramid } from '#engine/tracking/PicturePyramid';
import type { Region } from '#engine/tracking/warpRegion';
import { warpRegion } from '#engine/tracking/warpRegion';

/** Input and output size of selfie segmentation, pixels. */
const MATTE_SIZE = 256;
/** Guided filter: window radius in model pixels and the smallest colour variance that counts as an edge. */
const FILTER_RADIUS = 4;
const FILTER_EPSILON = 1e-4;
/** Head-and-shoulders view: side as a multiple of the mesh box, and how far its centre lies below the face's. */
const PORTRAIT_SCALE = 3.2;
const PORTRAIT_DROP = 0.35;
/** Width of the blend from the portrait view into the whole picture's matte, share of the view's side. */
const BLEND_SHARE = 0.08;
/** Coverage nearer than this to 0 or 1 is taken as exactly that: the model never quite says so. */
const FLOOR = 0.04;

/**
 * Person matte by MediaPipe's selfie segmentation, once on the whole picture and once on the head and
 * shoulders where a face is known, each sharpened on the picture's own edges. Calls must not overlap.
 */
export class PersonMatte {
  private readonly model: TrackingModel;
  private readonly input = new Float32Array(3 * MATTE_SIZE * MATTE_SIZE);

  constructor(model: TrackingModel) {
    this.model = model;
  }

  /** Coverage in [0, 1] at the picture's size. `face` is the largest face's box. */
  async run(pyramid: PicturePyramid, face: PixelBox | undefined): Promise<FloatImage> {
    const matte = createFloatImage(pyramid.width, pyramid.height);
    const whole: Region = {
      centreX: pyramid.width / 2,
      centreY: pyramid.height / 2,
      width: pyramid.width,
      height: pyramid.height,
      rotation: 0,
    };
    await this.draw(pyramid, whole, false, matte);
    const portrait = face && portraitRegion(face);
    if (portrait && portrait.width < 0.8 * Math.max(whole.width, whole.height)) {
      await this.draw(pyramid, portrait, true, matte);
    }
    return matte;
  }

  async dispose(): Promise<void> {
    await this.model.session.dispose();
  }

  private async draw(
    pyramid: PicturePyramid,
    region: Region,
    isBlended: boolean,
    target: FloatImage,
  ): Promise<void> {
    const size = { width: MATTE_SIZE, height: MATTE_SIZE };
    warpRegion(pyramid, region, size, { low: 0, high: 1, border: 'replicate' }, this.input);
    const { inputName, inputShape, outputNames } = this.model.translated;
    const outputs = await this.model.session.run(inputName, this.input, inputShape);
    const matte = outputs.get(outputNames[0]) ?? new Float32Array(MATTE_SIZE * MATTE_SIZE);
    const models = fitLocalModels({ ...size, guide: this.input, matte }, FILTER_RADIUS, FILTER_EPSILON);
    applyModels(pyramid.base, models, region, isBlended, target);
  }
}

/** Square around head and shoulders, from the mesh' box. */
export function portraitRegion(face: PixelBox): Region {
  const side = Math.max(face.width, face.height) * PORTRAIT_SCALE;
  return {
    centreX: face.x + face.width / 2,
    centreY: face.y + face.height * (0.5 + PORTRAIT_DROP),
    width: side,
    height: side,
    rotation: 0,
  };
}

/** Evaluates the local models at every picture pixel of the region, bilinear between working pixels. */
function applyModels(
  image: RgbaImage,
  models: Float32Array,
  region: Region,
  isBlended: boolean,
  target: FloatImage,
): void {
  const left = region.centreX - region.width / 2;
  const top = region.centreY - region.height / 2;
  const fromX = Math.max(0, Math.ceil(left - 0.5));
  const toX = Math.min(image.width, Math.floor(left + region.width + 0.5));
  const fromY = Math.max(0, Math.ceil(top - 0.5));
  const toY = Math.min(image.height, Math.floor(top + region.height + 0.5));
  const last = MATTE_SIZE - 1;
  const blend = region.width * BLEND_SHARE;
  for (let y = fromY; y < toY; y++) {
    const v = Math.min(Math.max(((y + 0.5 - top) / region.height) * MATTE_SIZE - 0.5, 0), last);
    const row = Math.min(v | 0, last - 1);
    const fy = v - row;
    const distanceY = Math.min(y + 0.5 - top, top + region.height - y - 0.5);
    for (let x = fromX; x < toX; x++) {
      const u = Math.min(Math.max(((x + 0.5 - left) / region.width) * MATTE_SIZE - 0.5, 0), last);
      const column = Math.min(u | 0, last - 1);
      const fx = u - column;
      const a = (row * MATTE_SIZE + column) * 4;
      const b = a + MATTE_SIZE * 4;
      const w00 = (1 - fx) * (1 - fy);
      const w10 = fx * (1 - fy);
      const w01 = (1 - fx) * fy;
      const w11 = fx * fy;
      const pixel = (y * image.width + x) * 4;
      const mix = (channel: number): number =>
        models[a + channel] * w00 +
        models[a + 4 + channel] * w10 +
        models[b + channel] * w01 +
        models[b + 4 + channel] * w11;
      const { data } = image;
      const raw = (mix(0) * data[pixel] + mix(1) * data[pixel + 1] + mix(2) * data[pixel + 2]) / 255 + mix(3);
      const coverage = Math.min(Math.max((raw - FLOOR) / (1 - 2 * FLOOR), 0), 1);
      const at = y * image.width + x;
      if (!isBlended) {
        target.data[at] = coverage;
        continue;
      }
      const distance = Math.min(distanceY, x + 0.5 - left, left + region.width - x - 0.5);
      const weight = Math.min(Math.max(distance / blend, 0), 1);
      target.data[at] += (coverage - target.data[at]) * weight;
    }
  }
}
