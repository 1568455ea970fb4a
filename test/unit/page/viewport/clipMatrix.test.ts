import { expect, test } from 'vitest';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { projectPoint } from '#common/camera/projectPoints';
import { clipMatrix } from '$viewport/clipMatrix';

test('puts points where the headless camera puts them, off centre and off square too', () => {
  const [width, height] = [640, 480];
  const orbit = canonicalCamera({ yaw: 0.7, pitch: -0.3, roll: 0.2, zoom: 1.4 });
  const camera = { ...orbit, principalX: 0.61, principalY: 0.32 };
  const matrix = clipMatrix(camera, height / width);
  const points = [[0, 0, 0], [0.08, -0.05, 0.1], [-0.2, 0.15, -0.12]] as const; // prettier-ignore
  for (const point of points) {
    const [x, y, , w] = [0, 1, 2, 3].map(
      (row) =>
        matrix[row] * point[0] + matrix[4 + row] * point[1] + matrix[8 + row] * point[2] + matrix[12 + row],
    );
    const [pixelX, pixelY, depth] = projectPoint(camera, point, width);
    expect(((x / w + 1) / 2) * width).toBeCloseTo(pixelX, 3);
    expect(((1 - y / w) / 2) * height).toBeCloseTo(pixelY, 3);
    expect(w).toBeCloseTo(depth, 5);
  }
});
