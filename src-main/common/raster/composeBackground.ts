import { assertNever, invariant } from '#common/contract/errors';
import { LINEAR16_TO_SRGB, SRGB_TO_LINEAR16 } from '#common/image/linear16';
import { createRgbaImage } from '#common/image/rasterImage';
import type { RgbaImage } from '#common/image/rasterImage';
import { buildMipTexture } from '#common/raster/shading/mipTexture';
import { createFootprint, FOOTPRINT_LEVEL, FOOTPRINT_U, FOOTPRINT_V, sampleTexture } from '#common/raster/shading/sampleTexture'; // prettier-ignore
import { portableLog2 } from '#common/math/portableMath';

/** What stands behind the head. It belongs to the screen: neither head nor camera moves it. */
export type Background =
  | { readonly kind: 'transparent' }
  /** sRGB bytes. */
  | { readonly kind: 'color'; readonly rgb: readonly [number, number, number] }
  /** Scaled to cover the frame, cut at the sides that stick out; its alpha is ignored. */
  | { readonly kind: 'image'; readonly image: RgbaImage };

/** A background at the size of the frames, opaque; undefined where it is transparent. */
export type PreparedBackground = RgbaImage | undefined;

/** Scales a background once for all frames of one size. */
export function prepareBackground(background: Background, width: number, height: number): PreparedBackground {
  switch (background.kind) {
    case 'transparent':
      return undefined;
    case 'color':
      return fillWith(createRgbaImage(width, height), background.rgb);
    case 'image':
      return coverFit(background.image, width, height);
    default:
      return assertNever(background, 'background kind');
  }
}

/**
 * Lays a frame (straight alpha) over a background in linear light, in place; afterwards every pixel is
 * opaque. A transparent background changes nothing.
 */
export function composeBackground(frame: RgbaImage, background: PreparedBackground): void {
  if (!background) return;
  invariant(
    background.width === frame.width && background.height === frame.height,
    `the background (${background.width} x ${background.height}) is prepared for the frame's size (${frame.width} x ${frame.height})`,
  );
  const { data: front } = frame;
  const { data: back } = background;
  for (let at = 0; at < front.length; at += 4) {
    const alpha = front[at + 3];
    if (alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++) {
      front[channel] = alpha === 0 ? back[channel] : mix(front[channel], back[channel], alpha);
    }
    front[at + 3] = 255;
  }
}

function mix(front: number, back: number, alpha: number): number {
  const sum = SRGB_TO_LINEAR16[front] * alpha + SRGB_TO_LINEAR16[back] * (255 - alpha);
  return LINEAR16_TO_SRGB[Math.round(sum / 255)];
}

function fillWith(image: RgbaImage, rgb: readonly [number, number, number]): RgbaImage {
  for (let at = 0; at < image.data.length; at += 4) image.data.set([...rgb, 255], at);
  return image;
}

function coverFit(image: RgbaImage, width: number, height: number): RgbaImage {
  const texture = buildMipTexture(image);
  const scale = Math.min(image.width / width, image.height / height); // source pixels per frame pixel
  const footprint = createFootprint();
  footprint[FOOTPRINT_LEVEL] = portableLog2(scale);
  const colour = new Float64Array(3);
  const fitted = createRgbaImage(width, height);
  for (let y = 0, at = 0; y < height; y++) {
    footprint[FOOTPRINT_V] = 0.5 + ((y + 0.5 - height / 2) * scale) / image.height;
    for (let x = 0; x < width; x++, at += 4) {
      footprint[FOOTPRINT_U] = 0.5 + ((x + 0.5 - width / 2) * scale) / image.width;
      sampleTexture(texture, footprint, colour);
      for (let channel = 0; channel < 3; channel++) {
        fitted.data[at + channel] = LINEAR16_TO_SRGB[Math.round(colour[channel])];
      }
      fitted.data[at + 3] = 255;
    }
  }
  return fitted;
}
