import type { ByteSource } from '#engine/checkpoints/bytes/ByteSource';
import { damaged, printable, refused } from '#engine/checkpoints/checkpointErrors';
import { ELEMENT_BYTES } from '#engine/checkpoints/elementTypes';
import type { PicklePersistent, PickleValue } from '#engine/checkpoints/pickle/pickleValues';
import { itemsOf, lookUp } from '#engine/checkpoints/pickle/pickleValues';
import { readPickle } from '#engine/checkpoints/pickle/readPickle';
import type { StorageLookup, TorchStorage } from '#engine/checkpoints/torch/storages';
import { parseStorageReference, rangeStorage } from '#engine/checkpoints/torch/storages';

/** First pickle of a file of torch before 1.6. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** A legacy file: its object, and how to find the storages it names. */
export interface LegacyTorch {
  readonly value: PickleValue;
  readonly findStorage: StorageLookup;
}

/** Whether the first pickle of a file was torch's magic number. */
export function isLegacyMagic(value: PickleValue): boolean {
  return value === MAGIC;
}

/**
 * Reads torch's format before 1.6: magic number, protocol, facts of the machine, the object, the storages' keys, then
 * each storage as an element count and its elements. Tensors in StyleGAN's pickles contain files of this kind.
 *
 * @param label tells storages of different files apart
 * @throws AppError checkpoint.damaged, checkpoint.refused
 */
export function readLegacyTorch(source: ByteSource, label: string): LegacyTorch {
  const magic = readPickle(source);
  if (!isLegacyMagic(magic.value)) throw refused('what should be a torch file does not begin like one');
  const protocol = readPickle(source, magic.end);
  if (protocol.value !== PROTOCOL) throw refused('its torch protocol is not known');
  const facts = readPickle(source, protocol.end);
  if (lookUp(facts.value, 'little_endian') === false) throw refused('it was written on a big-endian machine');
  const object = readPickle(source, facts.end);
  const keys = readPickle(source, object.end);
  const storages = locateStorages(source, keys.end, itemsOf(keys.value), object.persistent, label);
  return {
    value: object.value,
    findStorage: (id) => {
      const reference = parseStorageReference(id);
      return reference === undefined ? undefined : withView(reference.view, storages.get(reference.key));
    },
  };
} // prettier-ignore

function locateStorages(
  source: ByteSource,
  start: number,
  keys: readonly PickleValue[] | undefined,
  persistent: readonly PicklePersistent[],
  label: string,
): ReadonlyMap<string, TorchStorage> {
  const references = new Map(
    persistent.flatMap(({ id }) => {
      const reference = parseStorageReference(id);
      return reference === undefined ? [] : [[reference.key, reference] as const];
    }),
  );
  const storages = new Map<string, TorchStorage>();
  let at = start;
  for (const key of keys ?? []) {
    const reference = typeof key === 'string' ? references.get(key) : undefined;
    if (reference === undefined || typeof key !== 'string') {
      // Without its type nobody knows how long it is, so nothing behind it can be found.
      throw refused(
        `it holds a storage "${typeof key === 'string' ? printable(key) : 'without a name'}" of a type that is not understood`,
      );
    }
    if (storages.has(key)) throw damaged(`it lists the storage "${printable(key)}" twice`);
    const head = source.read(at, 8);
    const count = new DataView(head.buffer).getBigUint64(0, true);
    const elementBytes = reference.type === undefined ? 1 : ELEMENT_BYTES[reference.type];
    const length = Number(count) * elementBytes;
    if (!Number.isSafeInteger(length) || at + 8 + length > source.size) {
      throw damaged(`the storage "${printable(key)}" ends beyond the file`);
    }
    const bytes = rangeStorage(`${label} ${key}`, { source, offset: at + 8, length });
    storages.set(key, { bytes, type: reference.type, base: 0 });
    at += 8 + length;
  }
  return storages;
}

/** Very old files let a storage be a part of the one they hold: `(key, offset, size)`. */
function withView(
  view: PickleValue | undefined,
  storage: TorchStorage | undefined,
): TorchStorage | undefined {
  const parts = itemsOf(view);
  if (parts === undefined || storage === undefined) return storage;
  const offset = parts[1];
  return typeof offset === 'number' && offset >= 0 ? { ...storage, base: offset } : undefined;
}
