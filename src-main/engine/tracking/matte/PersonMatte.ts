import type { FloatImage, RgbaImage } from '#common/image/rasterImage';
import { createFloatImage } from '#common/image/rasterImage';
import type { PixelBox } from '#common/tracking/faceObservation';
import type { LocalLinearModel } from '#engine/tracking/matte/guidedFilter';
import { fitLocalModels } from '#engine/tracking/matte/guidedFilter';
import type { TrackingModel } from '#engine/tracking/loadTrackingModels';
import type { PicturePyramid } from '#engine/tracking/PicturePyramid';
import type { Region } from '#engine/tracking/warpRegion';
import { warpRegion } from '#engine/tracking/warpRegion';

/** Input and output size of selfie segmentation, pixels. */
const MATTE_SIZE = 256;
/** Guided filter: window radius in model pixels and the smallest colour variance that counts as an edge. */
const FILTER_RADIUS = 7;
const FILTER_EPSILON = 1e-4;
/** Head-and-shoulders view: side as a multiple of the mesh box, and how far its centre lies below the face's. */
const PORTRAIT_SCALE = 3.2;
const PORTRAIT_DROP = 0.35;
/** A face whose view would show hardly less than the whole picture gains nothing from one. */
const LARGEST_VIEW_SHARE = 0.8;
/** Every view costs one run; crowds get theirs for the largest faces only. */
const MAXIMUM_VIEWS = 8;
/** Weight of the whole picture's matte against a view's, which is 1 in its middle and falls to 0 at its border. */
const WHOLE_WEIGHT = 0.02;
/**
 * Levels on the model's matte before the filter, and on the filter's result: both have soft skirts, in which
 * the background would shine through around hair. README.md has the settings compared.
 */
const MODEL_LEVELS = [0.2, 0.85] as const;
const RESULT_LEVELS = [0.12, 0.88] as const;

/**
 * Person matte by MediaPipe's selfie segmentation, once on the whole picture and once on the head and
 * shoulders of each face, each sharpened on the picture's own edges. Calls must not overlap.
 */
export class PersonMatte {
  private readonly model: TrackingModel;
  private readonly input = new Float32Array(3 * MATTE_SIZE * MATTE_SIZE);

  constructor(model: TrackingModel) {
    this.model = model;
  }

  /** Coverage in [0, 1] at the picture's size. `faces` are boxes, largest first. */
  async run(pyramid: PicturePyramid, faces: readonly PixelBox[]): Promise<FloatImage> {
    const whole: Region = {
      centreX: pyramid.width / 2,
      centreY: pyramid.height / 2,
      width: pyramid.width,
      height: pyramid.height,
      rotation: 0,
    };
    const matte = createFloatImage(pyramid.width, pyramid.height);
    await this.look(pyramid, whole, (at, coverage) => {
      matte.data[at] = coverage;
    });
    const views = faces
      .slice(0, MAXIMUM_VIEWS)
      .map(portraitRegion)
      .filter((view) => view.width < LARGEST_VIEW_SHARE * Math.max(whole.width, whole.height));
    if (views.length === 0) return matte;

    const weights = createFloatImage(pyramid.width, pyramid.height).data.fill(WHOLE_WEIGHT);
    for (const view of views) {
      await this.look(pyramid, view, (at, coverage, nearness) => {
        const weight = nearness * nearness;
        weights[at] += weight;
        if (weight > 0) matte.data[at] += ((coverage - matte.data[at]) * weight) / weights[at];
      });
    }
    return matte;
  }

  async dispose(): Promise<void> {
    await this.model.session.dispose();
  }

  private async look(pyramid: PicturePyramid, region: Region, draw: DrawPixel): Promise<void> {
    const size = { width: MATTE_SIZE, height: MATTE_SIZE };
    warpRegion(pyramid, region, size, { low: 0, high: 1, border: 'replicate' }, this.input);
    const { inputName, inputShape, outputNames } = this.model.translated;
    const outputs = await this.model.session.run(inputName, this.input, inputShape);
    const matte = outputs.get(outputNames[0]) ?? new Float32Array(MATTE_SIZE * MATTE_SIZE);
    for (let index = 0; index < matte.length; index++) {
      const t = clampToLevels(matte[index], MODEL_LEVELS);
      matte[index] = t * t * (3 - 2 * t);
    }
    const models = fitLocalModels({ ...size, guide: this.input, matte }, FILTER_RADIUS, FILTER_EPSILON);
    applyModels(pyramid.base, models, region, draw);
  }
}

/** Takes one pixel's coverage; `nearness` is 1 in the middle of a square view and 0 at its border. */
type DrawPixel = (at: number, coverage: number, nearness: number) => void;

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
function applyModels(image: RgbaImage, models: LocalLinearModel, region: Region, draw: DrawPixel): void {
  const left = region.centreX - region.width / 2;
  const top = region.centreY - region.height / 2;
  const fromX = Math.max(0, Math.ceil(left - 0.5));
  const toX = Math.min(image.width, Math.floor(left + region.width + 0.5));
  const fromY = Math.max(0, Math.ceil(top - 0.5));
  const toY = Math.min(image.height, Math.floor(top + region.height + 0.5));
  const last = MATTE_SIZE - 1;
  const row = new Float32Array(MATTE_SIZE * 4);
  const { data } = image;
  for (let y = fromY; y < toY; y++) {
    blendRows(models, Math.min(Math.max(((y + 0.5 - top) / region.height) * MATTE_SIZE - 0.5, 0), last), row);
    const distanceY = Math.min(y + 0.5 - top, top + region.height - y - 0.5);
    for (let x = fromX; x < toX; x++) {
      const u = Math.min(Math.max(((x + 0.5 - left) / region.width) * MATTE_SIZE - 0.5, 0), last);
      const column = Math.min(u | 0, last - 1);
      const f = u - column;
      const a = column * 4;
      const at = y * image.width + x;
      const pixel = at * 4;
      const raw =
        ((row[a] + (row[a + 4] - row[a]) * f) * data[pixel] +
          (row[a + 1] + (row[a + 5] - row[a + 1]) * f) * data[pixel + 1] +
          (row[a + 2] + (row[a + 6] - row[a + 2]) * f) * data[pixel + 2]) /
          255 +
        (row[a + 3] + (row[a + 7] - row[a + 3]) * f);
      const coverage = clampToLevels(raw, RESULT_LEVELS);
      const distance = Math.min(distanceY, x + 0.5 - left, left + region.width - x - 0.5);
      draw(at, coverage, Math.max((2 * distance) / region.width, 0));
    }
  }
}

function clampToLevels(value: number, [low, high]: readonly [number, number]): number {
  return value <= low ? 0 : value >= high ? 1 : (value - low) / (high - low);
}

/** One row of the four model planes between working rows, interleaved into `row`. */
function blendRows(models: LocalLinearModel, v: number, row: Float32Array): void {
  const above = Math.min(v | 0, MATTE_SIZE - 2);
  const f = v - above;
  for (let plane = 0; plane < 4; plane++) {
    const source = models[plane];
    for (let x = 0, at = above * MATTE_SIZE; x < MATTE_SIZE; x++, at++) {
      row[x * 4 + plane] = source[at] + (source[at + MATTE_SIZE] - source[at]) * f;
    }
  }
}
