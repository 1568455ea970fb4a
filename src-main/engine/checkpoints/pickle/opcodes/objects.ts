import { printable } from '#engine/checkpoints/checkpointErrors';
import type { PickleMachine } from '#engine/checkpoints/pickle/PickleMachine';
import type { Opcode } from '#engine/checkpoints/pickle/opcodes/opcode';
import { opcode } from '#engine/checkpoints/pickle/opcodes/opcode';
import type { PickleGlobal, PickleValue } from '#engine/checkpoints/pickle/pickleValues';
import { isKind, itemsOf } from '#engine/checkpoints/pickle/pickleValues';

const LONGEST_NAME = 500;
const HIGHEST_PROTOCOL = 5;

/** Opcodes of names, calls, the memo and the frame around it all. */
export const OBJECT_OPCODES: readonly Opcode[] = [
  opcode(0x80, 'PROTO', (machine) => {
    const protocol = machine.cursor.u8();
    if (protocol > HIGHEST_PROTOCOL) throw machine.refuse(`is of protocol ${protocol}, which is not known`);
  }),
  opcode(0x95, 'FRAME', (machine) => {
    const length = machine.cursor.u64();
    const left = machine.cursor.source.size - machine.cursor.position;
    if (length > left) throw machine.broken(`frames ${length} bytes where ${left} are left`);
  }),
  opcode('.', 'STOP', (machine) => {
    machine.result = { value: machine.pop() };
  }),
  opcode('c', 'GLOBAL', (machine) => machine.push(globalLines(machine))),
  opcode(0x93, 'STACK_GLOBAL', (machine) => {
    const [name, module] = [machine.pop(), machine.pop()];
    if (typeof name !== 'string' || typeof module !== 'string') {
      throw machine.refuse('puts a name together from something else than texts');
    }
    machine.push(named(machine, module, name));
  }),
  opcode('R', 'REDUCE', (machine) => {
    const given = machine.pop();
    call(machine, machine.pop(), given);
  }),
  opcode(0x81, 'NEWOBJ', (machine) => {
    const given = machine.pop();
    call(machine, machine.pop(), given);
  }),
  opcode(0x92, 'NEWOBJ_EX', (machine) => {
    const [named, given] = [machine.pop(), machine.pop()];
    const made = call(machine, machine.pop(), given);
    if (isKind(named, 'dict')) for (const entry of named.entries) made.entries.push(entry);
  }),
  opcode('i', 'INST', (machine) => {
    const callee = globalLines(machine);
    call(machine, callee, { kind: 'tuple', items: machine.popMark() });
  }),
  opcode('o', 'OBJ', (machine) => {
    const [callee, ...items] = machine.popMark();
    if (callee === undefined) throw machine.broken('calls nothing');
    call(machine, callee, { kind: 'tuple', items });
  }),
  opcode('b', 'BUILD', (machine) => {
    const state = machine.pop();
    const target = machine.top();
    if (isKind(target, 'object')) target.state = state;
    // Attributes of dictionaries (state dicts carry `_metadata`) say nothing of tensors.
    else if (!isKind(target, 'dict')) throw machine.broken('sets the state of something that has none');
  }),
  opcode('P', 'PERSID', (machine) => reference(machine, ascii(machine.cursor.line(LONGEST_NAME)))),
  opcode('Q', 'BINPERSID', (machine) => reference(machine, machine.pop())),
  opcode('p', 'PUT', (machine) => machine.remember(memoLine(machine))),
  opcode('q', 'BINPUT', (machine) => machine.remember(machine.cursor.u8())),
  opcode('r', 'LONG_BINPUT', (machine) => machine.remember(machine.cursor.u32())),
  opcode(0x94, 'MEMOIZE', (machine) => machine.rememberNext()),
  opcode('g', 'GET', (machine) => machine.push(machine.recall(memoLine(machine)))),
  opcode('h', 'BINGET', (machine) => machine.push(machine.recall(machine.cursor.u8()))),
  opcode('j', 'LONG_BINGET', (machine) => machine.push(machine.recall(machine.cursor.u32()))),
  ...['EXT1', 'EXT2', 'EXT4'].map((name, index) =>
    opcode(0x82 + index, name, (machine) => {
      throw machine.refuse('takes a name from a registry that only the writer knows');
    }),
  ),
  ...['NEXT_BUFFER', 'READONLY_BUFFER'].map((name, index) =>
    opcode(0x97 + index, name, (machine) => {
      throw machine.refuse('takes bytes that lie outside the file');
    }),
  ),
];

function globalLines(machine: PickleMachine): PickleGlobal {
  const module = ascii(machine.cursor.line(LONGEST_NAME));
  return named(machine, module, ascii(machine.cursor.line(LONGEST_NAME)));
}

function named(machine: PickleMachine, module: string, name: string): PickleGlobal {
  const isName = (text: string): boolean => text.length <= LONGEST_NAME && /^[\p{L}\p{N}_.<>-]+$/u.test(text);
  if (!isName(module) || !isName(name)) {
    throw machine.refuse(`names "${printable(module)}" "${printable(name)}", which is no name`);
  }
  return machine.global(module, name);
}

/** Notes what would be called. Only names can be called: a call of another call's result is how attacks are built. */
function call(machine: PickleMachine, callee: PickleValue, given: PickleValue) {
  if (!isKind(callee, 'global')) throw machine.refuse('calls something that is no plain name');
  const items = itemsOf(given);
  if (items === undefined) throw machine.broken('calls with something that is no tuple');
  machine.spendValue();
  const made = { kind: 'object' as const, callee, arguments: items, items: [], entries: [] as (readonly [PickleValue, PickleValue])[], state: undefined };
  machine.push(made);
  return made;
} // prettier-ignore

function reference(machine: PickleMachine, id: PickleValue): void {
  machine.spendValue();
  const made = { kind: 'persistent' as const, id };
  machine.persistent.push(made);
  machine.push(made);
}

function memoLine(machine: PickleMachine): number {
  const text = ascii(machine.cursor.line(20));
  if (!/^\d{1,10}$/.test(text.trim())) throw machine.broken(`has the memo number "${printable(text)}"`);
  return Number(text);
}

function ascii(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
