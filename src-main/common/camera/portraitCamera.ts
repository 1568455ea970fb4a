import { canonicalCamera, type OrbitOptions } from '#common/camera/canonicalCamera';
import type { PinholeCamera } from '#common/camera/pinholeCamera';

/** A head farther from the middle than this (picture widths) is moved towards it: the crop was at a border. */
const LARGEST_SHIFT = 0.15;

/**
 * The camera an avatar is shown with unless asked otherwise: as far from the head's centre as the one that
 * took the portrait, with the head at the same place in the picture. So head and photo background keep their
 * proportion, whatever the size of the person's head; `canonicalCamera` would show every head alike.
 *
 * @param source `avatar.source.camera`, which looks along -z.
 */
export function portraitCamera(
  source: PinholeCamera,
  options: Pick<OrbitOptions, 'yaw' | 'pitch' | 'roll' | 'zoom'> = {},
): PinholeCamera {
  const [x, y, distance] = source.translation;
  const camera = canonicalCamera({ ...options, distance });
  const shift = (offset: number): number =>
    Math.max(-LARGEST_SHIFT, Math.min(LARGEST_SHIFT, (source.focal * offset) / distance));
  return { ...camera, principalX: camera.principalX + shift(x), principalY: camera.principalY + shift(y) };
}
