import { cameraLabel } from '#common/camera/cameraLabel';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { projectPoints } from '#common/camera/projectPoints';
import { createSeededRandom } from '#common/math/seededRandom';
import type { RecordPlace } from '#common/synthetic/dataset/datasetRecipe';
import { recordKey } from '#common/synthetic/dataset/datasetRecipe';
import { DRIVING_SIZE } from '#common/synthetic/dataset/recordFiles';
import type { RenderedRecord } from '#common/synthetic/dataset/renderedRecord';

/** A record of a disc with sound labels, other for each place. */
export function aSyntheticRecord(place: RecordPlace, size = 128): RenderedRecord {
  const key = recordKey(place);
  const random = createSeededRandom(place.identity * 100 + place.expression * 10 + place.view);
  const pixels = size * size;
  const [color, alpha, parts] = [new Uint8Array(pixels * 3), new Uint8Array(pixels), new Uint8Array(pixels)];
  const depth = new Float32Array(pixels).fill(Infinity);
  const [normals, uvs] = [new Float32Array(pixels * 3), new Float32Array(pixels * 2)];
  for (let pixel = 0; pixel < pixels; pixel++) {
    const [x, y] = [((pixel % size) + 0.5) / size - 0.5, (Math.floor(pixel / size) + 0.5) / size - 0.5];
    const rest = 0.16 - x * x - y * y;
    color.fill(40 + random.integer(20), pixel * 3, pixel * 3 + 3);
    if (rest <= 0) continue;
    color.set([180, 140, 120], pixel * 3);
    alpha[pixel] = 255;
    parts[pixel] = x < 0 ? 1 : 8;
    depth[pixel] = 1.39 - Math.sqrt(rest) / 4;
    normals.set([x / 0.4, -y / 0.4, Math.sqrt(rest) / 0.4], pixel * 3);
    uvs.set([x + 0.5, y + 0.5], pixel * 2);
  }
  const camera = canonicalCamera({ yaw: random.between(-0.5, 0.5) });
  const world = Float32Array.from({ length: 478 * 3 }, () => random.between(-0.08, 0.08));
  const seen = projectPoints(camera, world, size);
  const landmarks = new Float32Array(478 * 5);
  for (let l = 0; l < 478; l++) {
    landmarks.set([seen[l * 3], seen[l * 3 + 1], ...world.subarray(l * 3, l * 3 + 3)], l * 5);
  }
  return {
    place,
    size,
    color,
    alpha,
    parts,
    depth,
    normals,
    uvs,
    driving: Float32Array.from({ length: DRIVING_SIZE ** 2 * 3 }, (_, k) =>
      k % 3 === 2 ? random.integer(2) : random.between(-1, 1),
    ),
    landmarks,
    labels: {
      key,
      ...place,
      camera: [...cameraLabel(camera)],
      headCamera: [...cameraLabel(camera)],
      expressionKind: 'smile',
      weights: Array.from({ length: 52 }, () => random.uniform()),
      neck: [0, 0, 0],
      head: [0.1, -0.2, 0],
      joints: Array.from({ length: 6 }, () => [0, random.uniform(), 0] as [number, number, number]),
      shape: Array.from({ length: 68 }, () => random.normal()),
      person: { hair: 'none' },
    },
  };
}
