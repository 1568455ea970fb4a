import { AppError } from '#common/contract/errors';
import type { GeometryLayout } from '#common/project/avatarManifest';
import type { AvatarGeometry, SparseDelta } from '#common/rig/avatarGeometry';

/**
 * `geometry.bin`: little-endian arrays without headers, each starting at a multiple of four bytes, in this
 * order; the counts are in the manifest (GeometryLayout).
 *
 *   positions    float32  vertexCount * 3     metres
 *   uvs          float32  vertexCount * 2
 *   skinWeights  float32  vertexCount * 4
 *   indices      uint32   indexCount
 *   skinJoints   uint8    vertexCount * 4
 *   then for each morph and each corrective:
 *     vertices   uint32   count               rising; stored as the gap to the one before
 *     deltas     int16    count * 3           metres / step
 *
 * Base arrays are exact. Deltas are rounded to half a step, which is below a thirty-thousandth of the
 * morph's largest displacement; steps are powers of two, so storing a loaded avatar changes nothing.
 */
export interface EncodedGeometry {
  readonly layout: GeometryLayout;
  readonly bytes: Uint8Array;
}

const INT16_MAXIMUM = 32767;
const SMALLEST_STEP = 2 ** -40;

export function encodeGeometry(geometry: AvatarGeometry): EncodedGeometry {
  const sparse = [...geometry.morphs, ...geometry.correctives];
  const steps = sparse.map(stepFor);
  const layout: GeometryLayout = {
    vertexCount: geometry.positions.length / 3,
    indexCount: geometry.indices.length,
    parts: geometry.parts.map((part) => ({ ...part })),
    joints: geometry.joints.map(({ name, parent, position }) => ({ name, parent, position: [...position] })),
    morphs: geometry.morphs.map(({ name, vertices }, index) => ({
      name,
      count: vertices.length,
      step: steps[index],
    })),
    correctives: geometry.correctives.map(({ name, vertices, drivers }, index) => ({
      name,
      count: vertices.length,
      step: steps[geometry.morphs.length + index],
      drivers: drivers.map((driver) => ({ ...driver })),
    })),
  };
  const writer = createCursor(new Uint8Array(byteLength(layout)));
  writer.putFloats(geometry.positions);
  writer.putFloats(geometry.uvs);
  writer.putFloats(geometry.skinWeights);
  writer.putIntegers(geometry.indices);
  writer.putBytes(geometry.skinJoints);
  sparse.forEach((delta, index) => writer.putSparse(delta, steps[index]));
  return { layout, bytes: writer.bytes };
}

/** @throws AppError `avatar.damaged` when lengths, ranges or values cannot be a geometry. */
export function decodeGeometry(bytes: Uint8Array, layout: GeometryLayout): AvatarGeometry {
  const expected = byteLength(layout);
  if (bytes.length !== expected) {
    throw damaged(`the geometry has ${bytes.length} bytes instead of ${expected}`);
  }
  const { vertexCount, indexCount } = layout;
  // Not `slice`, which for a Node Buffer is a view: reading turns gaps into indices in place.
  const reader = createCursor(new Uint8Array(bytes));
  const positions = reader.takeFloats(vertexCount * 3);
  const uvs = reader.takeFloats(vertexCount * 2);
  const skinWeights = reader.takeFloats(vertexCount * 4);
  const indices = reader.takeIntegers(indexCount);
  const skinJoints = reader.takeBytes(vertexCount * 4);
  const morphs = layout.morphs.map(({ name, count, step }) => ({
    name,
    ...reader.takeSparse(count, step, vertexCount),
  }));
  const correctives = layout.correctives.map(({ name, count, step, drivers }) => ({
    name,
    drivers,
    ...reader.takeSparse(count, step, vertexCount),
  }));
  checkRanges(layout);
  checkBelow(indices, vertexCount, 'a triangle names a missing vertex');
  checkBelow(skinJoints, layout.joints.length, 'a vertex names a missing joint');
  for (const values of [positions, uvs, skinWeights]) checkFinite(values);
  return {
    positions,
    uvs,
    indices,
    parts: layout.parts,
    joints: layout.joints,
    skinJoints,
    skinWeights,
    morphs,
    correctives,
  };
}

function stepFor({ deltas }: SparseDelta): number {
  let largest = 0;
  for (const value of deltas) largest = Math.max(largest, Math.abs(value));
  let step = SMALLEST_STEP;
  while (step * INT16_MAXIMUM < largest) step *= 2;
  return step;
}

const padded = (bytes: number): number => (bytes + 3) & ~3;

function byteLength(layout: GeometryLayout): number {
  const sparse = [...layout.morphs, ...layout.correctives];
  const base = layout.vertexCount * (3 + 2 + 4) * 4 + layout.indexCount * 4 + layout.vertexCount * 4;
  return sparse.reduce((sum, { count }) => sum + count * 4 + padded(count * 6), base);
}

/** Walks over `bytes`, which must start at the beginning of its buffer. Platforms we run on are little-endian. */
function createCursor(bytes: Uint8Array) {
  const { buffer } = bytes;
  let at = 0;
  const advance = (length: number): number => {
    const start = at;
    at += padded(length);
    return start;
  };
  return {
    bytes,
    putFloats(values: Float32Array): void {
      new Float32Array(buffer, advance(values.byteLength), values.length).set(values);
    },
    putIntegers(values: Uint32Array): void {
      new Uint32Array(buffer, advance(values.byteLength), values.length).set(values);
    },
    putBytes(values: Uint8Array): void {
      bytes.set(values, advance(values.byteLength));
    },
    putSparse({ vertices, deltas }: SparseDelta, step: number): void {
      const gaps = new Uint32Array(buffer, advance(vertices.byteLength), vertices.length);
      for (let i = 0; i < gaps.length; i++) gaps[i] = vertices[i] - (i === 0 ? 0 : vertices[i - 1]);
      const stored = new Int16Array(buffer, advance(deltas.length * 2), deltas.length);
      for (let i = 0; i < stored.length; i++) stored[i] = Math.round(deltas[i] / step);
    },
    takeFloats: (length: number) => new Float32Array(buffer, advance(length * 4), length),
    takeIntegers: (length: number) => new Uint32Array(buffer, advance(length * 4), length),
    takeBytes: (length: number) => new Uint8Array(buffer, advance(length), length),
    takeSparse(count: number, step: number, vertexCount: number): SparseDelta {
      const vertices = new Uint32Array(buffer, advance(count * 4), count);
      // Gaps are checked one by one first: a huge one would wrap around and hide in the sum.
      checkBelow(vertices, vertexCount, 'a morph names a missing vertex');
      for (let i = 1; i < count; i++) {
        if (vertices[i] === 0) throw damaged('a morph names a vertex twice');
        vertices[i] += vertices[i - 1];
      }
      checkBelow(vertices, vertexCount, 'a morph names a missing vertex');
      const stored = new Int16Array(buffer, advance(count * 6), count * 3);
      const deltas = Float32Array.from(stored, (value) => value * step);
      return { vertices, deltas };
    },
  };
}

function checkRanges({ parts, joints, vertexCount, indexCount }: GeometryLayout): void {
  for (const part of parts) {
    const fits =
      part.firstIndex + part.indexCount <= indexCount && part.firstVertex + part.vertexCount <= vertexCount;
    if (!fits) throw damaged(`the part "${part.name}" reaches beyond the mesh`);
  }
  joints.forEach(({ name, parent }, index) => {
    if (parent >= index) throw damaged(`the joint "${name}" comes before its parent`);
  });
}

function checkBelow(values: Uint32Array | Uint8Array, limit: number, what: string): void {
  for (const value of values) if (value >= limit) throw damaged(what);
}

function checkFinite(values: Float32Array): void {
  for (const value of values)
    if (!Number.isFinite(value)) throw damaged('the mesh holds values that are not numbers');
}

function damaged(what: string): AppError {
  return new AppError('avatar.damaged', `The avatar file is damaged: ${what}.`);
}
