import type { PickleObject, PickleValue } from '#engine/checkpoints/pickle/pickleValues';
import { isKind, itemsOf, nameOfGlobal } from '#engine/checkpoints/pickle/pickleValues';
import { readNumpyArray } from '#engine/checkpoints/numpy/pickledArray';
import type { TensorEntry } from '#engine/checkpoints/tensorEntry';
import { checkedTensor } from '#engine/checkpoints/tensorEntry';
import type { StorageLookup, TorchStorage } from '#engine/checkpoints/torch/storages';
import { typeOfGlobal } from '#engine/checkpoints/torch/storages';

/** How storages are found from where the pickle lies. */
export interface TensorSurroundings {
  readonly findStorage: StorageLookup;
  /** A storage that was pickled inside the pickle (`torch.storage._load_from_bytes`). */
  readonly readEmbedded: (object: PickleObject) => TorchStorage | undefined;
}

/** Tensors around tensors: a parameter holds a tensor, a subclass call holds both. */
const MAXIMUM_WRAPPING = 8;

/** Functions that give a tensor we cannot express, with the reason. */
const NOT_PLAIN: ReadonlyMap<string, string> = new Map([
  ['torch._utils._rebuild_sparse_tensor', 'is sparse'],
  ['torch._utils._rebuild_qtensor', 'is quantised'],
  ['torch._utils._rebuild_nested_tensor', 'is a nested tensor'],
  ['torch._utils._rebuild_meta_tensor_no_storage', 'has no values'],
  ['torch._utils._rebuild_wrapper_subclass', 'is of a class of its own'],
  ['torch._utils._rebuild_device_tensor_from_numpy', 'belongs to another device'],
]);

/**
 * The tensor an object of a pickle stands for, without loading it; a reason where it is a tensor of a kind that is
 * not understood; `undefined` where it is something else.
 *
 * @throws AppError checkpoint.damaged, checkpoint.refused
 */
export function rebuildTensor(
  object: PickleObject,
  surroundings: TensorSurroundings,
  name: string,
  depth = 0,
): TensorEntry | string | undefined {
  if (depth > MAXIMUM_WRAPPING) return undefined;
  const inner = (value: PickleValue | undefined): TensorEntry | string | undefined =>
    isKind(value, 'object') ? rebuildTensor(value, surroundings, name, depth + 1) : undefined;
  const { callee, arguments: given } = object;
  const called = nameOfGlobal(callee);
  switch (called) {
    case 'torch._utils._rebuild_parameter':
    case 'torch._utils._rebuild_parameter_with_state':
      return inner(given[0]);
    case 'torch._tensor._rebuild_from_type':
    case 'torch._tensor._rebuild_from_type_v2': {
      const [callee, , items] = given;
      if (!isKind(callee, 'global')) return undefined;
      return inner({ ...object, callee, arguments: itemsOf(items) ?? [] });
    }
    case 'torch._utils._rebuild_tensor':
    case 'torch._utils._rebuild_tensor_v2':
    case 'torch._utils._rebuild_tensor_v3':
      return plainTensor(object, surroundings, name);
    default: {
      if (NOT_PLAIN.has(called)) return NOT_PLAIN.get(called);
      return readNumpyArray(object, name);
    }
  }
}

function plainTensor(
  { arguments: given, callee }: PickleObject,
  surroundings: TensorSurroundings,
  name: string,
): TensorEntry | string {
  const [storageValue, offset, shape, strides] = given;
  const storage = storageOf(storageValue, surroundings);
  if (storage === undefined) return 'is stored in a way that is not understood';
  const type = (callee.name === '_rebuild_tensor_v3' ? typeOfGlobal(given[6]) : undefined) ?? storage.type;
  if (type === undefined) return 'has elements of a type that is not understood';
  const [shapeItems, strideItems] = [numbersOf(shape), numbersOf(strides)];
  if (shapeItems === undefined || strideItems === undefined || typeof offset !== 'number') {
    return 'has a shape that is no list of numbers';
  }
  return checkedTensor({ name, type, shape: shapeItems, strides: strideItems, offset: storage.base + offset, storage: storage.bytes });
} // prettier-ignore

function storageOf(
  value: PickleValue | undefined,
  { findStorage, readEmbedded }: TensorSurroundings,
): TorchStorage | undefined {
  if (isKind(value, 'persistent')) return findStorage(value.id);
  if (isKind(value, 'object')) return readEmbedded(value);
  return undefined;
}

/** Sizes as a tuple, or as `torch.Size(...)` of one. */
function numbersOf(value: PickleValue | undefined): readonly number[] | undefined {
  const isSize = isKind(value, 'object') && nameOfGlobal(value.callee) === 'torch.Size';
  const items = itemsOf(isSize ? value.arguments[0] : value);
  return items?.every((item) => typeof item === 'number') === true ? items : undefined;
}
