import { damaged, printable, refused } from '#engine/checkpoints/checkpointErrors';
import {
  BUILTIN_MODULES,
  FORBIDDEN_MODULES,
  FORBIDDEN_NAMES,
  INERT_BUILTINS,
  INERT_NAMES,
} from '#engine/checkpoints/pickle/forbiddenGlobals.data';
import type { PickleCursor } from '#engine/checkpoints/pickle/PickleCursor';
import type { PickleGlobal, PicklePersistent, PickleValue } from '#engine/checkpoints/pickle/pickleValues';

/** What one pickle may cost. Published checkpoints stay below a hundredth of each. */
export interface PickleLimits {
  readonly opcodes: number;
  /** Containers, objects, names and strings. */
  readonly values: number;
  /** Items of all containers together. */
  readonly items: number;
  /** Characters of all strings together. */
  readonly characters: number;
  readonly stack: number;
  readonly memo: number;
}

export const PICKLE_LIMITS: PickleLimits = {
  opcodes: 50e6,
  values: 2e6,
  items: 10e6,
  characters: 64e6,
  stack: 1e6,
  memo: 2e6,
};

/** Opened brackets within each other; Python itself stops at about a thousand. */
const MAXIMUM_MARKS = 10_000;

/**
 * The stack and the memo of pickle's machine. Handlers of opcodes work on it; whatever goes wrong is told with the
 * opcode and its byte.
 */
export class PickleMachine {
  readonly cursor: PickleCursor;
  readonly #limits: PickleLimits;
  #stack: PickleValue[] = [];
  /** Stacks that were set aside by MARK. */
  readonly #marks: PickleValue[][] = [];
  readonly #memo = new Map<number, PickleValue>();
  readonly #spent = { values: 0, items: 0, characters: 0 };
  /** Set before each opcode, for messages. */
  opcode = { name: '', byte: 0 };
  result: { readonly value: PickleValue } | undefined;
  /** Every reference to the outside, in order: legacy torch files need their storages' types. */
  readonly persistent: PicklePersistent[] = [];

  constructor(cursor: PickleCursor, limits: PickleLimits) {
    this.cursor = cursor;
    this.#limits = limits;
  }

  push(value: PickleValue): void {
    if (this.#stack.length >= this.#limits.stack) throw this.refuse('its stack grows beyond all measure');
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined) throw this.broken('takes a value from an empty stack');
    return value;
  }

  top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined) throw this.broken('takes a value from an empty stack');
    return value;
  }

  mark(): void {
    if (this.#marks.length >= MAXIMUM_MARKS) throw this.refuse(`has more than ${MAXIMUM_MARKS} brackets open`);
    this.#marks.push(this.#stack);
    this.#stack = [];
  }

  /** What was pushed since the last mark. */
  popMark(): PickleValue[] {
    const items = this.#stack;
    const below = this.#marks.pop();
    if (below === undefined) throw this.broken('closes a bracket that was never opened');
    this.#stack = below;
    return items;
  }

  /** POP also takes a mark away where nothing lies above it. */
  popOrMark(): void {
    if (this.#stack.length === 0 && this.#marks.length > 0) this.popMark();
    else this.pop();
  }

  remember(id: number): void {
    if (!Number.isSafeInteger(id) || id < 0) throw this.broken(`has the memo number ${id}`);
    if (this.#memo.size >= this.#limits.memo) throw this.refuse(`remembers more than ${this.#limits.memo} values`);
    this.#memo.set(id, this.top());
  }

  /** MEMOIZE numbers by how many there are. */
  rememberNext(): void {
    this.remember(this.#memo.size);
  }

  recall(id: number): PickleValue {
    const value = this.#memo.get(id);
    if (value === undefined) throw this.broken(`recalls the memo number ${id}, which was never given`);
    return value;
  }

  /** Counts a value that takes memory of its own. */
  spendValue(characters = 0): void {
    const spent = this.#spent;
    spent.characters += characters;
    if (++spent.values > this.#limits.values) throw this.refuse(`holds more than ${this.#limits.values} values`);
    if (spent.characters > this.#limits.characters) {
      throw this.refuse(`holds more than ${Math.round(this.#limits.characters / 1e6)} MB of text`);
    }
  }

  spendItems(count: number): void {
    this.#spent.items += count;
    if (this.#spent.items > this.#limits.items) throw this.refuse(`lists more than ${this.#limits.items} items`);
  }

  /** @throws AppError checkpoint.refused for a name on the list of those that weights never need */
  global(module: string, name: string): PickleGlobal {
    const path = `${module}.${name}`;
    const reason = whyForbidden(module, name);
    if (reason !== undefined) {
      throw refused(`it names ${printable(path)} at byte ${this.opcode.byte}, ${reason}`, {
        global: printable(path),
        byte: this.opcode.byte,
        opcode: this.opcode.name,
      });
    }
    this.spendValue(path.length);
    return { kind: 'global', module, name, byte: this.opcode.byte };
  }

  /** The error of a pickle that makes no sense. */
  broken(what: string): Error {
    const { name, byte } = this.opcode;
    return damaged(`${name} at byte ${byte} ${what}`, { opcode: name, byte });
  }

  /** The error of a pickle that makes sense and is not wanted. */
  refuse(what: string): Error {
    const { name, byte } = this.opcode;
    return refused(`${name} at byte ${byte}: it ${what}`, { opcode: name, byte });
  }
} // prettier-ignore

/** Python walks dots in a name, so `torch` `os.system` is os.system: every step and every beginning is looked at. */
function whyForbidden(module: string, name: string): string | undefined {
  const path = `${module}.${name}`;
  if (BUILTIN_MODULES.has(module)) {
    return INERT_BUILTINS.has(name) ? undefined : 'which weights have no use for';
  }
  if (INERT_NAMES.has(path)) return undefined;
  if (FORBIDDEN_NAMES.has(path)) return 'which weights have no use for';
  const steps = path.split('.');
  if (name.includes('.') && steps.some((step) => FORBIDDEN_MODULES.has(step)))
    return 'a detour to system calls';
  const isForbidden = steps.some((_, index) => FORBIDDEN_MODULES.has(steps.slice(0, index + 1).join('.')));
  return isForbidden ? 'which weights have no use for' : undefined;
}
