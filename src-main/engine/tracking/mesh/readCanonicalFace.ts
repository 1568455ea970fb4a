import { AppError } from '#common/contract/errors';

/** Points of the canonical face: MediaPipe's mesh without irises. */
export const CANONICAL_POINT_COUNT = 468;

/** MediaPipe's canonical face: x subject's left, y up, z out of the face, centimetres. */
export interface CanonicalFace {
  /** CANONICAL_POINT_COUNT * 3. */
  readonly positions: Float32Array;
  /** CANONICAL_POINT_COUNT; weight of each point in the rigid alignment, zero for most. */
  readonly weights: Float32Array;
}

const FLOATS_PER_VERTEX = 5;

/**
 * Reads geometry_pipeline_metadata_landmarks.binarypb. Field 1 is the mesh (in it 3: vertices as x, y, z, u,
 * v floats, 4: triangles), field 2 repeated: landmark number and its Procrustes weight.
 * @throws AppError model.unsupported when the counts are not the canonical face's.
 */
export function readCanonicalFace(bytes: Uint8Array): CanonicalFace {
  const vertices: number[] = [];
  const weights = new Float32Array(CANONICAL_POINT_COUNT);
  forEachField(bytes, (field, value) => {
    if (field === 1 && value instanceof Uint8Array) {
      forEachField(value, (inner, number) => {
        if (inner === 3 && typeof number === 'number') vertices.push(number);
      });
    }
    if (field === 2 && value instanceof Uint8Array) {
      let landmark = 0;
      let weight = 0;
      forEachField(value, (inner, number) => {
        if (inner === 1) landmark = Number(number);
        if (inner === 2) weight = Number(number);
      });
      weights[landmark] = weight;
    }
  });
  if (vertices.length !== CANONICAL_POINT_COUNT * FLOATS_PER_VERTEX) {
    throw new AppError(
      'model.unsupported',
      `The canonical face holds ${vertices.length / FLOATS_PER_VERTEX} vertices; ${CANONICAL_POINT_COUNT} were expected.`,
    );
  }
  const positions = new Float32Array(CANONICAL_POINT_COUNT * 3);
  for (let index = 0; index < CANONICAL_POINT_COUNT; index++) {
    positions.set(vertices.slice(index * FLOATS_PER_VERTEX, index * FLOATS_PER_VERTEX + 3), index * 3);
  }
  return { positions, weights };
}

/** Walks the fields of one protobuf message: varints and 32-bit floats as numbers, the rest as bytes. */
function forEachField(bytes: Uint8Array, visit: (field: number, value: number | Uint8Array) => void): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = view.getUint8(at++);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  try {
    while (at < bytes.length) {
      const tag = readVarint();
      const wireType = tag & 7;
      if (wireType === 0) visit(tag >>> 3, readVarint());
      else if (wireType === 5) {
        visit(tag >>> 3, view.getFloat32(at, true));
        at += 4;
      } else if (wireType === 2) {
        const length = readVarint();
        visit(tag >>> 3, bytes.subarray(at, at + length));
        at += length;
      } else throw new RangeError(`wire type ${wireType}`);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AppError('model.unsupported', 'The canonical face file is damaged.', { cause: error });
  }
}
