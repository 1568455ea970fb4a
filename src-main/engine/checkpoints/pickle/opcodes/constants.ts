import { isUtf8 } from 'node:buffer';
import type { PickleMachine } from '#engine/checkpoints/pickle/PickleMachine';
import type { Opcode } from '#engine/checkpoints/pickle/opcodes/opcode';
import { opcode } from '#engine/checkpoints/pickle/opcodes/opcode';
import { parseQuoted, parseRawUnicode } from '#engine/checkpoints/pickle/pythonText';

/** Digits of a number written as text. */
const LONGEST_NUMBER = 400;
const LONGEST_LINE = 1e6;
/** Bytes of a whole number; torch's magic one has ten. */
const LONGEST_INTEGER = 64;
/** Longer strings of bytes are data and stay in the file. */
const LONGEST_TEXT = 32e6;

/** Opcodes that push a constant. */
export const CONSTANT_OPCODES: readonly Opcode[] = [
  opcode('N', 'NONE', (machine) => machine.push(null)),
  opcode(0x88, 'NEWTRUE', (machine) => machine.push(true)),
  opcode(0x89, 'NEWFALSE', (machine) => machine.push(false)),
  opcode('J', 'BININT', (machine) => machine.push(machine.cursor.i32())),
  opcode('K', 'BININT1', (machine) => machine.push(machine.cursor.u8())),
  opcode('M', 'BININT2', (machine) => machine.push(machine.cursor.u16())),
  opcode('I', 'INT', (machine) => machine.push(integerLine(machine, true))),
  opcode('L', 'LONG', (machine) => machine.push(integerLine(machine, false))),
  opcode(0x8a, 'LONG1', (machine) => machine.push(longInteger(machine, machine.cursor.u8()))),
  opcode(0x8b, 'LONG4', (machine) => machine.push(longInteger(machine, machine.cursor.u32()))),
  opcode('F', 'FLOAT', (machine) => machine.push(floatLine(machine))),
  opcode('G', 'BINFLOAT', (machine) => machine.push(machine.cursor.f64())),
  opcode('V', 'UNICODE', (machine) => pushText(machine, parseRawUnicode(line(machine)))),
  opcode(0x8c, 'SHORT_BINUNICODE', (machine) => pushUtf8(machine, machine.cursor.u8())),
  opcode('X', 'BINUNICODE', (machine) => pushUtf8(machine, machine.cursor.u32())),
  opcode(0x8d, 'BINUNICODE8', (machine) => pushUtf8(machine, machine.cursor.u64())),
  opcode('S', 'STRING', (machine) => pushQuoted(machine)),
  opcode('U', 'SHORT_BINSTRING', (machine) => pushLatin(machine, machine.cursor.u8())),
  opcode('T', 'BINSTRING', (machine) => pushLatin(machine, machine.cursor.u32())),
  opcode('C', 'SHORT_BINBYTES', (machine) => pushBytes(machine, machine.cursor.u8())),
  opcode('B', 'BINBYTES', (machine) => pushBytes(machine, machine.cursor.u32())),
  opcode(0x8e, 'BINBYTES8', (machine) => pushBytes(machine, machine.cursor.u64())),
  opcode(0x96, 'BYTEARRAY8', (machine) => pushBytes(machine, machine.cursor.u64())),
];

function line(machine: PickleMachine): Uint8Array {
  return machine.cursor.line(LONGEST_LINE);
}

function integerLine(machine: PickleMachine, hasBooleans: boolean): number | bigint | boolean {
  const text = latin(machine.cursor.line(LONGEST_NUMBER)).trim();
  if (hasBooleans && (text === '00' || text === '01')) return text === '01';
  const digits = text.replace(/L$/, '');
  if (!/^[+-]?\d{1,300}$/.test(digits)) throw machine.broken('holds no whole number');
  return asInteger(BigInt(digits));
}

function floatLine(machine: PickleMachine): number {
  const text = latin(machine.cursor.line(LONGEST_NUMBER)).trim().toLowerCase();
  const special = { inf: Infinity, '-inf': -Infinity, nan: NaN }[text];
  const value = special ?? Number(text);
  if (text === '' || (special === undefined && Number.isNaN(value))) throw machine.broken('holds no number');
  return value;
}

/** Two's complement, lowest byte first. */
function longInteger(machine: PickleMachine, length: number): number | bigint {
  if (length > LONGEST_INTEGER) throw machine.refuse(`holds a whole number of ${length} bytes`);
  const bytes = machine.cursor.bytes(length);
  let value = 0n;
  for (let at = length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at]);
  return asInteger(length > 0 && bytes[length - 1] >= 0x80 ? value - (1n << BigInt(8 * length)) : value);
}

function asInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function pushText(machine: PickleMachine, text: string): void {
  machine.spendValue(text.length);
  machine.push(text);
}

function pushUtf8(machine: PickleMachine, length: number): void {
  if (length > LONGEST_TEXT) throw machine.refuse(`holds a text of ${length} bytes`);
  const bytes = machine.cursor.bytes(length);
  // Python writes lone surrogates too ("surrogatepass"); they are no part of names, so any replacement will do.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: isUtf8(bytes) });
  pushText(machine, decoder.decode(bytes));
}

function pushQuoted(machine: PickleMachine): void {
  const text = parseQuoted(line(machine));
  if (text === undefined) throw machine.broken('holds a text without its quotes');
  pushText(machine, text);
}

function pushLatin(machine: PickleMachine, length: number): void {
  if (length > LONGEST_TEXT) throw machine.refuse(`holds a text of ${length} bytes`);
  pushText(machine, latin(machine.cursor.bytes(length)));
}

function pushBytes(machine: PickleMachine, length: number): void {
  machine.spendValue();
  machine.push({ kind: 'bytes', range: machine.cursor.range(length) });
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
