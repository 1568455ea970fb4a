import type { ByteRange } from '#engine/checkpoints/bytes/ByteSource';
import { sourceOf } from '#engine/checkpoints/bytes/ByteSource';
import type { StoredType } from '#engine/checkpoints/elementTypes';
import type { StoredBytes } from '#engine/checkpoints/tensorEntry';
import type { PickleValue } from '#engine/checkpoints/pickle/pickleValues';
import { isKind } from '#engine/checkpoints/pickle/pickleValues';

/** Element type of torch's typed storages; `undefined` for those made of plain bytes. */
const STORAGE_TYPES: ReadonlyMap<string, StoredType | undefined> = new Map([
  ['DoubleStorage', 'F64'],
  ['FloatStorage', 'F32'],
  ['HalfStorage', 'F16'],
  ['BFloat16Storage', 'BF16'],
  ['LongStorage', 'I64'],
  ['IntStorage', 'I32'],
  ['ShortStorage', 'I16'],
  ['CharStorage', 'I8'],
  ['ByteStorage', 'U8'],
  ['BoolStorage', 'BOOL'],
  ['UntypedStorage', undefined],
]);

const TORCH_TYPES: ReadonlyMap<string, StoredType> = new Map([
  ['float64', 'F64'],
  ['double', 'F64'],
  ['float32', 'F32'],
  ['float', 'F32'],
  ['float16', 'F16'],
  ['half', 'F16'],
  ['bfloat16', 'BF16'],
  ['int64', 'I64'],
  ['long', 'I64'],
  ['int32', 'I32'],
  ['int', 'I32'],
  ['int16', 'I16'],
  ['short', 'I16'],
  ['int8', 'I8'],
  ['uint8', 'U8'],
  ['bool', 'BOOL'],
]);

const STORAGE_MODULES = new Set(['torch', 'torch.storage', 'torch.cuda']);

/** A storage that a tensor names; the type is absent where the tensor says it. */
export interface TorchStorage {
  readonly bytes: StoredBytes;
  readonly type: StoredType | undefined;
  /** Elements the tensor's offset counts from; a view of another storage begins further in. */
  readonly base: number;
}

/** Finds what a reference of a pickle stands for; `undefined` where it is no storage. */
export type StorageLookup = (id: PickleValue) => TorchStorage | undefined;

/** What `('storage', torch.FloatStorage, '12', 'cpu', 1024)` says; older files add a view. */
export interface StorageReference {
  readonly type: StoredType | undefined;
  readonly key: string;
  /** Elements; bytes where the storage is untyped. */
  readonly count: number;
  readonly view: PickleValue | undefined;
}

/** Reads a persistent id; `undefined` where it names no storage of a type that is understood. */
export function parseStorageReference(id: PickleValue): StorageReference | undefined {
  if (!isKind(id, 'tuple')) return undefined;
  const [tag, type, key, , count, view] = id.items;
  if (tag !== 'storage' || !isKind(type, 'global') || !STORAGE_MODULES.has(type.module)) return undefined;
  if (!STORAGE_TYPES.has(type.name) || typeof key !== 'string') return undefined;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) return undefined;
  return { type: STORAGE_TYPES.get(type.name), key, count, view };
}

/** The element type a name such as `torch.float16` stands for. */
export function typeOfGlobal(value: PickleValue | undefined): StoredType | undefined {
  return isKind(value, 'global') && value.module === 'torch' ? TORCH_TYPES.get(value.name) : undefined;
}

/** A part of the file as stored bytes. */
export function rangeStorage(key: string, range: ByteRange): StoredBytes {
  return {
    key,
    size: range.length,
    position: range.offset,
    open: () => Promise.resolve(sourceOf(range)),
  };
}
