import { ARKIT_CHANNELS, type ArkitChannel } from '#common/head/arkitChannels';
import type { Corrective, HeadModel, HeadPart, HeadPartName, HeadRegion } from '#common/head/headModel';
import { rotationFromEuler } from '#common/rig/eulerRotation';
import { HEAD_JOINTS } from '#test/helpers/aRig';

const EYE_RADIUS = 0.012;
/** Grid of each lid and lip: columns across, rings outwards from the margin. */
export const COLUMNS = 25;
export const RINGS = 6;
/** The lids' grids go on beyond the corners of the eye, where they are sewn together. */
const LID_SPREAD = 1.5;
const JAW_ANGLE = 0.3;

interface Piece {
  readonly name: HeadPartName;
  readonly positions: number[];
  readonly indices: number[];
}

/**
 * A toy head that has all that rigging needs: a lid patch round each eyeball (two grids that meet at the corners),
 * lips that touch at rest, lower teeth and tongue. Every patch has a doubled (welded) seam. Deltas are as rough as a
 * real model's: the lids miss each other on purpose where `sloppy` says by how much (metres).
 */
export function aHeadModel(sloppy = 0): HeadModel {
  const pieces: Piece[] = [
    skinPiece(),
    ...['eyeLeft', 'eyeRight'].map(eyePiece),
    ...['teethLower', 'tongue'].map(boxPiece),
  ];
  const positions = pieces.flatMap((piece) => piece.positions);
  const vertexCount = positions.length / 3;
  const parts: HeadPart[] = [];
  const indices: number[] = [];
  for (const piece of pieces) {
    const firstVertex = parts.reduce((sum, part) => sum + part.vertexCount, 0);
    parts.push({
      name: piece.name,
      firstIndex: indices.length,
      indexCount: piece.indices.length,
      firstVertex,
      vertexCount: piece.positions.length / 3,
    });
    indices.push(...piece.indices.map((vertex) => vertex + firstVertex));
  }
  const template = Float32Array.from(positions);
  const regions = {} as Record<HeadRegion, Float32Array>;
  for (const name of [
    'face',
    'scalp',
    'ears',
    'neck',
    'shoulders',
    'lips',
    'eyelids',
    'nose',
    'brows',
  ] as const) {
    regions[name] = new Float32Array(vertexCount);
  }
  const skinJoints = new Uint8Array(vertexCount * 4).fill(2);
  const skinWeights = new Float32Array(vertexCount * 4).map((_, k) => (k % 4 === 0 ? 1 : 0));
  return {
    version: 1,
    vertexCount,
    template,
    indices: Uint32Array.from(indices),
    parts,
    uvs: new Float32Array(vertexCount * 2),
    weld: weldByPosition(template, parts),
    mirrorVertex: Uint32Array.from({ length: vertexCount }, (_, vertex) => vertex),
    identity: [],
    expressions: ARKIT_CHANNELS.map((name) => ({
      name,
      delta: expressionDelta(name, template, parts, sloppy),
    })),
    correctives: [] as Corrective[],
    joints: HEAD_JOINTS,
    skinJoints,
    skinWeights,
    ...landmarks(),
    regions,
  };
}

/** Order of the skin's grids: per eye upper and lower lid, then upper and lower lip. */
const GRID = COLUMNS * RINGS;
const EYES = [HEAD_JOINTS[4].position, HEAD_JOINTS[5].position];

function skinPiece(): Piece {
  const positions: number[] = [];
  for (const eye of EYES) {
    for (const up of [1, -1]) positions.push(...lidGrid(eye, up));
  }
  for (const up of [1, -1]) positions.push(...lipGrid(up));
  const indices: number[] = [];
  for (let grid = 0; grid < 6; grid++) {
    for (let row = 0; row + 1 < RINGS; row++) {
      for (let column = 0; column + 1 < COLUMNS; column++) {
        const a = grid * GRID + row * COLUMNS + column;
        const quad = [a, a + 1, a + COLUMNS + 1, a, a + COLUMNS + 1, a + COLUMNS];
        indices.push(...(grid % 2 === 0 ? quad : quad.toReversed()));
      }
    }
  }
  return { name: 'skin', positions, indices };
}

const lidColumn = (column: number): number => ((column / (COLUMNS - 1)) * 2 - 1) * LID_SPREAD;
const almond = (u: number): number => Math.max(0, 1 - u * u);

/** Angles of a lid point: the eye is open for azimuths within 40 degrees, the almond grows with the ring. */
function lidGrid(centre: readonly number[], up: number): number[] {
  const out: number[] = [];
  for (let row = 0; row < RINGS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const u = lidColumn(column);
      const elevation = up * ((up > 0 ? 0.42 : 0.25) * almond(u) + row * 0.16);
      out.push(...onEye(centre, 0.7 * u, elevation, EYE_RADIUS + 0.0008 + row * 2e-4));
    }
  }
  return out;
}

function onEye(c: readonly number[], azimuth: number, elevation: number, r: number): number[] {
  const flat = r * Math.cos(elevation);
  return [c[0] + flat * Math.sin(azimuth), c[1] + r * Math.sin(elevation), c[2] + flat * Math.cos(azimuth)];
}

function lipGrid(up: number): number[] {
  const out: number[] = [];
  for (let row = 0; row < RINGS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const u = (column / (COLUMNS - 1)) * 2 - 1;
      out.push(0.025 * u, -0.045 + up * row * 0.004 * (row === 0 ? 0 : 1), 0.1 - 0.012 * u * u);
    }
  }
  return out;
}

function eyePiece(name: string): Piece {
  const centre = name === 'eyeLeft' ? EYES[0] : EYES[1];
  const positions: number[] = [];
  const indices: number[] = [];
  for (let row = 0; row <= 8; row++) {
    for (let column = 0; column <= 12; column++) {
      const polar = (row / 8) * Math.PI;
      const turn = (column / 12) * 2 * Math.PI;
      // The cornea bulges by half a millimetre about the gaze axis.
      const r = EYE_RADIUS + 5e-4 * Math.max(0, Math.cos(polar) - 0.85) * (1 / 0.15);
      positions.push(
        centre[0] + r * Math.sin(polar) * Math.cos(turn),
        centre[1] + r * Math.sin(polar) * Math.sin(turn),
        centre[2] + r * Math.cos(polar),
      );
      if (row < 8 && column < 12) {
        const a = row * 13 + column;
        indices.push(a, a + 13, a + 14, a, a + 14, a + 1);
      }
    }
  }
  return { name: name as HeadPartName, positions, indices };
}

function boxPiece(name: string): Piece {
  const y = name === 'tongue' ? -0.05 : -0.055;
  const positions = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((k) => [
    (k & 1 ? 1 : -1) * 0.018,
    y + (k & 2 ? 0.004 : 0),
    0.06 + (k & 4 ? 0.03 : 0),
  ]);
  return { name: name as HeadPartName, positions, indices: [0, 1, 2, 1, 3, 2, 4, 6, 5, 5, 6, 7] };
}

function weldByPosition(template: Float32Array, parts: readonly HeadPart[]): Uint32Array {
  const first = new Map<string, number>();
  return Uint32Array.from({ length: template.length / 3 }, (_, v) => {
    // Lips touch at rest without being one: only their corners are sewn together.
    const isLip = v >= 4 * GRID && v < parts[0].vertexCount;
    const column = v % COLUMNS;
    const isInner = isLip && column > 0 && column < COLUMNS - 1;
    const point = template.subarray(v * 3, v * 3 + 3).map((x) => Math.round(x * 1e7));
    const key = `${point.join()}${isInner ? `:${Math.floor(v / GRID)}` : ''}`;
    if (!first.has(key)) first.set(key, v);
    return first.get(key)!;
  });
}

function expressionDelta(
  name: ArkitChannel,
  template: Float32Array,
  parts: readonly HeadPart[],
  sloppy: number,
): Float32Array {
  const delta = new Float32Array(template.length);
  const put = (v: number, to: readonly number[]): void => {
    for (let c = 0; c < 3; c++) delta[v * 3 + c] = to[c] - template[v * 3 + c];
  };
  const side = name.endsWith('Left') ? 0 : 1;
  if (name.startsWith('eyeBlink') || name.startsWith('eyeLookDown') || name.startsWith('eyeSquint')) {
    const amount = name.startsWith('eyeBlink') ? 1 : 0.4;
    for (let row = 0; row < RINGS; row++) {
      const fall = 1 - row / (RINGS - 1);
      for (let column = 0; column < COLUMNS; column++) {
        const u = lidColumn(column);
        const v = side * 2 * GRID + row * COLUMNS + column;
        const from = 0.42 * almond(u) + row * 0.16;
        const to = -0.25 * almond(u) + row * 0.16;
        const elevation = from + (to - from) * fall * amount;
        const goal = onEye(EYES[side], 0.7 * u, elevation, EYE_RADIUS + 0.0008 + row * 2e-4);
        goal[1] += sloppy * fall * almond(u);
        if (fall > 0) put(v, goal);
      }
    }
  }
  if (name === 'mouthUpperUpLeft') {
    for (let v = 4 * GRID; v < 5 * GRID; v++)
      put(v, [template[v * 3], template[v * 3 + 1] + 0.004, template[v * 3 + 2] + 0.001]);
  }
  if (name === 'jawOpen' || name === 'mouthClose') lowerFace(name, template, parts, put);
  return delta;
}

function lowerFace(
  name: 'jawOpen' | 'mouthClose',
  template: Float32Array,
  parts: readonly HeadPart[],
  put: (v: number, to: readonly number[]) => void,
): void {
  const jaw = HEAD_JOINTS[3].position;
  const r = rotationFromEuler({ yaw: 0, pitch: JAW_ANGLE, roll: 0 });
  const turn = (v: number, share: number): number[] => {
    const p = [0, 1, 2].map((c) => template[v * 3 + c] - jaw[c]);
    return [0, 1, 2].map((row) => {
      const turned = r[row * 3] * p[0] + r[row * 3 + 1] * p[1] + r[row * 3 + 2] * p[2];
      return jaw[row] + p[row] + (turned - p[row]) * share;
    });
  };
  for (let row = 0; row < RINGS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const u = (column / (COLUMNS - 1)) * 2 - 1;
      const v = 5 * GRID + row * COLUMNS + column;
      if (name === 'jawOpen') put(v, turn(v, 1 - u * u));
      else {
        // Brings the lip most of the way back, as a linear morph does.
        const there = turn(v, (1 - u * u) * 0.8 * (1 - row / RINGS));
        put(
          v,
          there.map((value, c) => 2 * template[v * 3 + c] - value),
        );
      }
    }
  }
  if (name === 'mouthClose') return;
  for (const part of parts) {
    if (part.name !== 'teethLower' && part.name !== 'tongue') continue;
    for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) put(v, turn(v, 1));
  }
}

/** The mouth's landmarks only: corners, lip line and the rims of the lips. */
function landmarks(): Pick<HeadModel, 'landmarkVertices' | 'landmarkWeights'> {
  const landmarkVertices = new Uint32Array(478 * 3);
  const landmarkWeights = new Float32Array(478 * 3);
  const place = (ids: readonly number[], grid: number, row: number): void =>
    ids.forEach((id, k) => {
      const column = Math.round(((k + 1) / (ids.length + 1)) * (COLUMNS - 1));
      landmarkVertices[id * 3] = grid * GRID + row * COLUMNS + column;
      landmarkWeights[id * 3] = 1;
    });
  place([191, 80, 81, 82, 13, 312, 311, 310, 415], 4, 0);
  place([95, 88, 178, 87, 14, 317, 402, 318, 324], 5, 0);
  place([40, 39, 37, 0, 267, 269, 270], 4, 2);
  place([91, 181, 84, 17, 314, 405, 321], 5, 2);
  for (const [id, column] of [[78, 0], [308, COLUMNS - 1]]) {
    landmarkVertices[id * 3] = 4 * GRID + column;
    landmarkWeights[id * 3] = 1;
  } // prettier-ignore
  return { landmarkVertices, landmarkWeights };
}
