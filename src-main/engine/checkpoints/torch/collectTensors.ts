import type { AppError } from '#common/contract/errors';
import { refused } from '#engine/checkpoints/checkpointErrors';
import type { PickleObject, PickleValue } from '#engine/checkpoints/pickle/pickleValues';
import { entriesOf, isKind, itemsOf, lookUp, nameOfGlobal } from '#engine/checkpoints/pickle/pickleValues';
import type { TensorEntry } from '#engine/checkpoints/tensorEntry';
import type { TensorSurroundings } from '#engine/checkpoints/torch/rebuildTensor';
import { rebuildTensor } from '#engine/checkpoints/torch/rebuildTensor';

/** What a pickle holds of use, and what of it is left out. */
export interface CollectedTensors {
  readonly tensors: readonly TensorEntry[];
  /** Tensors that cannot be read, with the reason: `"weight" is sparse`. */
  readonly skipped: readonly string[];
  /** Classes and functions that are only names here, with how often they occur. */
  readonly inertClasses: ReadonlyMap<string, number>;
}

const MAXIMUM_TENSORS = 200_000;
const MAXIMUM_VISITS = 1e6;
const MAXIMUM_DEPTH = 200;
const LONGEST_NAME = 500;
/** A bare tensor has no name of its own. */
const BARE_NAME = 'value';
/** The one function of StyleGAN's pickles: their classes travel as source text, which stays text. */
const PERSISTENT_OBJECT = /(^|\.)persistence\._reconstruct_persistent_obj$/;

/**
 * Finds the tensors of a pickle by walking dictionaries, lists, torch modules and what else holds members, naming
 * each by its path. Shared and cyclic structures are fine, endless ones are refused.
 *
 * @throws AppError checkpoint.refused
 */
export function collectTensors(root: PickleValue, surroundings: TensorSurroundings): CollectedTensors {
  return new Collector(surroundings).collect(root);
}

class Collector {
  readonly #surroundings: TensorSurroundings;
  readonly #tensors = new Map<string, TensorEntry>();
  readonly #skipped: string[] = [];
  readonly #inertClasses = new Map<string, number>();
  /** What is being walked, so that cycles end. */
  readonly #open = new Set<PickleValue>();
  #visits = 0;

  constructor(surroundings: TensorSurroundings) {
    this.#surroundings = surroundings;
  }

  collect(root: PickleValue): CollectedTensors {
    this.#visit(root, '');
    return {
      tensors: [...this.#tensors.values()],
      skipped: this.#skipped,
      inertClasses: this.#inertClasses,
    };
  }

  #visit(value: PickleValue | undefined, path: string): void {
    if (typeof value !== 'object' || value === null) return;
    if (++this.#visits > MAXIMUM_VISITS) throw refused('its objects refer to each other without end');
    if (this.#open.has(value)) return;
    if (this.#open.size >= MAXIMUM_DEPTH)
      throw refused(`its objects are nested deeper than ${MAXIMUM_DEPTH}`);
    this.#open.add(value);
    if (isKind(value, 'object')) this.#visitObject(value, path);
    else this.#visitMembers(value, path);
    this.#open.delete(value);
  }

  #visitMembers(value: PickleValue, path: string): void {
    for (const [key, member] of entriesOf(value) ?? []) {
      if (typeof key === 'string' || typeof key === 'number') this.#visit(member, join(path, String(key)));
    }
    itemsOf(value)?.forEach((item, index) => this.#visit(item, join(path, String(index))));
  }

  #visitObject(object: PickleObject, path: string): void {
    const tensor = this.#rebuild(object, path === '' ? BARE_NAME : path);
    if (tensor !== undefined) return;
    const called = nameOfGlobal(object.callee);
    if (called !== 'collections.OrderedDict') {
      this.#inertClasses.set(called, (this.#inertClasses.get(called) ?? 0) + 1);
    }
    this.#visitMembers(object, path);
    object.items.forEach((item, index) => this.#visit(item, join(path, String(index))));
    const state = PERSISTENT_OBJECT.test(called) ? lookUp(object.arguments[0], 'state') : object.state;
    this.#visitState(state, path);
  }

  /** The members of an object: those of a torch module under the names its state dict gives them. */
  #visitState(state: PickleValue | undefined, path: string): void {
    const modules = lookUp(state, '_modules');
    const parameters = lookUp(state, '_parameters');
    if (modules === undefined || parameters === undefined) {
      // A pair is a dictionary and what lies in slots.
      if (isKind(state, 'tuple')) for (const part of state.items) this.#visitMembers(part, path);
      else if (state !== undefined) this.#visitMembers(state, path);
      return;
    }
    this.#visit(parameters, path);
    const dropped = new Set(itemsOf(lookUp(state, '_non_persistent_buffers_set')) ?? []);
    for (const [key, buffer] of entriesOf(lookUp(state, '_buffers')) ?? []) {
      if (typeof key === 'string' && !dropped.has(key)) this.#visit(buffer, join(path, key));
    }
    this.#visit(modules, path);
  }

  /** Notes a tensor; undefined where the object is none. */
  #rebuild(object: PickleObject, name: string): TensorEntry | string | undefined {
    const made = rebuildTensor(object, this.#surroundings, name);
    if (made === undefined) return undefined;
    if (typeof made === 'string') this.#skipped.push(`"${name}" ${made}`);
    else if (this.#tensors.has(name)) this.#skipped.push(`"${name}" is there twice; the first one counts`);
    else this.#tensors.set(name, made);
    if (this.#tensors.size + this.#skipped.length > MAXIMUM_TENSORS) throw tooMany();
    return made;
  }
}

function tooMany(): AppError {
  return refused(`it holds more than ${MAXIMUM_TENSORS} tensors`);
}

function join(path: string, key: string): string {
  const joined = path === '' ? key : `${path}.${key}`;
  if (joined.length > LONGEST_NAME || /\p{Cc}/u.test(joined)) throw refused('a name in it is too long or unprintable');
  return joined;
} // prettier-ignore
