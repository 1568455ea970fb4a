import { CANONICAL_DISTANCE, CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import { AppError } from '#common/contract/errors';
import type { FloatImage, RgbaImage } from '#common/image/rasterImage';
import { createFloatImage, createRgbaImage } from '#common/image/rasterImage';
import type { FaceObservation } from '#common/tracking/faceObservation';
import { norm3 } from '#common/math/portableMath';

/**
 * The source crop: the square every later step works in. It is EG3D's FFHQ framing (spec 1.4), widened by
 * CROP_WIDENING so that hats, big hair and shoulders are inside; the camera keeps the canonical focal
 * length relative to the crop, so widening only places the head a little farther away.
 */
export const CROP_WIDENING = 1.35;

/** Metres from the crop's camera to the head's centre for a head of average size. */
export const CROP_DISTANCE = CANONICAL_DISTANCE * CROP_WIDENING;

/** Half of (eye distance + 0.85 * eye to mouth) on the mean head, metres (spec 1.2: 0.122 EG3D units). */
const FACE_MEASURE_METRES = 0.063;

const MINIMUM_CROP = 512;
const MAXIMUM_CROP = 1024;

/** Below this many picture pixels of crop side a face has too few pixels for a texture. */
const MINIMUM_FACE_SIDE = 72;

// MediaPipe point indices: corners of the subject's right and left eye, and of the mouth.
const RIGHT_EYE = [33, 133] as const;
const LEFT_EYE = [263, 362] as const;
const MOUTH = [61, 291] as const;

export interface SourceCrop {
  /** Square, side in [512, 1024]. Outside the picture it is mirrored. */
  readonly crop: RgbaImage;
  /** crop pixel = picture pixel * scale + offset. */
  readonly toCrop: CropTransform;
  /** The observation in crop pixels. */
  readonly observation: FaceObservation;
  /** 1 where the crop shows picture, 0 where it was mirrored; crop-sized. */
  readonly validMask: FloatImage;
}

export interface CropTransform {
  readonly scale: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

/**
 * Cuts the source crop around one face. The side follows the 3D distances between eyes and mouth, so a
 * turned head is framed like a frontal one; the centre is the head's centre, 2.8 cm below and 7.5 cm behind
 * the eyes, seen from the camera.
 *
 * @throws AppError `input.imageTooSmall` when the face spans too few pixels for a texture.
 */
export function cutSourceCrop(image: RgbaImage, observation: FaceObservation): SourceCrop {
  const frame = measureFrame(observation);
  if (frame.side < MINIMUM_FACE_SIDE) {
    throw new AppError(
      'input.imageTooSmall',
      `The face needs a square of ${Math.round(frame.side)} pixels; at least ${MINIMUM_FACE_SIDE} are needed. ` +
        'Use a larger picture or a closer one.',
      { details: { side: Math.round(frame.side), minimum: MINIMUM_FACE_SIDE } },
    );
  }
  const size = Math.min(MAXIMUM_CROP, Math.max(MINIMUM_CROP, Math.round(frame.side)));
  const scale = size / frame.side;
  const toCrop = {
    scale,
    offsetX: size / 2 - frame.centreX * scale,
    offsetY: size / 2 - frame.centreY * scale,
  };
  return {
    crop: resampleRgba(image, size, toCrop),
    toCrop,
    observation: transformObservation(observation, size, toCrop),
    validMask: coverageMask(image, size, toCrop),
  };
}

interface Frame {
  readonly centreX: number;
  readonly centreY: number;
  /** Picture pixels. */
  readonly side: number;
}

function measureFrame(observation: FaceObservation): Frame {
  const points = observation.landmarks;
  const right = meanPoint(points, RIGHT_EYE);
  const left = meanPoint(points, LEFT_EYE);
  const mouth = meanPoint(points, MOUTH);
  const eyes = left.map((value, axis) => (value + right[axis]) / 2);
  const measure = 0.5 * (distance(left, right) + 0.85 * distance(eyes, mouth));
  const pixelsPerMetre = measure / FACE_MEASURE_METRES;
  const side = (pixelsPerMetre * CROP_DISTANCE) / CANONICAL_FOCAL;
  const rotation = observation.headRotation;
  // Model point (0, -0.028, -0.075) relative to the eyes, turned with the head; camera y points down.
  const centreX = eyes[0] + (rotation[1] * -0.028 + rotation[2] * -0.075) * pixelsPerMetre;
  const centreY = eyes[1] + (rotation[4] * -0.028 + rotation[5] * -0.075) * pixelsPerMetre;
  return { centreX, centreY, side };
}

function meanPoint(points: Float32Array, indices: readonly number[]): number[] {
  const mean = [0, 0, 0];
  for (const index of indices) {
    for (let axis = 0; axis < 3; axis++) mean[axis] += points[index * 3 + axis] / indices.length;
  }
  return mean;
}

function distance(a: readonly number[], b: readonly number[]): number {
  return norm3(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function transformObservation(
  observation: FaceObservation,
  size: number,
  to: CropTransform,
): FaceObservation {
  const landmarks = new Float32Array(observation.landmarks.length);
  for (let i = 0; i < landmarks.length; i += 3) {
    landmarks[i] = observation.landmarks[i] * to.scale + to.offsetX;
    landmarks[i + 1] = observation.landmarks[i + 1] * to.scale + to.offsetY;
    landmarks[i + 2] = observation.landmarks[i + 2] * to.scale;
  }
  const { box } = observation;
  return {
    ...observation,
    imageWidth: size,
    imageHeight: size,
    landmarks,
    box: {
      x: box.x * to.scale + to.offsetX,
      y: box.y * to.scale + to.offsetY,
      width: box.width * to.scale,
      height: box.height * to.scale,
    },
  };
}

/** Bilinear with box supersampling when the crop is smaller than its source, mirrored outside. */
function resampleRgba(image: RgbaImage, size: number, to: CropTransform): RgbaImage {
  const out = createRgbaImage(size, size);
  const taps = Math.max(1, Math.round(1 / to.scale));
  const inverse = 1 / to.scale;
  const sum = new Float64Array(4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      sum.fill(0);
      for (let j = 0; j < taps; j++) {
        const sourceY = (y + (j + 0.5) / taps - to.offsetY) * inverse - 0.5;
        for (let i = 0; i < taps; i++) {
          const sourceX = (x + (i + 0.5) / taps - to.offsetX) * inverse - 0.5;
          addSample(image, sourceX, sourceY, sum);
        }
      }
      const offset = (y * size + x) * 4;
      for (let channel = 0; channel < 4; channel++) {
        out.data[offset + channel] = Math.round(sum[channel] / (taps * taps));
      }
    }
  }
  return out;
}

function addSample(image: RgbaImage, x: number, y: number, sum: Float64Array): void {
  const { width, height, data } = image;
  const insideX = reflect(x, width - 1);
  const insideY = reflect(y, height - 1);
  const x0 = Math.floor(insideX);
  const y0 = Math.floor(insideY);
  const fx = insideX - x0;
  const fy = insideY - y0;
  const o00 = (y0 * width + x0) * 4;
  const o10 = x0 + 1 < width ? o00 + 4 : o00;
  const down = y0 + 1 < height ? width * 4 : 0;
  for (let channel = 0; channel < 4; channel++) {
    const top = data[o00 + channel] * (1 - fx) + data[o10 + channel] * fx;
    const bottom = data[o00 + down + channel] * (1 - fx) + data[o10 + down + channel] * fx;
    sum[channel] += top * (1 - fy) + bottom * fy;
  }
}

/** Coordinate mirrored into [0, last]: a background goes on plausibly where streaks would not. */
function reflect(value: number, last: number): number {
  const mirrored = value < 0 ? -value : value > last ? 2 * last - value : value;
  return Math.min(last, Math.max(0, mirrored));
}

function coverageMask(image: RgbaImage, size: number, to: CropTransform): FloatImage {
  const mask = createFloatImage(size, size);
  const x0 = to.offsetX;
  const y0 = to.offsetY;
  const x1 = image.width * to.scale + to.offsetX;
  const y1 = image.height * to.scale + to.offsetY;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const inside = x + 0.5 >= x0 && x + 0.5 <= x1 && y + 0.5 >= y0 && y + 0.5 <= y1;
      mask.data[y * size + x] = inside ? 1 : 0;
    }
  }
  return mask;
}
