import { CANONICAL_FOCAL, type PinholeCamera } from '#common/camera/pinholeCamera';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import { createFloatImage, type FloatImage } from '#common/image/rasterImage';
import { CROP_DISTANCE } from '#common/reconstruction/sourceCrop';
import type { FaceZone } from '#common/reconstruction/shell/faceZone';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';

/** A ball of 9 cm as a head, with the front cap as its face zone; jawOpen lowers the cap by 1 cm. */
export function sphereHead(): { head: AvatarGeometry; zone: FaceZone } {
  const rows = 24;
  const columns = 32;
  const radius = 0.09;
  const positions: number[] = [];
  const uvs: number[] = [];
  for (let row = 0; row <= rows; row++) {
    const polar = (Math.PI * row) / rows;
    for (let column = 0; column <= columns; column++) {
      const around = (2 * Math.PI * column) / columns;
      positions.push(
        radius * Math.sin(polar) * Math.sin(around),
        radius * Math.cos(polar),
        radius * Math.sin(polar) * Math.cos(around),
      );
      uvs.push(column / columns, row / rows);
    }
  }
  const kept: number[] = [];
  const replaced: number[] = [];
  const at = (row: number, column: number): number => row * (columns + 1) + column;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const quad = [at(row, column), at(row + 1, column), at(row + 1, column + 1), at(row, column + 1)];
      const triangles = [quad[0], quad[1], quad[2], quad[0], quad[2], quad[3]];
      const isFace = quad.every((vertex) => positions[vertex * 3 + 2] > 0.05);
      (isFace ? kept : replaced).push(...triangles);
    }
  }
  const indices = Uint32Array.from([...kept, ...replaced]);
  const count = positions.length / 3;
  const skinWeights = new Float32Array(count * 4);
  const skinJoints = new Uint8Array(count * 4);
  for (let vertex = 0; vertex < count; vertex++) {
    skinJoints[vertex * 4] = 2;
    skinWeights[vertex * 4] = 1;
  }
  const faceVertices = Uint32Array.from(new Set(kept)).sort();
  const head: AvatarGeometry = {
    positions: Float32Array.from(positions),
    uvs: Float32Array.from(uvs),
    indices,
    parts: [{ name: 'skin', firstIndex: 0, indexCount: indices.length, firstVertex: 0, vertexCount: count }],
    joints: [
      { name: 'root', parent: -1, position: [0, -0.2, -0.03] },
      { name: 'neck', parent: 0, position: [0, -0.14, -0.03] },
      { name: 'head', parent: 1, position: [0, -0.06, -0.02] },
    ],
    skinJoints,
    skinWeights,
    morphs: ARKIT_CHANNELS.map((name) => ({
      name,
      vertices: name === 'jawOpen' ? faceVertices : new Uint32Array(0),
      deltas: Float32Array.from({ length: name === 'jawOpen' ? faceVertices.length * 3 : 0 }, (_, i) =>
        i % 3 === 1 ? -0.01 : 0,
      ),
    })),
    correctives: [],
  };
  return {
    head,
    zone: {
      kept: Uint32Array.from(kept),
      keptSkin: Uint32Array.from(kept),
      replaced: Uint32Array.from(replaced),
    },
  };
}

/** The camera that takes a source crop of a head at the origin. */
export function cropCamera(): PinholeCamera {
  return {
    focal: CANONICAL_FOCAL,
    principalX: 0.5,
    principalY: 0.5,
    rotation: Float64Array.from([1, 0, 0, 0, -1, 0, 0, 0, -1]),
    translation: Float64Array.from([0, 0, CROP_DISTANCE]),
  };
}

/** A person: a disc of hair of `hairRadius` metres around the head and a body below it that leaves the crop. */
export function personMatte(size: number, hairRadius: number): FloatImage {
  const matte = createFloatImage(size, size);
  const pixelsPerMetre = (CANONICAL_FOCAL / CROP_DISTANCE) * size;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const px = (x + 0.5 - size / 2) / pixelsPerMetre;
      const py = (size / 2 - y - 0.5) / pixelsPerMetre;
      const isHair = Math.hypot(px, py) < hairRadius;
      const isBody = py < -0.1 && Math.abs(px) < 0.14;
      matte.data[y * size + x] = isHair || isBody ? 1 : 0;
    }
  }
  return matte;
}
