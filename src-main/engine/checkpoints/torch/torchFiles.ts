import type { ByteSource } from '#engine/checkpoints/bytes/ByteSource';
import { bytesSource, sourceOf } from '#engine/checkpoints/bytes/ByteSource';
import { damaged, refused } from '#engine/checkpoints/checkpointErrors';
import type { CheckpointContents } from '#engine/checkpoints/openCheckpoint';
import { bytesOf } from '#engine/checkpoints/numpy/pickledArray';
import type { PickleObject, PickleValue } from '#engine/checkpoints/pickle/pickleValues';
import { isKind, nameOfGlobal } from '#engine/checkpoints/pickle/pickleValues';
import { readPickle } from '#engine/checkpoints/pickle/readPickle';
import { collectTensors } from '#engine/checkpoints/torch/collectTensors';
import { isLegacyMagic, readLegacyTorch } from '#engine/checkpoints/torch/legacyTorch';
import type { TorchStorage } from '#engine/checkpoints/torch/storages';
import { parseStorageReference } from '#engine/checkpoints/torch/storages';
import type { ZipMember } from '#engine/checkpoints/zip/readZipDirectory';
import { memberStorage, readMember } from '#engine/checkpoints/zip/zipContents';

type PickledContents = Omit<CheckpointContents, 'metadata'>;

/** The pickle of a torch zip lists tensors, it does not hold them. */
const LARGEST_INDEX = 64e6;

/**
 * A torch file since 1.6: a zip with `data.pkl` and one entry per storage under `data/`.
 * @throws AppError checkpoint.damaged, checkpoint.refused
 */
export function readTorchZip(archive: ByteSource, members: readonly ZipMember[], index: ZipMember): PickledContents {
  const folder = index.name.slice(0, -'data.pkl'.length);
  const byName = new Map(members.map((member) => [member.name, member]));
  const order = byName.get(`${folder}byteorder`);
  if (order !== undefined && new TextDecoder().decode(readMember(archive, order, 100)).trim() !== 'little') {
    throw refused('it was written on a big-endian machine');
  }
  const { value } = readPickle(bytesSource(readMember(archive, index, LARGEST_INDEX)));
  const findStorage = (id: PickleValue): TorchStorage | undefined => {
    const reference = parseStorageReference(id);
    if (reference === undefined) return undefined;
    const member = byName.get(`${folder}data/${reference.key}`);
    if (member === undefined) throw damaged(`its storage ${reference.key.slice(0, 40)} is missing`);
    return { bytes: memberStorage(archive, member), type: reference.type, base: 0 };
  };
  return { format: 'torch', ...collectTensors(value, { findStorage, readEmbedded: () => undefined }) };
} // prettier-ignore

/**
 * A file that is a pickle: torch before 1.6, or any object of Python's, whose tensors are then small torch files
 * inside it (StyleGAN, `ws_avg.pkl`) or numpy arrays.
 * @throws AppError checkpoint.damaged, checkpoint.refused
 */
export function readPickleFile(source: ByteSource): PickledContents {
  const first = readPickle(source);
  if (isLegacyMagic(first.value)) {
    const { value, findStorage } = readLegacyTorch(source, 'legacy');
    const surroundings = { findStorage, readEmbedded: () => undefined };
    return { format: 'torch before 1.6', ...collectTensors(value, surroundings) };
  }
  const embedded = new Map<PickleObject, TorchStorage | undefined>();
  const readEmbedded = (object: PickleObject): TorchStorage | undefined => {
    // Shared storages are one object that several tensors recall.
    if (!embedded.has(object)) embedded.set(object, readEmbeddedStorage(object, embedded.size));
    return embedded.get(object);
  };
  return { format: 'pickle', ...collectTensors(first.value, { findStorage: () => undefined, readEmbedded }) };
} // prettier-ignore

/** `torch.storage._load_from_bytes(b'...')`: a torch file of the old kind whose object is one storage. */
function readEmbeddedStorage(object: PickleObject, index: number): TorchStorage | undefined {
  if (nameOfGlobal(object.callee) !== 'torch.storage._load_from_bytes') return undefined;
  const range = bytesOf(object.arguments[0]);
  if (range === undefined) return undefined;
  const { value, findStorage } = readLegacyTorch(sourceOf(range), `storage ${index}`);
  const storage = isKind(value, 'persistent') ? findStorage(value.id) : undefined;
  if (storage === undefined) return undefined;
  // Positions count from the start of the embedded file.
  const bytes = { ...storage.bytes, position: range.offset + storage.bytes.position };
  return { ...storage, bytes };
}
