import type { RgbaImage } from '#common/image/rasterImage';
import { createRgbaImage } from '#common/image/rasterImage';

/** Where a drawn face lies: centre between the eyes and mouth, and half the head's width, in pixels. */
export interface DrawnFace {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

type Colour = readonly [number, number, number];

interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  readonly colour: Colour;
  /** Width of the soft edge as a share of the radius. */
  readonly soft?: number;
}

const SKIN: Colour = [224, 172, 138];
const SHADE: Colour = [186, 128, 98];
const HAIR: Colour = [66, 44, 30];

/** Parts of a face in units of half the head's width, painted in order. */
const PARTS: readonly Ellipse[] = [
  { x: 0, y: 1.75, rx: 1.6, ry: 0.75, colour: [60, 80, 120] },
  { x: 0, y: 1.15, rx: 0.5, ry: 0.6, colour: SHADE },
  { x: 0, y: -0.25, rx: 1.12, ry: 1.3, colour: HAIR },
  { x: -1.0, y: 0.05, rx: 0.14, ry: 0.26, colour: SHADE },
  { x: 1.0, y: 0.05, rx: 0.14, ry: 0.26, colour: SHADE },
  { x: 0, y: 0.05, rx: 0.95, ry: 1.25, colour: SKIN, soft: 0.08 },
  { x: 0, y: -0.95, rx: 0.8, ry: 0.38, colour: HAIR, soft: 0.15 },
  ...[-1, 1].flatMap((side): Ellipse[] => [
    { x: 0.4 * side, y: -0.1, rx: 0.28, ry: 0.17, colour: SHADE, soft: 0.8 },
    { x: 0.42 * side, y: -0.34, rx: 0.28, ry: 0.055, colour: HAIR, soft: 0.4 },
    { x: 0.4 * side, y: -0.08, rx: 0.2, ry: 0.095, colour: [70, 40, 30] },
    { x: 0.4 * side, y: -0.07, rx: 0.185, ry: 0.08, colour: [245, 240, 236] },
    { x: 0.4 * side, y: -0.08, rx: 0.085, ry: 0.085, colour: [70, 90, 60] },
    { x: 0.4 * side, y: -0.08, rx: 0.04, ry: 0.04, colour: [10, 10, 10] },
    { x: 0.55 * side, y: 0.4, rx: 0.3, ry: 0.25, colour: [230, 160, 132], soft: 0.9 },
    { x: 0.1 * side, y: 0.38, rx: 0.05, ry: 0.03, colour: [90, 50, 40], soft: 0.5 },
    { x: 0.14 * side, y: 0.1, rx: 0.05, ry: 0.28, colour: SHADE, soft: 0.9 },
  ]),
  { x: 0, y: 0.42, rx: 0.2, ry: 0.07, colour: SHADE, soft: 0.8 },
  { x: 0, y: 0.3, rx: 0.11, ry: 0.1, colour: [238, 192, 160], soft: 0.8 },
  { x: 0, y: 0.7, rx: 0.34, ry: 0.11, colour: [190, 84, 80], soft: 0.2 },
  { x: 0, y: 0.69, rx: 0.3, ry: 0.022, colour: [90, 30, 34], soft: 0.4 },
  { x: 0, y: 0.9, rx: 0.26, ry: 0.06, colour: SHADE, soft: 0.9 },
];

/** A drawn, licence-free face or several on a plain background; enough for the real models to see faces. */
export function drawFaces(
  size: { readonly width: number; readonly height: number },
  faces: readonly DrawnFace[],
): RgbaImage {
  const image = createRgbaImage(size.width, size.height);
  for (let at = 0; at < image.data.length; at += 4) image.data.set([176, 190, 196, 255], at);
  for (const face of faces) {
    for (const part of PARTS) {
      paint(image, {
        ...part,
        x: face.x + part.x * face.radius,
        y: face.y + part.y * face.radius,
        rx: part.rx * face.radius,
        ry: part.ry * face.radius,
      });
    }
  }
  return image;
}

function paint(image: RgbaImage, { x, y, rx, ry, colour, soft }: Ellipse): void {
  const edge = Math.max(soft ?? 0, 1.5 / Math.min(rx, ry));
  for (let row = Math.max(0, Math.floor(y - ry * 2)); row < Math.min(image.height, y + ry * 2); row++) {
    for (
      let column = Math.max(0, Math.floor(x - rx * 2));
      column < Math.min(image.width, x + rx * 2);
      column++
    ) {
      const distance = Math.hypot((column + 0.5 - x) / rx, (row + 0.5 - y) / ry);
      const cover = Math.min(Math.max((1 - distance) / edge + 0.5, 0), 1);
      const at = (row * image.width + column) * 4;
      for (let channel = 0; channel < 3; channel++) {
        image.data[at + channel] += Math.round((colour[channel] - image.data[at + channel]) * cover);
      }
    }
  }
}
