import { basename } from 'node:path';
import type { ByteSource, FileSource } from '#engine/checkpoints/bytes/ByteSource';
import { openFileSource, sourceOf } from '#engine/checkpoints/bytes/ByteSource';
import { damaged, printable, refused } from '#engine/checkpoints/checkpointErrors';
import { NPY_MAGIC, npyTensor, readNpyHeader } from '#engine/checkpoints/numpy/npyArray';
import { readPickleFile, readTorchZip } from '#engine/checkpoints/torch/torchFiles';
import { readSafetensorsHeader } from '#engine/checkpoints/safetensorsHeader';
import type { TensorEntry } from '#engine/checkpoints/tensorEntry';
import { rangeStorage } from '#engine/checkpoints/torch/storages';
import { readZipDirectory } from '#engine/checkpoints/zip/readZipDirectory';
import type { ZipMember } from '#engine/checkpoints/zip/readZipDirectory';
import { memberStorage, peekMember } from '#engine/checkpoints/zip/zipContents';

export type CheckpointFormat = 'safetensors' | 'torch' | 'torch before 1.6' | 'pickle' | 'npy' | 'npz';

/** What a file of weights holds, none of it loaded. */
export interface CheckpointContents {
  readonly format: CheckpointFormat;
  readonly tensors: readonly TensorEntry[];
  /** Tensors that are left out, each with its reason. */
  readonly skipped: readonly string[];
  /** Names of Python's that the file mentions and this program does not know; they stayed names. */
  readonly inertClasses: ReadonlyMap<string, number>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** An open file of weights; `close` it. */
export interface Checkpoint extends CheckpointContents {
  readonly bytes: number;
  close(): void;
}

/** A `.npy` header and a bit, for those inside archives. */
const NPY_PEEK = 80_000;
/** Of all `.npy` entries together, compressed ones must be unpacked to be looked at. */
const LARGEST_NPZ_ENTRY = 8e9;

/**
 * Opens a file of weights, whatever its ending says: safetensors, torch zip, torch before 1.6, StyleGAN and other
 * pickles, npy, npz. Nothing in it is ever executed; see this folder's README.
 *
 * @throws AppError input.fileNotFound, input.unreadable, checkpoint.damaged, checkpoint.refused
 */
export function openCheckpoint(path: string): Checkpoint {
  const source = openFileSource(path, basename(path));
  try {
    return { ...readContents(source), bytes: source.size, close: () => source.close() };
  } catch (error) {
    source.close();
    throw error;
  }
}

/** As `openCheckpoint`, for bytes that are open already. */
export function readContents(source: ByteSource | FileSource): CheckpointContents {
  const head = source.read(0, Math.min(source.size, 512));
  if (head.length < 4) throw damaged(`it has only ${head.length} bytes`);
  if (startsWith(head, [0x50, 0x4b, 3, 4])) return readArchive(source);
  if (startsWith(head, NPY_MAGIC)) {
    const file = rangeStorage('npy', { source, offset: 0, length: source.size });
    return plain('npy', [npyTensor('value', readNpyHeader(source), file)]);
  }
  if (startsWith(head, [0x50, 0x4b])) throw damaged('its archive does not begin with an entry');
  if (isTar(head)) throw refused('it is a tar archive, as torch wrote before 2017; save it again with a newer torch');
  if (isHdf5(head)) throw refused('it is an HDF5 file, which is not understood');
  if (looksLikeSafetensors(source, head)) {
    const { tensors, metadata } = readSafetensorsHeader(source);
    return { ...plain('safetensors', tensors), metadata };
  }
  return { metadata: {}, ...readPickleFile(source) };
} // prettier-ignore

function readArchive(source: ByteSource): CheckpointContents {
  const members = readZipDirectory(source);
  const pickles = members.filter(({ name }) => name === 'data.pkl' || name.endsWith('/data.pkl'));
  if (pickles.length > 1) throw refused('its archive holds more than one data.pkl');
  if (pickles.length === 1) return { metadata: {}, ...readTorchZip(source, members, pickles[0]) };
  const arrays = members.filter(({ name }) => name.endsWith('.npy'));
  if (arrays.length > 0) return plain('npz', arrays.map((member) => readNpzEntry(source, member)));
  const names = members.slice(0, 5).map(({ name }) => printable(name));
  throw refused(`its archive holds no data.pkl and no .npy, but ${names.join(', ') || 'nothing'}`);
} // prettier-ignore

function readNpzEntry(archive: ByteSource, member: ZipMember): TensorEntry {
  const { name, bytes, offset, isCompressed } = member;
  if (bytes > LARGEST_NPZ_ENTRY) throw refused(`"${printable(name)}" has ${bytes} bytes`);
  const header = isCompressed
    ? readNpyHeader(peekMember(archive, member, NPY_PEEK))
    : readNpyHeader(sourceOf({ source: archive, offset, length: bytes }));
  return npyTensor(name.slice(0, -'.npy'.length), header, memberStorage(archive, member));
}

function plain(format: CheckpointFormat, tensors: readonly TensorEntry[]): CheckpointContents {
  return { format, tensors, skipped: [], inertClasses: new Map(), metadata: {} };
}

function startsWith(head: Uint8Array, magic: ArrayLike<number>): boolean {
  return Array.from(magic).every((byte, index) => head[index] === byte);
}

function isTar(head: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(head.subarray(257, 262)) === 'ustar';
}

function isHdf5(head: Uint8Array): boolean {
  return startsWith(head, [0x89, 0x48, 0x44, 0x46]);
}

/** A length that fits the file, then the brace of its header. No pickle begins like that: its second byte is a protocol. */
function looksLikeSafetensors(source: ByteSource, head: Uint8Array): boolean {
  if (head.length < 9 || head[8] !== 0x7b) return false;
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
  return length <= BigInt(source.size - 8) || head[7] === 0;
}
