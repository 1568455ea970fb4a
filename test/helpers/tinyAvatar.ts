import { canonicalCamera } from '#common/camera/canonicalCamera';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import { createFloatImage, createRgbaImage } from '#common/image/rasterImage';
import type { RgbaImage } from '#common/image/rasterImage';
import type { Avatar } from '#common/rig/avatar';
import type { AvatarGeometry, AvatarJoint, AvatarPart, SparseMorph } from '#common/rig/avatarGeometry';
import { neutralPose } from '#common/rig/rigPose';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';

const ATLAS_WIDTH = 64;
const ATLAS_HEIGHT = 32;
const CROP_SIZE = 32;
const HEAD = 2; // joint indices, see JOINTS
const EYE_LEFT = 4;
const EYE_RIGHT = 5;

const JOINTS: readonly AvatarJoint[] = [
  { name: 'root', parent: -1, position: [0, -0.2, -0.02] },
  { name: 'neck', parent: 0, position: [0, -0.12, -0.02] },
  { name: 'head', parent: 1, position: [0, -0.05, -0.01] },
  { name: 'jaw', parent: 2, position: [0, -0.03, 0.02] },
  { name: 'eyeLeft', parent: 2, position: [0.03, 0.03, 0.06] },
  { name: 'eyeRight', parent: 2, position: [-0.03, 0.03, 0.06] },
];

/** Outward normal, then the directions of rising u and rising v (down in the texture) of each box side. */
const SIDES = [
  { normal: [0, 0, 1], u: [1, 0, 0], v: [0, -1, 0] },
  { normal: [0, 0, -1], u: [-1, 0, 0], v: [0, -1, 0] },
  { normal: [1, 0, 0], u: [0, 0, -1], v: [0, -1, 0] },
  { normal: [-1, 0, 0], u: [0, 0, 1], v: [0, -1, 0] },
  { normal: [0, 1, 0], u: [1, 0, 0], v: [0, 0, 1] },
  { normal: [0, -1, 0], u: [1, 0, 0], v: [0, 0, -1] },
] as const;

interface MeshLists {
  readonly positions: number[];
  readonly uvs: number[];
  readonly indices: number[];
  readonly joints: number[];
  readonly parts: AvatarPart[];
}

/**
 * A small valid avatar for tests: a box for a head (54 vertices), two quads for eyes, a box of shoulders as
 * the shell; 52 morphs of one to nine vertices each, one corrective, six joints. Atlas 64 x 32 in eight cells
 * of 16 pixels, one colour each; crop, matte and plate 32 x 32. Every call builds a new one.
 */
export function tinyAvatar(name = 'Tiny'): Avatar {
  const geometry = tinyGeometry();
  return {
    name,
    geometry,
    atlas: tinyAtlas(),
    source: {
      crop: checkers(CROP_SIZE, [200, 150, 120], [180, 130, 100]),
      matte: tinyMatte(),
      plate: checkers(CROP_SIZE, [40, 60, 90], [50, 70, 110]),
      camera: canonicalCamera({ yaw: 0.1 }),
      pose: neutralPose(),
      observation: tinyObservation(),
    },
    fit: { identity: Float32Array.from([0.5, -1.25, 0, 2]), residual: 0.0125, headModelVersion: 1 },
  };
}

/** The geometry of `tinyAvatar`. */
export function tinyGeometry(): AvatarGeometry {
  const lists: MeshLists = { positions: [], uvs: [], indices: [], joints: [], parts: [] };
  addPart(lists, 'skin', () => {
    SIDES.forEach((_, side) =>
      addSide(lists, side, {
        size: [0.075, 0.11, 0.08],
        centre: [0, 0, 0],
        cell: side,
        joint: HEAD,
        steps: 2,
      }),
    );
  });
  addPart(lists, 'eyeLeft', () => {
    addSide(lists, 0, {
      size: [0.012, 0.008, 0.002],
      centre: [0.03, 0.03, 0.08],
      cell: 6,
      joint: EYE_LEFT,
      steps: 1,
    });
  });
  addPart(lists, 'eyeRight', () => {
    addSide(lists, 0, {
      size: [0.012, 0.008, 0.002],
      centre: [-0.03, 0.03, 0.08],
      cell: 6,
      joint: EYE_RIGHT,
      steps: 1,
    });
  });
  addPart(lists, 'shell', () => {
    SIDES.forEach((_, side) =>
      addSide(lists, side, {
        size: [0.18, 0.06, 0.06],
        centre: [0, -0.19, -0.02],
        cell: 7,
        joint: 0,
        steps: 1,
      }),
    );
  });
  const vertexCount = lists.positions.length / 3;
  const skinJoints = new Uint8Array(vertexCount * 4);
  const skinWeights = new Float32Array(vertexCount * 4);
  lists.joints.forEach((joint, vertex) => {
    skinJoints[vertex * 4] = joint;
    skinWeights[vertex * 4] = 1;
  });
  return {
    positions: Float32Array.from(lists.positions),
    uvs: Float32Array.from(lists.uvs),
    indices: Uint32Array.from(lists.indices),
    parts: lists.parts,
    joints: JOINTS,
    skinJoints,
    skinWeights,
    morphs: tinyMorphs(),
    correctives: [
      {
        name: 'mouthClose*jawOpen',
        drivers: [
          { channel: 'mouthClose', shape: 'linear' },
          { channel: 'jawOpen', shape: 'linear' },
        ],
        vertices: Uint32Array.of(6, 7, 8),
        deltas: Float32Array.of(0, 0.004, 0, 0, 0.004, 0, 0, 0.004, 0),
      },
    ],
  };
}

function addPart(lists: MeshLists, name: AvatarPart['name'], build: () => void): void {
  const firstIndex = lists.indices.length;
  const firstVertex = lists.positions.length / 3;
  build();
  lists.parts.push({
    name,
    firstIndex,
    indexCount: lists.indices.length - firstIndex,
    firstVertex,
    vertexCount: lists.positions.length / 3 - firstVertex,
  });
}

interface SideOptions {
  /** Half extents and centre, metres. */
  readonly size: readonly [number, number, number];
  readonly centre: readonly [number, number, number];
  /** Atlas cell, 0 to 7, row by row. */
  readonly cell: number;
  readonly joint: number;
  readonly steps: number;
}

function addSide(lists: MeshLists, side: number, options: SideOptions): void {
  const { normal, u, v } = SIDES[side];
  const { size, centre, cell, steps } = options;
  const first = lists.positions.length / 3;
  for (let row = 0; row <= steps; row++) {
    for (let column = 0; column <= steps; column++) {
      const s = (2 * column) / steps - 1;
      const t = (2 * row) / steps - 1;
      for (let axis = 0; axis < 3; axis++) {
        lists.positions.push(centre[axis] + size[axis] * (normal[axis] + s * u[axis] + t * v[axis]));
      }
      // One texel of margin to the neighbouring cell.
      lists.uvs.push(
        ((cell % 4) * 16 + 8 + s * 7) / ATLAS_WIDTH,
        (Math.floor(cell / 4) * 16 + 8 + t * 7) / ATLAS_HEIGHT,
      );
      lists.joints.push(options.joint);
    }
  }
  const stride = steps + 1;
  for (let row = 0; row < steps; row++) {
    for (let column = 0; column < steps; column++) {
      const corner = first + row * stride + column;
      lists.indices.push(
        corner,
        corner + stride,
        corner + 1,
        corner + 1,
        corner + stride,
        corner + stride + 1,
      );
    }
  }
}

/** jawOpen drops the lower front row, eye-look channels move their eye, the others nudge one head vertex each. */
function tinyMorphs(): SparseMorph[] {
  return ARKIT_CHANNELS.map((name, channel) => {
    if (name === 'jawOpen') {
      return {
        name,
        vertices: Uint32Array.of(6, 7, 8),
        deltas: Float32Array.of(0, -0.02, 0, 0, -0.02, 0, 0, -0.02, 0),
      };
    }
    if (name.startsWith('eyeLook')) {
      const first = name.endsWith('Left') ? 54 : 58;
      const dx = name.includes('Out') === name.endsWith('Left') ? 0.004 : -0.004;
      const dy = name.includes('Up') ? 0.003 : -0.003;
      const delta = name.includes('Up') || name.includes('Down') ? [0, dy, 0] : [dx, 0, 0];
      return {
        name,
        vertices: Uint32Array.from({ length: 4 }, (_, index) => first + index),
        deltas: Float32Array.from({ length: 12 }, (_, index) => delta[index % 3]),
      };
    }
    return { name, vertices: Uint32Array.of(channel), deltas: Float32Array.of(0, 0, 0.001 + channel * 1e-4) };
  });
}

const CELL_COLOURS = [
  [220, 170, 140], [90, 60, 40], [200, 120, 110], [120, 140, 200],
  [80, 50, 30], [160, 120, 100], [240, 240, 240], [60, 120, 80],
] as const; // prettier-ignore

function tinyAtlas(): RgbaImage {
  const atlas = createRgbaImage(ATLAS_WIDTH, ATLAS_HEIGHT);
  for (let y = 0; y < ATLAS_HEIGHT; y++) {
    for (let x = 0; x < ATLAS_WIDTH; x++) {
      const colour = CELL_COLOURS[Math.floor(y / 16) * 4 + Math.floor(x / 16)];
      atlas.data.set([...colour, 255], (y * ATLAS_WIDTH + x) * 4);
    }
  }
  return atlas;
}

function checkers(size: number, first: readonly number[], second: readonly number[]): RgbaImage {
  const image = createRgbaImage(size, size);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const isFirst = ((pixel % size) >> 2) + (Math.floor(pixel / size) >> 2);
    image.data.set([...(isFirst % 2 === 0 ? first : second), 255], pixel * 4);
  }
  return image;
}

function tinyMatte(): Avatar['source']['matte'] {
  const matte = createFloatImage(CROP_SIZE, CROP_SIZE);
  for (let pixel = 0; pixel < matte.data.length; pixel++) {
    const x = (pixel % CROP_SIZE) + 0.5 - CROP_SIZE / 2;
    const y = Math.floor(pixel / CROP_SIZE) + 0.5 - CROP_SIZE / 2;
    matte.data[pixel] = Math.min(1, Math.max(0, 12 - Math.hypot(x, y)));
  }
  return matte;
}

function tinyObservation(): Avatar['source']['observation'] {
  const landmarks = new Float32Array(LANDMARK_COUNT * 3);
  for (let point = 0; point < LANDMARK_COUNT; point++) {
    const angle = point * 2.4;
    const radius = 8 * Math.sqrt((point + 0.5) / LANDMARK_COUNT);
    landmarks.set([16 + radius * Math.cos(angle), 16 + radius * Math.sin(angle), radius - 8], point * 3);
  }
  return {
    imageWidth: CROP_SIZE,
    imageHeight: CROP_SIZE,
    landmarks,
    confidence: 0.97,
    box: { x: 8, y: 8, width: 16, height: 16 },
    headRotation: Float32Array.of(1, 0, 0, 0, -1, 0, 0, 0, -1),
    origin: 'tracked',
  };
}
