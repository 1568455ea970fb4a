import { strFromU8 } from 'fflate';
import { AppError } from '#common/contract/errors';
import type { RecordFile } from '#common/synthetic/dataset/recordFiles';
import { DEPTH_STEP, DRIVING_SIZE, RECORD_FILES } from '#common/synthetic/dataset/recordFiles';
import type { RecordLabels } from '#common/synthetic/dataset/recordLabels';
import { recordLabelsSchema } from '#common/synthetic/dataset/recordLabels';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';

/** Unpacks PNG and WebP at their own depth; throws whatever it likes for what is neither. */
export type PictureDecoder = (file: Uint8Array) => Promise<DecodedPicture>;

export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Interleaved, rows top to bottom; 16-bit pictures keep their depth. */
  readonly data: Uint8Array | Uint16Array;
}

/** A record as a trainer wants it. Arrays are row-major; `size` is the set's, D is DRIVING_SIZE. */
export interface SyntheticRecord {
  /** [size, size, 3], sRGB. */
  readonly color: Uint8Array;
  /** [size, size]. */
  readonly alpha: Uint8Array;
  /** [size, size], SCENE_PARTS index. */
  readonly parts: Uint8Array;
  /** [size, size], metres, Infinity where nothing is. */
  readonly depth: Float32Array;
  /** [size, size, 3], world; 0 where nothing is. Within 1/127 of unit length. */
  readonly normals: Float32Array;
  /** [size, size, 3]: u, v in [0, 1], coverage. */
  readonly uvs: Float32Array;
  /** [D, D, 3]: u, v in [-1, 1], coverage. */
  readonly driving: Float32Array;
  /** [478, 5]. */
  readonly landmarks: Float32Array;
  readonly labels: RecordLabels;
}

interface DecodeOptions {
  readonly decoder: PictureDecoder;
  readonly size: number;
}

const CHANNELS: Readonly<Record<Exclude<RecordFile, 'landmarks' | 'labels'>, 1 | 3>> = {
  color: 3,
  alpha: 1,
  parts: 1,
  depth: 1,
  normals: 3,
  uvs: 3,
  driving: 3,
};

/** @throws AppError dataset.damaged naming record and file */
export async function decodeRecord<Wanted extends RecordFile>(
  key: string,
  files: Readonly<Record<Wanted, Uint8Array>>,
  options: DecodeOptions,
): Promise<Pick<SyntheticRecord, Wanted>> {
  const kinds = Object.keys(files) as Wanted[];
  const decoded = kinds.map(
    async (kind) => [kind, await decodeFile(key, kind, files[kind], options)] as const,
  );
  return Object.fromEntries(await Promise.all(decoded)) as Pick<SyntheticRecord, Wanted>;
}

async function decodeFile(
  key: string,
  kind: RecordFile,
  file: Uint8Array,
  { decoder, size }: DecodeOptions,
): Promise<SyntheticRecord[RecordFile]> {
  const damaged = (problem: string, cause?: unknown): AppError =>
    new AppError('dataset.damaged', `${key}.${RECORD_FILES[kind]} ${problem}.`, { cause });
  if (kind === 'labels') return decodeLabels(file, damaged);
  if (kind === 'landmarks') return decodeLandmarks(file, damaged);
  const picture = await decoder(file).catch((error: unknown) => {
    throw damaged('is no picture', error);
  });
  const side = kind === 'driving' ? DRIVING_SIZE : size;
  const { width, height, channels } = picture;
  if (width !== side || height !== side || channels !== CHANNELS[kind]) {
    throw damaged(`is ${width} x ${height} x ${channels}, not ${side} x ${side} x ${CHANNELS[kind]}`);
  }
  return unpack(kind, picture.data);
}

function unpack(kind: keyof typeof CHANNELS, data: Uint8Array | Uint16Array): Uint8Array | Float32Array {
  switch (kind) {
    case 'color':
    case 'alpha':
    case 'parts':
      return data instanceof Uint8Array ? data : Uint8Array.from(data, (value) => value >> 8);
    case 'depth':
      return Float32Array.from(data, (steps) => (steps === 0 ? Infinity : steps * DEPTH_STEP));
    case 'normals':
      return decodeNormals(data);
    case 'uvs':
      return Float32Array.from(data, (value) => value / 65535);
    case 'driving':
      return Float32Array.from(data, (value, k) => (k % 3 === 2 ? value / 65535 : (value / 65535) * 2 - 1));
  }
}

function decodeNormals(data: Uint8Array | Uint16Array): Float32Array {
  const normals = new Float32Array(data.length);
  for (let k = 0; k < data.length; k += 3) {
    if (data[k] === 0 && data[k + 1] === 0 && data[k + 2] === 0) continue;
    for (let axis = 0; axis < 3; axis++) normals[k + axis] = data[k + axis] / 127.5 - 1;
  }
  return normals;
}

function decodeLabels(
  file: Uint8Array,
  damaged: (problem: string, cause?: unknown) => AppError,
): RecordLabels {
  let value: unknown;
  try {
    value = JSON.parse(strFromU8(file));
  } catch (error) {
    throw damaged('is no JSON', error);
  }
  const parsed = recordLabelsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(`is wrong: ${issue.path.join('.') || 'it'} ${issue.message}`);
}

/** Reads what `encodeNpy` writes: float32, [478, 5]. */
function decodeLandmarks(file: Uint8Array, damaged: (problem: string) => AppError): Float32Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = file.length < 10 ? 0 : 10 + view.getUint16(8, true);
  const shape = `'shape': (${LANDMARK_COUNT}, 5,)`;
  const header = strFromU8(file.subarray(1, start), true);
  const isOurs = header.startsWith('NUMPY') && header.includes("'<f4'") && header.includes(shape);
  if (!isOurs || file.length !== start + LANDMARK_COUNT * 5 * 4) {
    throw damaged(`is no float32 array [${LANDMARK_COUNT}, 5]`);
  }
  return Float32Array.from({ length: LANDMARK_COUNT * 5 }, (_, k) => view.getFloat32(start + k * 4, true));
}
