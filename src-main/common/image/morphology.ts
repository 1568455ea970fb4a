import { distanceTransform } from '#common/image/distanceTransform';

/** 1 where the value exceeds the limit. Plain loops here: `Uint8Array.from` with a mapper costs ten times more. */
export function maskAbove(values: Float32Array, limit: number): Uint8Array {
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) if (values[i] > limit) mask[i] = 1;
  return mask;
}

/** 1 where `mask` is 0, 0 elsewhere. */
export function invertMask(mask: Uint8Array): Uint8Array {
  const result = new Uint8Array(mask.length);
  for (let i = 0; i < mask.length; i++) if (mask[i] === 0) result[i] = 1;
  return result;
}

/** Pixels within `radius` (pixels, Euclidean) of a set pixel of `mask`. */
export function dilate(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  return invertMask(maskAbove(distanceTransform(mask, width, height).distance, radius));
}

/** Pixels of `mask` further than `radius` from every unset pixel; the picture's border does not erode. */
export function erode(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  return maskAbove(distanceTransform(invertMask(mask), width, height).distance, radius);
}
