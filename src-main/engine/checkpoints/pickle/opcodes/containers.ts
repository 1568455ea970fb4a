import type { PickleMachine } from '#engine/checkpoints/pickle/PickleMachine';
import type { Opcode } from '#engine/checkpoints/pickle/opcodes/opcode';
import { opcode } from '#engine/checkpoints/pickle/opcodes/opcode';
import type { PickleSequence, PickleValue } from '#engine/checkpoints/pickle/pickleValues';
import { isKind } from '#engine/checkpoints/pickle/pickleValues';

/** Opcodes of the stack, of lists, tuples, sets and dictionaries. */
export const CONTAINER_OPCODES: readonly Opcode[] = [
  opcode('(', 'MARK', (machine) => machine.mark()),
  opcode('0', 'POP', (machine) => machine.popOrMark()),
  opcode('1', 'POP_MARK', (machine) => void machine.popMark()),
  opcode('2', 'DUP', (machine) => machine.push(machine.top())),
  opcode(']', 'EMPTY_LIST', (machine) => pushSequence(machine, 'list', [])),
  opcode('l', 'LIST', (machine) => pushSequence(machine, 'list', machine.popMark())),
  opcode('a', 'APPEND', (machine) => append(machine, [machine.pop()])),
  opcode('e', 'APPENDS', (machine) => append(machine, machine.popMark())),
  opcode(')', 'EMPTY_TUPLE', (machine) => pushSequence(machine, 'tuple', [])),
  opcode('t', 'TUPLE', (machine) => pushSequence(machine, 'tuple', machine.popMark())),
  opcode(0x85, 'TUPLE1', (machine) => pushSequence(machine, 'tuple', take(machine, 1))),
  opcode(0x86, 'TUPLE2', (machine) => pushSequence(machine, 'tuple', take(machine, 2))),
  opcode(0x87, 'TUPLE3', (machine) => pushSequence(machine, 'tuple', take(machine, 3))),
  opcode(0x8f, 'EMPTY_SET', (machine) => pushSequence(machine, 'set', [])),
  opcode(0x90, 'ADDITEMS', (machine) => append(machine, machine.popMark())),
  opcode(0x91, 'FROZENSET', (machine) => pushSequence(machine, 'set', machine.popMark())),
  opcode('}', 'EMPTY_DICT', (machine) => pushDict(machine, [])),
  opcode('d', 'DICT', (machine) => pushDict(machine, machine.popMark())),
  opcode('s', 'SETITEM', (machine) => setItems(machine, take(machine, 2))),
  opcode('u', 'SETITEMS', (machine) => setItems(machine, machine.popMark())),
];

function take(machine: PickleMachine, count: number): PickleValue[] {
  const items = new Array<PickleValue>(count);
  for (let index = count - 1; index >= 0; index--) items[index] = machine.pop();
  return items;
}

function pushSequence(machine: PickleMachine, kind: PickleSequence['kind'], items: PickleValue[]): void {
  machine.spendValue();
  machine.spendItems(items.length);
  machine.push({ kind, items });
}

function pushDict(machine: PickleMachine, flat: readonly PickleValue[]): void {
  machine.spendValue();
  machine.push({ kind: 'dict', entries: [] });
  setItems(machine, flat);
}

function append(machine: PickleMachine, items: readonly PickleValue[]): void {
  const target = machine.top();
  const isGrowing = isKind(target, 'list') || isKind(target, 'set') || isKind(target, 'object');
  if (!isGrowing) throw machine.broken('adds to something that is no list');
  machine.spendItems(items.length);
  for (const item of items) target.items.push(item);
}

function setItems(machine: PickleMachine, flat: readonly PickleValue[]): void {
  const target = machine.top();
  if (!isKind(target, 'dict') && !isKind(target, 'object')) {
    throw machine.broken('sets an entry of something that is no dictionary');
  }
  if (flat.length % 2 !== 0) throw machine.broken('sets a key without a value');
  machine.spendItems(flat.length);
  for (let at = 0; at < flat.length; at += 2) target.entries.push([flat[at], flat[at + 1]]);
}
