import type { HeadModel } from '#common/head/headModel';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import type { HeadPiece, PieceFollow } from '#common/synthetic/heads/syntheticHead';
import { norm, norm2, norm3 } from '#common/math/portableMath';

/** What fills one cell: a point of a piece. */
interface Filling {
  readonly piece: number;
  /** A vertex of the piece near the cell's centre. */
  readonly vertex: number;
  readonly distance: number;
  readonly rank: number;
}

const SIDE = 4096;
const HALF = SIDE / 2;

const keyOf = (x: number, y: number, z: number): number => ((x + HALF) * SIDE + (y + HALF)) * SIDE + z + HALF;

/** Six sides: direction and the four corners (0 or 1 along each axis), counter-clockwise from outside. */
const FACES: readonly (readonly [number, number, number, readonly number[]])[] = [
  [1, 0, 0, [1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1]],
  [-1, 0, 0, [0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0]],
  [0, 1, 0, [0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0]],
  [0, -1, 0, [0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1]],
  [0, 0, 1, [0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1]],
  [0, 0, -1, [1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0]],
];

/**
 * Rebuilds pieces of cubes: every cell of a regular grid that a surface passes becomes a cube of that surface's material,
 * carried stiffly by the vertex nearest to its centre, so cubes move with joints, jaw, lids and eyes. All corners
 * of a cube share one canonical place: whatever a pattern paints there colours the whole cube.
 *
 * @param surface the person's skin at rest
 */
export function blockPieces(
  pieces: readonly HeadPiece[],
  size: number,
  model: HeadModel,
  surface: Float32Array,
): HeadPiece[] {
  const cell = size * MILLIMETRE;
  const cells = fillCells(pieces, cell);
  const frames = stableFrames(model, surface);
  return pieces.flatMap((piece, index) => {
    const cubes = cubesOf(cells, index, cell, piece);
    if (cubes.vertices.length === 0) return [];
    const canonical = new Float32Array(cubes.rest.length);
    cubes.vertices.forEach((vertex, i) =>
      canonical.set(piece.canonical.subarray(vertex * 3, vertex * 3 + 3), i * 3),
    );
    const uvs = Float32Array.from(cubes.vertices.flatMap((v) => [piece.uvs[v * 2], piece.uvs[v * 2 + 1]]));
    return [
      {
        ...piece,
        layer: 'solid' as const,
        rest: cubes.rest,
        indices: cubes.indices,
        canonical,
        uvs,
        follow: followOf(piece, cubes, frames, surface),
      },
    ];
  });
}

/** Centre of the mean head's left eye opening, metres. */
const EYE_OPENING = { x: 0.033, y: 0.027, halfWidth: 0.0125, halfHeight: 0.0045, frontZ: 0.085 };

/** What is seen of the eyes before lids, what is worn before the skin, the mouth's inside last. */
function rankOf({ part, canonical }: HeadPiece, vertex: number): number {
  if (part === 'eye') {
    const x = Math.abs(canonical[vertex * 3]) - EYE_OPENING.x;
    const y = canonical[vertex * 3 + 1] - EYE_OPENING.y;
    const isSeen =
      canonical[vertex * 3 + 2] > EYE_OPENING.frontZ &&
      norm2(x / EYE_OPENING.halfWidth, y / EYE_OPENING.halfHeight) < 1;
    if (isSeen) return 3;
    // Only what a glance can bring into the opening: the rest of the ball would shine through gaps above it.
    return Math.abs(x) < 0.02 && Math.abs(y) < 0.009 ? 0 : -1;
  }
  if (part === 'skin') return 1;
  return part === 'teeth' || part === 'tongue' || part === 'mouthCavity' ? 0 : 2;
}

function fillCells(pieces: readonly HeadPiece[], cell: number): Map<number, Filling> {
  const cells = new Map<number, Filling>();
  const visit = (piece: number, vertex: number, x: number, y: number, z: number): void => {
    const ix = Math.floor(x / cell);
    const iy = Math.floor(y / cell);
    const iz = Math.floor(z / cell);
    const distance = norm3(x / cell - ix - 0.5, y / cell - iy - 0.5, z / cell - iz - 0.5);
    const rank = rankOf(pieces[piece], vertex);
    if (rank < 0) return;
    const key = keyOf(ix, iy, iz);
    const old = cells.get(key);
    if (old && (old.rank > rank || (old.rank === rank && old.distance <= distance))) return;
    cells.set(key, { piece, vertex, distance, rank });
  };
  pieces.forEach(({ rest, indices }, piece) => {
    for (let k = 0; k < indices.length; k += 3) {
      const corners = [indices[k], indices[k + 1], indices[k + 2]];
      const steps = stepsOf(rest, corners, cell);
      for (let i = 0; i <= steps; i++)
        for (let j = 0; i + j <= steps; j++) {
          const w = [i / steps, j / steps, 1 - (i + j) / steps];
          const largest = w[0] >= w[1] && w[0] >= w[2] ? 0 : w[1] >= w[2] ? 1 : 2;
          const at = (c: number): number => corners.reduce((sum, v, n) => sum + w[n] * rest[v * 3 + c], 0);
          visit(piece, corners[largest], at(0), at(1), at(2));
        }
    }
  });
  return cells;
}

function stepsOf(rest: Float32Array, [a, b, c]: readonly number[], cell: number): number {
  const edge = (p: number, q: number): number =>
    norm3(rest[p * 3] - rest[q * 3], rest[p * 3 + 1] - rest[q * 3 + 1], rest[p * 3 + 2] - rest[q * 3 + 2]);
  return Math.max(1, Math.ceil((Math.max(edge(a, b), edge(b, c), edge(c, a)) / cell) * 2));
}

interface Cubes {
  readonly rest: Float32Array;
  readonly indices: Uint32Array;
  /** The piece's vertex that carries each corner. */
  readonly vertices: number[];
}

/** Corners of the plate behind each cube of the face, in cells from its middle: what gaps of expressions are closed with. */
const BACKING = [
  [-1.1, -1.2],
  [1.1, -1.2],
  [1.1, 1.2],
  [-1.1, 1.2],
] as const;
/** Cells behind the cube's front; less, and plates would cover what lies deeper on slopes. */
const BACKING_DEPTH = 2.1;

/** Where gaps are meant: plates would close the open mouth. */
function isAtMouth(x: number, y: number): boolean {
  return Math.abs(x) < 0.034 && y > -0.075 && y < -0.028;
}

function cubesOf(cells: Map<number, Filling>, piece: number, cell: number, { part }: HeadPiece): Cubes {
  const rest: number[] = [];
  const indices: number[] = [];
  const vertices: number[] = [];
  for (const [key, filling] of cells) {
    if (filling.piece !== piece) continue;
    const z = (key % SIDE) - HALF;
    const y = (Math.floor(key / SIDE) % SIDE) - HALF;
    const x = Math.floor(key / SIDE / SIDE) - HALF;
    // Cubes of lids, lips and jaw part from their neighbours when they move, so there all sides are kept.
    const isFace = part === 'skin' && z * cell > 0.05 && y * cell > -0.1 && y * cell < 0.06;
    const isLoose = isFace || part === 'eye' || part === 'mouthCavity';
    for (const [dx, dy, dz, corners] of FACES) {
      if (!isLoose && cells.has(keyOf(x + dx, y + dy, z + dz))) continue;
      if (isLoose && dz !== 0 && cells.has(keyOf(x, y, z + dz))) continue;
      const first = vertices.length;
      for (let c = 0; c < 12; c += 3) {
        rest.push((x + corners[c]) * cell, (y + corners[c + 1]) * cell, (z + corners[c + 2]) * cell);
        vertices.push(filling.vertex);
      }
      indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
    }
    if (!isFace || isAtMouth(x * cell, y * cell)) continue;
    const first = vertices.length;
    for (const [cx, cy] of BACKING) {
      rest.push((x + 0.5 + cx) * cell, (y + 0.5 + cy) * cell, (z + 1 - BACKING_DEPTH) * cell);
      vertices.push(filling.vertex);
    }
    indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
  }
  return { rest: Float32Array.from(rest), indices: Uint32Array.from(indices), vertices };
}

/** For each vertex of the model two far, firm vertices of its own body part: cubes must not turn with every wrinkle. */
type StableFrames = (vertex: number) => readonly [number, number];

/** Canonical places of firm pairs: ear to ear, crown to nape; shoulder to shoulder, chest to back. */
const HEAD_PAIRS = [
  [[0.078, 0.02, -0.02], [-0.078, 0.02, -0.02]],
  [[0, 0.143, 0], [0, -0.02, -0.1]],
] as const; // prettier-ignore
const BODY_PAIRS = [
  [[0.2, -0.17, -0.04], [-0.2, -0.17, -0.04]],
  [[0, -0.21, 0.06], [0, -0.16, -0.12]],
] as const; // prettier-ignore

function stableFrames(model: HeadModel, surface: Float32Array): StableFrames {
  const head = HEAD_PAIRS.map((pair) => pair.map((place) => nearestVertex(model, place)));
  const body = BODY_PAIRS.map((pair) => pair.map((place) => nearestVertex(model, place)));
  const headJoints = model.joints.flatMap(({ name }, index) =>
    name === 'root' || name === 'neck' ? [] : [index],
  );
  return (vertex) => {
    let ofHead = 0;
    for (let slot = vertex * 4; slot < vertex * 4 + 4; slot++)
      if (headJoints.includes(model.skinJoints[slot])) ofHead += model.skinWeights[slot];
    const [first, second] = ofHead > 0.5 ? head : body;
    const [a, b] =
      distanceToLine(surface, vertex, first) > distanceToLine(surface, vertex, second) ? first : second;
    return [a, b];
  };
}

function nearestVertex({ template, parts }: HeadModel, [x, y, z]: readonly [number, number, number]): number {
  let best = 0;
  let nearest = Infinity;
  for (let v = parts[0].firstVertex; v < parts[0].firstVertex + parts[0].vertexCount; v++) {
    const distance = norm3(template[v * 3] - x, template[v * 3 + 1] - y, template[v * 3 + 2] - z);
    if (distance < nearest) {
      nearest = distance;
      best = v;
    }
  }
  return best;
}

function distanceToLine(surface: Float32Array, vertex: number, [a, b]: readonly number[]): number {
  const at = (v: number, c: number): number => surface[v * 3 + c];
  const d = [0, 1, 2].map((c) => at(b, c) - at(a, c));
  const p = [0, 1, 2].map((c) => at(vertex, c) - at(a, c));
  const cross = [d[1] * p[2] - d[2] * p[1], d[2] * p[0] - d[0] * p[2], d[0] * p[1] - d[1] * p[0]];
  return norm(cross) / (norm(d) + 1e-9);
}

function followOf(
  { follow }: HeadPiece,
  { rest, vertices }: Cubes,
  frames: StableFrames,
  surface: Float32Array,
): PieceFollow {
  if (follow.kind === 'joints') {
    const shares = Float32Array.from(vertices.flatMap((v) => [...follow.shares.subarray(v * 3, v * 3 + 3)]));
    return { kind: 'joints', shares };
  }
  const corners = new Uint32Array(rest.length);
  const weights = new Float32Array(rest.length);
  vertices.forEach((v, i) => {
    const carrier = follow.kind === 'model' ? follow.firstVertex + v : follow.binding.corners[v * 3];
    const [a, b] = frames(carrier);
    corners.set([a, b, carrier], i * 3);
    weights[i * 3 + 2] = 1;
  });
  return { kind: 'surface', binding: bindToSurface(rest, { corners, weights }, surface) };
}
