import type { PinholeCamera } from '#common/camera/pinholeCamera';
import type { FloatImage } from '#common/image/rasterImage';

/**
 * The grid the shell is built on: square cells over a window wider than the source crop, so that the bust
 * goes on beyond the picture's border when the camera orbits. Node (column, row) sits at the centre of
 * pixel (column, row) of a `size` x `size` picture of that window.
 *
 *      window (WINDOW_SCALE * crop)
 *     +-----------------------------+
 *     |     crop (0..cropSize px)   |
 *     |   +---------------------+   |
 *     |   |                     |   |
 *     |   +---------------------+   |
 *     +-----------------------------+
 */
export interface ShellGrid {
  /** Nodes along one side. */
  readonly size: number;
  readonly cropSize: number;
  /** Crop pixels between neighbouring nodes. */
  readonly spacing: number;
  /** Crop pixel coordinate of node 0. */
  readonly origin: number;
}

const WINDOW_SCALE = 1.5;

/** 116 nodes over 1.5 crops: 5.7 mm cells on a head of average size, finer than the hair detail a matte holds. */
export const SHELL_NODES = 116;

export function createShellGrid(cropSize: number, size = SHELL_NODES): ShellGrid {
  const spacing = (WINDOW_SCALE * cropSize) / size;
  return { size, cropSize, spacing, origin: (-(WINDOW_SCALE - 1) / 2) * cropSize + spacing / 2 };
}

/** Crop pixel coordinate of a (fractional) node coordinate; the same on both axes. */
export function nodeToCrop(grid: ShellGrid, node: number): number {
  return grid.origin + node * grid.spacing;
}

/** The crop's camera, seen as the camera of a picture of the whole window. */
export function windowCamera(camera: PinholeCamera): PinholeCamera {
  const margin = (WINDOW_SCALE - 1) / 2;
  return {
    ...camera,
    focal: camera.focal / WINDOW_SCALE,
    principalX: (camera.principalX + margin) / WINDOW_SCALE,
    principalY: (camera.principalY + margin) / WINDOW_SCALE,
  };
}

/** The part of the crop that is picture, crop pixels; [left, right) x [top, bottom). */
export interface ValidRectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Bounding box of the valid pixels (a picture's crop is always a rectangle); the whole crop where none is. */
export function validRectangle(mask: FloatImage): ValidRectangle {
  const { width, height, data } = mask;
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] <= 0.5) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  return right > left ? { left, top, right, bottom } : { left: 0, top: 0, right: width, bottom: height };
}
